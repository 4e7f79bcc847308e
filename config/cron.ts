import type { ValueProblem } from "./problem";

const ALLOWED =
  "five fields: minute, hour, day of month, month, day of week (0 to 6, or sun to sat); or @hourly, @daily, @weekly, @monthly, @yearly, @every 6h";
const DESCRIPTORS = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];
/** An interval in hours, minutes and seconds, as Go's `time.ParseDuration` reads it. */
const EVERY = /^@every (?:\d{1,9}(?:\.\d{0,9})?[hms])+$/;
const TIME_ZONE = /^(?:CRON_)?TZ=/;
/** Days of each month in a leap year. */
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** Maximum length of a schedule in characters; this project's choice. No realistic schedule is longer. */
const MAX_SCHEDULE_CHARACTERS = 200;

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly words?: readonly string[];
}

const FIELDS: readonly Field[] = [
  { name: "minute", min: 0, max: 59 },
  { name: "hour", min: 0, max: 23 },
  { name: "day of month", min: 1, max: 31 },
  {
    name: "month",
    min: 1,
    max: 12,
    words: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
  },
  { name: "day of week", min: 0, max: 6, words: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] },
];

/**
 * Checks the schedule of a CronJob, which Kubernetes parses with robfig/cron (v3, `parser.go`, ParseStandard): Sunday is 0, never 7. Time
 * zones are not supported: Kubernetes has a separate field for them (CronJob `spec.timeZone`), and the configuration does not.
 */
export function cronProblem(text: string): ValueProblem | undefined {
  const problem = (wrong: string): ValueProblem => ({ wrong, allowed: ALLOWED });
  if (text.length > MAX_SCHEDULE_CHARACTERS) return problem(`has ${text.length} characters`);
  if (TIME_ZONE.test(text)) return problem("names a time zone, but the cluster's schedules are in UTC");
  if (text.startsWith("@")) return DESCRIPTORS.includes(text) || EVERY.test(text) ? undefined : problem("is not one of cron's words");
  const fields = text.split(/[ \t]+/).filter((field) => field !== "");
  if (fields.length !== FIELDS.length) return problem(`has ${fields.length} field${fields.length === 1 ? "" : "s"}, but cron has five`);
  const values = FIELDS.map((field, index) => valuesOf(fields[index], field));
  const bad = values.findIndex((each) => each === undefined);
  if (bad >= 0) return problem(`has ${JSON.stringify(fields[bad])} for the ${FIELDS[bad].name}`);
  const [, , days = [], months = []] = values;
  const weekdaysCount = !/^[*?](?:\/1)?$/.test(fields[4]);
  // If a schedule restricts the day of the week as well, one matching field is enough, so every day of the month is possible.
  if (!weekdaysCount && !months.some((month) => days.some((day) => day <= DAYS[month - 1])))
    return problem("names a day that none of the given months has");
  return undefined;
}

/** The cron expressions that words such as @daily mean (robfig/cron, v3, `parser.go`: parseDescriptor). */
const MEANINGS: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};
const MINUTES_PER_DAY = 24 * 60;
/** Number of days in 28 years, after which weekdays and leap years repeat. */
const DAYS_OF_CALENDAR = 28 * 365.25;

/**
 * The longest gap between two consecutive times of a schedule, in minutes. Only for a schedule in which {@link cronProblem} finds no
 * problem, and that does not restrict both the day of the month and the day of the week.
 */
export function longestGapMinutes(text: string): number {
  const seconds = intervalSeconds(text);
  if (seconds !== undefined) return Math.ceil(seconds / 60);
  const [minutes, hours, days, months, weekdays] = valuesOfFields(text).map((values) => new Set(values));
  const times = [...hours].flatMap((hour) => [...minutes].map((minute) => hour * 60 + minute)).sort((one, other) => one - other);
  const moments: number[] = [];
  for (let day = 0; day <= DAYS_OF_CALENDAR * 2; day++) {
    const date = new Date(Date.UTC(2000, 0, 1 + day));
    if (months.has(date.getUTCMonth() + 1) && days.has(date.getUTCDate()) && weekdays.has(date.getUTCDay())) moments.push(day);
  }
  const within = times.slice(1).map((time, index) => time - times[index]);
  const between = moments.slice(1).map((day, index) => (day - moments[index]) * MINUTES_PER_DAY + times[0] - (times.at(-1) ?? 0));
  return [...within, ...between].reduce((longest, gap) => Math.max(longest, gap), 0);
}

/**
 * Whether a schedule restricts both the day of the month and the day of the week. Only for a schedule in which {@link cronProblem} finds no
 * problem.
 */
export function restrictsBothDays(text: string): boolean {
  if (intervalSeconds(text) !== undefined) return false;
  const sizes = valuesOfFields(text).map((values) => new Set(values).size);
  return [2, 4].every((index) => sizes[index] < FIELDS[index].max - FIELDS[index].min + 1);
}

/** The seconds of an interval such as `@every 6h`; undefined for other schedules. */
export function intervalSeconds(text: string): number | undefined {
  if (!EVERY.test(text)) return undefined;
  const seconds = { h: 3600, m: 60, s: 1 } as const;
  return [...text.matchAll(/(\d{1,9}(?:\.\d{0,9})?)([hms])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * seconds[unit as "h"],
    0,
  );
}

/** The values of each field of a valid schedule. */
function valuesOfFields(text: string): number[][] {
  const fields = (MEANINGS[text] ?? text).split(/[ \t]+/).filter((field) => field !== "");
  return FIELDS.map((field, index) => valuesOf(fields[index], field) ?? []);
}

/** The values of a field; undefined if the text is invalid. */
function valuesOf(text: string, field: Field): number[] | undefined {
  const parts = text.split(",").map((part) => partOf(part, field));
  return parts.includes(undefined) ? undefined : parts.flatMap((part) => part ?? []);
}

/** The values of `*`, `5`, `1-5` or `sun`, each with an optional `/step`. */
function partOf(text: string, { min, max, words = [] }: Field): number[] | undefined {
  const [, range = "", step = "1"] = /^([^/]+)(?:\/(\d{1,9}))?$/.exec(text) ?? [];
  if (range === "" || Number(step) === 0) return undefined;
  const ends = "*?".includes(range) ? [min, max] : range.split("-").map((end) => numberOf(end, min, words));
  // A single number with a step means: up to the field's maximum.
  if (ends.length === 1) ends.push(text.includes("/") ? max : ends[0]);
  const [first, last] = ends;
  if (ends.length !== 2 || !(first >= min && last <= max && first <= last)) return undefined;
  return Array.from({ length: Math.floor((last - first) / Number(step)) + 1 }, (_, index) => first + index * Number(step));
}

function numberOf(text: string, min: number, words: readonly string[]): number {
  const word = words.indexOf(text.toLowerCase());
  if (word >= 0) return word + min;
  return /^\d{1,9}$/.test(text) ? Number(text) : NaN;
}
