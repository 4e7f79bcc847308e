import { spawnSync } from "node:child_process";
import { calendarFlaw } from "../../config/rules/calendar";

const accepted = [
  "*-*-* 02:30",
  "daily",
  "Weekly",
  "hourly",
  "Mon..Fri *-*-* 02,14:30",
  "Sat,Sun 03:00:15",
  "Monday 04:00",
  "*-*-01 00:00 UTC",
  "12-24 18:00",
  "2026..2030-*-1..7/2 1..23/2:15",
  "*-*-* *:0/30",
  "*:00",
  "Mon",
  "*-*-* 0/6:05:00",
  "annually",
];

const refused: readonly (readonly [text: string, reason: RegExp])[] = [
  ["30 2 * * *", /form of cron's/],
  ["6h", /span of time/],
  ["*-*~1 02:30", /month's end/],
  ["every night", /wanted is \[weekdays\]/],
  ["Mun 02:30", /Mun is no weekday such as Mon/],
  ["Mon-Fri 02:30", /wanted is/],
  ["*-*-* 24:00", /24 is no hour, which is from 0 to 23/],
  ["*-*-* 02:60", /60 is no minute/],
  ["*-13-* 02:30", /13 is no month/],
  ["*-*-32", /32 is no day/],
  ["*-*-* 5..2:00", /5\.\.2 is no hour/],
  ["*-*-* 1/0:00", /1\/0 is no hour/],
  [" ", /wanted is/],
  ["*-*-* 02:00; rm -rf /", /wanted is/],
  ["*-*-* 02:30\nPersistent=false", /wanted is/],
];

test.each(accepted)("%s is a schedule", (text) => {
  expect(calendarFlaw(text)).toBeUndefined();
});

test.each(refused)("%j is refused with the reason and an example", (text, reason) => {
  const flaw = calendarFlaw(text);
  expect(flaw?.wrong).toMatch(reason);
  expect(flaw?.fix).toContain("pulumi config set etcdBackupSchedule '*-*-* 02:30'");
  expect(flaw?.fix).not.toMatch(/[;\n]/.test(text) ? /; rm|\nPersistent/ : /undefined/);
});

test.each(["*:0/20", "*-*-* *:00,15", "*-*-* 00:05,50,*:00", "02:00:00,30", "minutely", "*-*-* 00,23:00,59"])(
  "%s has too little time between two slots, or none that is known",
  (text) => {
    expect(calendarFlaw(text)).toBeDefined();
  },
);

const systemd = spawnSync("systemd-analyze", ["--version"]).status === 0;
if (!systemd) console.warn("skipped: systemd-analyze is not on this machine, so that the expressions are not held against systemd");
(systemd ? test : test.skip)("systemd takes each of them, too", () => {
  for (const text of accepted) {
    expect([text, spawnSync("systemd-analyze", ["calendar", text]).status]).toEqual([text, 0]);
  }
});
