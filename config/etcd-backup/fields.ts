import { type Calendar, hasTimeAfter, hasTimesCloserThan, parseCalendar } from "./calendar";
import type { ValueProblem } from "../problem";

/** Minimum minutes between two scheduled times: a control plane node that takes over after 15 minutes needs time for its backup. */
const MIN_MINUTES_BETWEEN_BACKUPS = 30;

/** Checks a backup schedule; `now` is in milliseconds since 1970. */
export function calendarProblem(text: string, now: number = Date.now()): ValueProblem | undefined {
  let calendar: Calendar;
  try {
    calendar = parseCalendar(text.trim());
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return problem(text, `is not a systemd calendar expression: ${error.message}`);
  }
  if (!hasTimeAfter(calendar, now)) return problem(text, "names only times in the past");
  return hasTimesCloserThan(MIN_MINUTES_BETWEEN_BACKUPS, calendar, now)
    ? problem(text, `has times that are less than ${MIN_MINUTES_BETWEEN_BACKUPS} minutes apart`)
    : undefined;
}

function problem(text: string, wrong: string): ValueProblem {
  const shown = text.slice(0, 60).replaceAll(/[^\w *,./:-]/g, "");
  return {
    wrong,
    fix: `pulumi config set etcdBackupSchedule '*-*-* 02:30' for every night; \`systemd-analyze calendar '${shown}'\` explains an expression`,
  };
}
