import type { Flaw } from "../finding";

const ALLOWED =
  "five fields: minute, hour, day of month, month, day of week (0 to 6, or sun to sat); or @hourly, @daily, @weekly, @monthly, @yearly, @every 6h";
const DESCRIPTORS = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];
/** Go, `time.ParseDuration`, in hours, minutes and seconds. */
const EVERY = /^@every (?:\d{1,9}(?:\.\d{0,9})?[hms])+$/;
const TIME_ZONE = /^(?:CRON_)?TZ=/;
/** Days of the months, with a leap year's February. */
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** No schedule is longer; this project's choice. */
const MOST_CHARACTERS = 200;

interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly words?: readonly string[];
}

const FIELDS: readonly Field[] = [
  { name: "minute", least: 0, most: 59 },
  { name: "hour", least: 0, most: 23 },
  { name: "day of month", least: 1, most: 31 },
  {
    name: "month",
    least: 1,
    most: 12,
    words: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
  },
  { name: "day of week", least: 0, most: 6, words: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] },
];

/**
 * What is wrong with a text as the schedule of a CronJob, which Kubernetes reads with robfig/cron (v3, `parser.go`, ParseStandard): Sunday is 0 and never 7.
 * A time zone belongs into a field of its own (Kubernetes, CronJob `spec.timeZone`), which the configuration doesn't have.
 */
export function cronFlaw(text: string): Flaw | undefined {
  const flaw = (wrong: string): Flaw => ({ wrong, allowed: ALLOWED });
  if (text.length > MOST_CHARACTERS) return flaw(`has ${text.length} characters`);
  if (TIME_ZONE.test(text)) return flaw("names a time zone; the cluster's schedules are in UTC");
  if (text.startsWith("@")) return DESCRIPTORS.includes(text) || EVERY.test(text) ? undefined : flaw("is not one of cron's words");
  const fields = text.split(/[ \t]+/).filter((field) => field !== "");
  if (fields.length !== FIELDS.length) return flaw(`has ${fields.length} field${fields.length === 1 ? "" : "s"}, and cron five`);
  const values = FIELDS.map((field, index) => valuesOf(fields[index], field));
  const bad = values.findIndex((each) => each === undefined);
  if (bad >= 0) return flaw(`has ${JSON.stringify(fields[bad])} for the ${FIELDS[bad].name}`);
  const [, , days = [], months = []] = values;
  const weekdaysCount = !/^[*?](?:\/1)?$/.test(fields[4]);
  // With a day of the week, too, either of the two is enough.
  if (!weekdaysCount && !months.some((month) => days.some((day) => day <= DAYS[month - 1])))
    return flaw("names a day that none of its months has");
  return undefined;
}

/** The values of a field, or undefined where it isn't one. */
function valuesOf(text: string, field: Field): number[] | undefined {
  const parts = text.split(",").map((part) => partOf(part, field));
  return parts.includes(undefined) ? undefined : parts.flatMap((part) => part ?? []);
}

/** `*`, `5`, `1-5` or `sun`, each with `/step` if need be. */
function partOf(text: string, { least, most, words = [] }: Field): number[] | undefined {
  const [, range = "", step = "1"] = /^([^/]+)(?:\/(\d{1,9}))?$/.exec(text) ?? [];
  if (range === "" || Number(step) === 0) return undefined;
  const ends = "*?".includes(range) ? [least, most] : range.split("-").map((end) => numberOf(end, least, words));
  // One number with a step goes on to the field's end.
  if (ends.length === 1) ends.push(text.includes("/") ? most : ends[0]);
  const [first, last] = ends;
  if (ends.length !== 2 || !(first >= least && last <= most && first <= last)) return undefined;
  return Array.from({ length: Math.floor((last - first) / Number(step)) + 1 }, (_, index) => first + index * Number(step));
}

function numberOf(text: string, least: number, words: readonly string[]): number {
  const word = words.indexOf(text.toLowerCase());
  if (word >= 0) return word + least;
  return /^\d{1,9}$/.test(text) ? Number(text) : NaN;
}
