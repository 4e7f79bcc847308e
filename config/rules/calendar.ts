import type { Flaw } from "../finding";

/**
 * Calendar expressions as systemd.time(7) has them, of which this is what a backup needs: `[weekdays] [[year-]month-day] [hour:minute[:second]] [UTC]`,
 * with `*`, lists, ranges and repetitions, and the words. Not the last days of a month (`~`) and fractions of a second.
 */
const WORDS: Readonly<Partial<Record<string, string>>> = {
  hourly: "*-*-* *:00:00",
  daily: "*-*-* 00:00:00",
  weekly: "Mon *-*-* 00:00:00",
  monthly: "*-*-01 00:00:00",
  quarterly: "*-01,04,07,10-01 00:00:00",
  semiannually: "*-01,07-01 00:00:00",
  yearly: "*-01-01 00:00:00",
  annually: "*-01-01 00:00:00",
};

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const FULL_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/** Minutes between two slots, at least: a master that takes over after 15 must have time. */
const LEAST_MINUTES = 30;

const FORM =
  /^(?:(?<days>[a-z][a-z,.]*)(?:\s+|$))?(?:(?<date>[\d*,./]+(?:-[\d*,./]+){1,2})(?:\s+|$))?(?<time>[\d*,./]+:[\d*,./]+(?::[\d*,./]+)?)?$/i;

/** What is wrong with a text as the schedule of backups. */
export function calendarFlaw(text: string): Flaw | undefined {
  const zoneless = text.replace(/\s+UTC$/i, "");
  const expression = (WORDS[zoneless.toLowerCase()] ?? zoneless).trim();
  const { days, date, time } = (FORM.exec(expression)?.groups ?? {}) as Partial<Record<"days" | "date" | "time", string>>;
  if (expression === "" || [days, date, time].every((part) => part === undefined)) return bad(text, reasonFor(text));
  if (days !== undefined && !days.split(",").every(isDayRange)) return bad(text, `${days} is no weekday such as Mon, Mon..Fri or Sat,Sun`);
  const [year, month, day] = [...(date?.split("-").length === 3 ? [] : ["*"]), ...(date ?? "*-*").split("-")];
  const [hour, minute, second] = [...(time ?? "00:00").split(":"), "00"];
  const fields: [string, string, number, number][] = [
    ["year", year, 1970, 2199],
    ["month", month, 1, 12],
    ["day", day, 1, 31],
    ["hour", hour, 0, 23],
    ["minute", minute, 0, 59],
    ["second", second, 0, 59],
  ];
  for (const [name, field, least, most] of fields) {
    if (valuesOf(field, least, most) === undefined) return bad(text, `${field} is no ${name}, which is from ${least} to ${most}`);
  }
  if ((valuesOf(second, 0, 59) ?? []).length > 1 || closest(valuesOf(hour, 0, 23) ?? [], valuesOf(minute, 0, 59) ?? []) < LEAST_MINUTES)
    return bad(text, `has times with less than ${LEAST_MINUTES} minutes between them`, "");
  return undefined;
}

function bad(text: string, reason: string, prefix = "is no systemd calendar expression: "): Flaw {
  return {
    wrong: `${prefix}${reason}`,
    fix: `pulumi config set etcdBackupSchedule '*-*-* 02:30' for every night; \`systemd-analyze calendar '${text.replaceAll(/[^\w *,./:-]/g, "")}'\` shows what an expression means`,
  };
}

function reasonFor(text: string): string {
  if (/^([\d*,/-]+\s+){4}[\w*,/-]+$/.test(text.trim())) return "it has the form of cron's";
  if (/\d+\s*(s|sec|m|min|h|hours?|days?)$/i.test(text)) return "it is a span of time";
  if (text.includes("~")) return "days counted from the month's end (~) are not taken here";
  return "wanted is [weekdays] [year-month-day] hour:minute, in UTC";
}

function isDayRange(item: string): boolean {
  return item.split("..").every((name) => DAYS.includes(name.toLowerCase()) || FULL_DAYS.includes(name.toLowerCase()));
}

/** The values that a field such as `*`, `1,2`, `1..5` or `0/6` stands for; undefined when it isn't one. */
function valuesOf(field: string, least: number, most: number): readonly number[] | undefined {
  const values = new Set<number>();
  for (const item of field.split(",")) {
    const { from, to, step } = (/^(?<from>\*|\d+)(?:\.\.(?<to>\d+))?(?:\/(?<step>\d+))?$/.exec(item)?.groups ?? {}) as Partial<
      Record<"from" | "to" | "step", string>
    >;
    if (from === undefined || (from === "*" && to !== undefined) || Number(step ?? 1) === 0) return undefined;
    const first = from === "*" ? least : Number(from);
    const last = to !== undefined ? Number(to) : from === "*" || step !== undefined ? most : first;
    if (first < least || last > most || first > last) return undefined;
    for (let value = first; value <= last; value += Number(step ?? 1)) values.add(value);
  }
  return [...values].sort((one, other) => one - other);
}

/** Minutes between the two times of a day, or over midnight, that are closest. */
function closest(hours: readonly number[], minutes: readonly number[]): number {
  const times = hours.flatMap((hour) => minutes.map((minute) => hour * 60 + minute));
  return Math.min(...times.map((time, index) => (index + 1 < times.length ? times[index + 1] : times[0] + 24 * 60) - time));
}
