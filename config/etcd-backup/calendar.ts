/** A parsed calendar expression: the values of each part. */
export interface Calendar {
  /** 0 is Monday. */
  readonly weekdays: ReadonlySet<number>;
  readonly years: ReadonlySet<number>;
  /** 1 to 12. */
  readonly months: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  /** Minutes since midnight, in order. */
  readonly times: readonly number[];
}

const WORDS = new Map([
  ["minutely", "*-*-* *:*:00"],
  ["hourly", "*-*-* *:00:00"],
  ["daily", "*-*-* 00:00:00"],
  ["weekly", "Mon *-*-* 00:00:00"],
  ["monthly", "*-*-01 00:00:00"],
  ["quarterly", "*-01,04,07,10-01 00:00:00"],
  ...["biannually", "bi-annually", "semiannually", "semi-annually"].map((word) => [word, "*-01,07-01 00:00:00"] as const),
  ...["yearly", "annually", "anually"].map((word) => [word, "*-01-01 00:00:00"] as const),
]);

const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const FIRST_YEAR = 1970;
const LAST_YEAR = 2199;
const MS_PER_DAY = 86_400_000;

/** No realistic schedule is longer; this project's choice. systemd itself accepts up to 240 values in a list. */
const MAX_SCHEDULE_CHARACTERS = 200;

const FORM =
  /^(?:(?<weekdays>[a-z][a-z,.-]*)(?: +|$))?(?:(?<date>[\d*][\d*,./]*(?:-[\d*][\d*,./]*){1,2})(?: +|$))?(?<time>[\d*][\d*,./]*(?::[\d*][\d*,./]*){1,2})?$/i;
const ITEM = /^(?<from>\d{1,9})(?:\.\.(?<to>\d{1,9}))?(?:\/(?<step>\d{1,9}))?$/;

/**
 * Parses a calendar expression like systemd 252, the version of RHEL 9 (systemd.time(7), "Calendar Events"; systemd,
 * `src/shared/calendarspec.c`), in UTC and to the minute. Not supported: other time zones, days counted from the end of the month (`~`),
 * times in seconds since 1970 (`@`), and more than one value for seconds.
 *
 * @throws SyntaxError with a message that continues "is not a systemd calendar expression: ".
 */
export function parseCalendar(text: string): Calendar {
  if (text.length > MAX_SCHEDULE_CHARACTERS) throw new SyntaxError(`it has ${text.length} characters`);
  const zoneless = text.replace(/ UTC$/i, "");
  const expression = WORDS.get(zoneless.toLowerCase()) ?? zoneless;
  const { weekdays, date, time } = (FORM.exec(expression)?.groups ?? {}) as Partial<Record<"weekdays" | "date" | "time", string>>;
  if ([weekdays, date, time].every((part) => part === undefined)) throw new SyntaxError(reasonFor(text));
  const [year, month, day] = [...(date?.split("-").length === 3 ? [] : ["*"]), ...(date ?? "*-*").split("-")];
  const [hour, minute, second] = [...(time ?? "00:00").split(":"), "00"];
  if (!/^\d{1,9}$/.test(second) || Number(second) > 59) throw new SyntaxError(`${second} is not one number of seconds from 0 to 59`);
  const hours = valuesOf("hour", hour, 0, 23);
  const minutes = valuesOf("minute", minute, 0, 59);
  return {
    weekdays: weekdaysOf(weekdays),
    years: new Set(valuesOf("year", year, FIRST_YEAR, LAST_YEAR)),
    months: new Set(valuesOf("month", month, 1, 12)),
    days: new Set(valuesOf("day", day, 1, 31)),
    times: hours.flatMap((each) => minutes.map((minuteOfHour) => each * 60 + minuteOfHour)),
  };
}

function reasonFor(text: string): string {
  if (/^(?:[\d*,/-]+\s+){4}[\w*,/-]+$/.test(text)) return "it is a cron expression";
  if (/^\d+ ?(?:s|sec|m|min|h|hours?|days?)$/i.test(text)) return "it is a time span";
  if (text.includes("~")) return "days counted from the end of the month (~) are not supported";
  if (/ [A-Za-z]+\/[A-Za-z_/]+$/.test(text)) return "it names a time zone, but all times are in UTC";
  return "the form is [weekdays] [year-month-day] hour:minute, in UTC";
}

/** `Mon`, `Mon..Fri`, `Mon-Fri`, `Sat,Sun`; a comma may end the list. */
function weekdaysOf(text: string | undefined): Set<number> {
  if (text === undefined) return new Set(WEEKDAYS.keys());
  return new Set(
    text
      .replace(/,$/, "")
      .split(",")
      .flatMap((range) => {
        const ends = range.split(/\.\.|-/).map((name) => WEEKDAYS.findIndex((day) => [day, day.slice(0, 3)].includes(name.toLowerCase())));
        const [first, last] = [ends[0], ends.at(-1) ?? -1];
        if (ends.length > 2 || ends.includes(-1)) throw new SyntaxError(`${range} is not a weekday such as Mon, Mon..Fri or Sat,Sun`);
        if (last < first) throw new SyntaxError(`${range} crosses the end of the week; write two parts, as in Sat..Sun,Mon`);
        return numbers(first, last, 1);
      }),
  );
}

/** The values of a part such as `*`, `1,2`, `1..5` or `0/6`, in order. */
function valuesOf(name: string, part: string, min: number, max: number): number[] {
  if (part === "*") return numbers(min, max, 1);
  const refuse = (): never => {
    if (part.startsWith("*/")) throw new SyntaxError(`${part} has a step after *; write ${min}${part.slice(1)}`);
    throw new SyntaxError(`${part} is not a valid ${name} (${min} to ${max})`);
  };
  const values = part.split(",").flatMap((item) => {
    const { from, to, step } = (ITEM.exec(item)?.groups ?? {}) as Partial<Record<"from" | "to" | "step", string>>;
    if (from === undefined || Number(step ?? 1) === 0) return refuse();
    const [first, end] = [from, to ?? from].map((digits) => (name === "year" ? fullYear(Number(digits)) : Number(digits)));
    if (first < min || end < first) return refuse();
    // Without an end, the step must reach at least one more value. With an end, only the last reached value must be in range.
    if (to === undefined && step !== undefined) return first + Number(step) > max ? refuse() : numbers(first, max, Number(step));
    const last = end - ((end - first) % Number(step ?? 1));
    return last > max ? refuse() : numbers(first, last, Number(step ?? 1));
  });
  return [...new Set(values)].sort((one, other) => one - other);
}

function fullYear(year: number): number {
  if (year < 70) return year + 2000;
  return year < 100 ? year + 1900 : year;
}

function numbers(first: number, last: number, step: number): number[] {
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => first + index * step);
}

/** The days of a calendar in order, as days since 1970, from the day of a moment (milliseconds since 1970) on. */
export function* daysFrom({ weekdays, years, months, days }: Calendar, moment: number): Generator<number> {
  const end = Math.floor(Date.UTC(LAST_YEAR + 1, 0, 1) / MS_PER_DAY);
  for (let day = Math.floor(moment / MS_PER_DAY); day < end; day++) {
    const date = new Date(day * MS_PER_DAY);
    // 1 January 1970 was a Thursday.
    const weekday = (day + 3) % 7;
    if (weekdays.has(weekday) && years.has(date.getUTCFullYear()) && months.has(date.getUTCMonth() + 1) && days.has(date.getUTCDate()))
      yield day;
  }
}

/** Whether a calendar has a time after a moment (milliseconds since 1970). */
export function hasTimeAfter(calendar: Calendar, moment: number): boolean {
  const minute = (moment % MS_PER_DAY) / 60_000;
  for (const day of daysFrom(calendar, moment)) {
    if (day > Math.floor(moment / MS_PER_DAY) || calendar.times.some((time) => time > minute)) return true;
  }
  return false;
}

/**
 * Whether two times of a calendar, on the same day or around midnight, are less than `minutes` apart; checked from the day of a moment on.
 */
export function hasTimesCloserThan(minutes: number, calendar: Calendar, moment: number): boolean {
  const { times } = calendar;
  if (times.some((time, index) => index > 0 && time - times[index - 1] < minutes)) return true;
  if (times[0] + 24 * 60 - times[times.length - 1] >= minutes) return false;
  let before: number | undefined;
  for (const day of daysFrom(calendar, moment)) {
    if (before !== undefined && day === before + 1) return true;
    before = day;
  }
  return false;
}
