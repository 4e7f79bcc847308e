import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { parseConfiguration } from "../../../../config/parse";
import { calendarProblem } from "../../../../config/etcd-backup/fields";
import { withKeys } from "../fixture";

const accepted = [
  "*-*-* 02:30",
  "daily",
  "Weekly",
  "hourly",
  "bi-annually",
  "Mon..Fri *-*-* 02,14:30",
  "Mon-Fri 02:30",
  "Sat,Sun 03:00:15",
  "Sat..Sun,Mon 02:30",
  "Monday 04:00",
  "Mon, 04:00",
  "*-*-01 00:00 UTC",
  "12-24 18:00",
  "26..30-12-24 18:00",
  "2026..2030-*-1..7/2 1..23/2:15",
  "*-*-* *:0/30",
  "*:00",
  "Mon",
  "*-*-* 0/6:05:00",
  "*-*-1/2 02:30",
  "5..5:00",
  "1:1..60/40",
  "0..23/30:00",
  "1,1:00",
  "Mon 00:00,45",
  "annually",
];

const refused: readonly (readonly [text: string, reason: RegExp])[] = [
  ["30 2 * * *", /it is a cron expression/],
  ["6h", /time span/],
  ["*-*~1 02:30", /end of the month/],
  ["every night", /the form is \[weekdays\]/],
  ["Mun 02:30", /Mun is not a weekday such as Mon/],
  ["Sat..Mon 02:30", /Sat\.\.Mon crosses the end of the week; write two parts/],
  ["Fri-Mon 02:30", /Fri-Mon crosses the end of the week/],
  ["Mon..Tue..Wed 02:30", /Mon\.\.Tue\.\.Wed is not a weekday/],
  ["*-*-* */6:00", /\*\/6 has a step after \*; write 0\/6/],
  ["*:*/30", /\*\/30 has a step after \*; write 0\/30/],
  ["*-*-*/2 02:30", /\*\/2 has a step after \*; write 1\/2/],
  ["*-*/3-01 02:30", /\*\/3 has a step after \*; write 1\/3/],
  ["0/30:00", /0\/30 is not a valid hour/],
  ["23/1:00", /23\/1 is not a valid hour/],
  ["*-*-* 24:00", /24 is not a valid hour \(0 to 23\)/],
  ["*-*-* 02:60", /60 is not a valid minute/],
  ["*-13-* 02:30", /13 is not a valid month/],
  ["*-*-32", /32 is not a valid day/],
  ["*-*-* 5..2:00", /5\.\.2 is not a valid hour/],
  ["*-*-* 1/0:00", /1\/0 is not a valid hour/],
  ["100-01-01", /100 is not a valid year/],
  ["02:30:00/30", /00\/30 is not one number of seconds/],
  ["02:30 Europe/Berlin", /names a time zone, but all times are in UTC/],
  [" ", /the form is/],
  ["constructor", /constructor is not a weekday/],
  ["__proto__", /the form is/],
  ["toString UTC", /toString is not a weekday/],
  [`${"1,".repeat(200)}1:00`, /it has \d+ characters/],
  ["*-*-* 02:00; rm -rf /", /the form is/],
  ["*-*-* 02:30\nPersistent=false", /the form is/],
  ["2026-02-30 02:30", /names only times in the past/],
  ["*-02-30 02:30", /names only times in the past/],
  ["2020-12-24 02:30", /names only times in the past/],
];

test.each(accepted)("the schedule %s is accepted", (text) => {
  expect(calendarProblem(text)).toBeUndefined();
});

test.each(refused)("the schedule %j is refused with the reason and an example", (text, reason) => {
  const problem = calendarProblem(text);
  expect(problem?.wrong).toMatch(reason);
  expect(problem?.fix).toContain("pulumi config set etcdBackupSchedule '*-*-* 02:30'");
  expect(problem?.fix).not.toMatch(/[;\n]/.test(text) ? /; rm|\nPersistent/ : /undefined/);
});

test.each(["*:0/20", "*-*-* *:00,15", "*-*-* 00:05,50,*:00", "02:00:00,30", "minutely", "*-*-* 00,23:00,59", "Sat,Sun 00,23:00,45"])(
  "the schedule %s is refused because two of its times are too close",
  (text) => {
    expect(calendarProblem(text)).toBeDefined();
  },
);

test("a schedule is refused if all its times are in the past", () => {
  const at = (time: string) => calendarProblem("2026-11-29 02:30", Date.parse(time))?.wrong;
  expect(at("2026-11-28T12:00:00Z")).toBeUndefined();
  expect(at("2026-11-29T02:29:00Z")).toBeUndefined();
  expect(at("2026-11-29T02:30:00Z")).toBe("names only times in the past");
});

test("whitespace around a schedule is removed", () => {
  expect(parseConfiguration(withKeys({ etcdBackupSchedule: " *-*-* 02:30\n" })).platform.etcdBackup?.schedule).toBe("*-*-* 02:30");
});

describe("systemd-analyze", () => {
  /** Whether systemd accepts a calendar expression, and whether the expression has a time in the future. */
  const judged = (text: string) => {
    const { status, stdout, error } = spawnSync("systemd-analyze", ["calendar", `${text.replace(/ UTC$/i, "")} UTC`], { encoding: "utf8" });
    if (error)
      throw new Error("systemd-analyze, with which this test compares the rule, is not installed: install the package systemd", {
        cause: error,
      });
    return { taken: status === 0, elapses: !/Next elapse: never/.test(stdout) };
  };

  test("accepts each schedule that is accepted here", () => {
    for (const text of accepted) expect([text, judged(text)]).toEqual([text, { taken: true, elapses: true }]);
  });

  const number = (most: number) =>
    fc.oneof(fc.integer({ min: 0, max: most }), fc.constantFrom(0, 1, 7, 23, 24, 30, 31, 59, 60)).map(String);
  const item = (most: number) =>
    fc.oneof(
      { weight: 4, arbitrary: number(most) },
      fc.tuple(number(most), number(most)).map(([from, to]) => `${from}..${to}`),
      fc.tuple(number(most), number(9)).map(([from, step]) => `${from}/${step}`),
      fc.tuple(number(most), number(most), number(9)).map(([from, to, step]) => `${from}..${to}/${step}`),
      number(9).map((step) => `*/${step}`),
    );
  const chain = (most: number) =>
    fc.oneof(
      { weight: 3, arbitrary: fc.constant("*") },
      fc.array(item(most), { minLength: 1, maxLength: 3 }).map((items) => items.join(",")),
    );
  const weekday = fc.constantFrom("Mon", "tue", "Wednesday", "Thu", "fri", "SAT", "Sunday", "Mun");
  const weekdays = fc.array(
    fc.oneof(
      weekday,
      fc.tuple(weekday, fc.constantFrom("..", "-"), weekday).map((parts) => parts.join("")),
    ),
    { minLength: 1, maxLength: 2 },
  );
  const year = fc.oneof(
    { weight: 3, arbitrary: fc.constant("*") },
    fc.constantFrom("2027", "2020", "30", "70", "2026..2030", "2026/2", "2200", "100"),
  );
  const date = fc.oneof(
    fc.tuple(year, chain(12), chain(31)).map((parts) => parts.join("-")),
    fc.tuple(chain(12), chain(31)).map((parts) => parts.join("-")),
  );
  const time = fc.oneof(
    fc.tuple(chain(23), chain(59)).map((parts) => parts.join(":")),
    fc.tuple(chain(23), chain(59), number(59)).map((parts) => parts.join(":")),
  );
  const words = fc.constantFrom(
    "hourly",
    "Daily",
    "weekly",
    "monthly",
    "quarterly",
    "semi-annually",
    "biannually",
    "anually",
    "yearly",
    "nightly",
  );
  const blanks = fc.constantFrom(" ", "  ");
  const expressions = fc.oneof(
    { weight: 1, arbitrary: words },
    {
      weight: 9,
      arbitrary: fc
        .tuple(
          fc.option(
            weekdays.map((days) => days.join(",")),
            { nil: "" },
          ),
          fc.option(date, { nil: "" }),
          fc.option(time, { nil: "" }),
          blanks,
          fc.constantFrom("", "", " UTC"),
        )
        .map(([days, dates, times, blank, zone]) => [days, dates, times].filter((part) => part !== "").join(blank) + zone)
        .filter((text) => text !== "" && text !== " UTC"),
    },
  );

  test("accepts random schedules that are accepted here, and refuses those that are refused as syntax errors", () => {
    fc.assert(
      fc.property(expressions, (text) => {
        const { wrong = "" } = calendarProblem(text) ?? {};
        const { taken, elapses } = judged(text);
        if (wrong === "") expect([text, taken, elapses]).toEqual([text, true, true]);
        else if (wrong.startsWith("is not a systemd calendar expression")) expect([text, wrong, taken]).toEqual([text, wrong, false]);
        else if (wrong.startsWith("names only times in the past")) expect([text, taken, elapses]).toEqual([text, true, false]);
        else expect([text, taken]).toEqual([text, true]);
      }),
      { numRuns: 400 },
    );
  }, 600_000);
});
