import { type Calendar, comesAfter, hasTimesCloserThan, parseCalendar } from "../calendar";
import type { Flaw } from "../finding";

/** Minutes between two slots, at least: a master that takes over after 15 must have time. */
const LEAST_MINUTES = 30;

/** What is wrong with a text as the schedule of backups, at a moment (milliseconds since 1970). */
export function calendarFlaw(text: string, now: number = Date.now()): Flaw | undefined {
  let calendar: Calendar;
  try {
    calendar = parseCalendar(text.trim());
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return flaw(text, `is no systemd calendar expression: ${error.message}`);
  }
  if (!comesAfter(calendar, now)) return flaw(text, "names no time that is still to come");
  return hasTimesCloserThan(LEAST_MINUTES, calendar, now)
    ? flaw(text, `has times with less than ${LEAST_MINUTES} minutes between them`)
    : undefined;
}

function flaw(text: string, wrong: string): Flaw {
  const shown = text.slice(0, 60).replaceAll(/[^\w *,./:-]/g, "");
  return {
    wrong,
    fix: `pulumi config set etcdBackupSchedule '*-*-* 02:30' for every night; \`systemd-analyze calendar '${shown}'\` shows what an expression means`,
  };
}
