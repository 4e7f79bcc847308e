/** The longest gap of a cron schedule: the time between two consecutive runs. */
import { longestGapMinutes } from "../../../config/cron";

const DAY = 24 * 60;

test.each<[schedule: string, minutes: number]>([
  ["0 3 * * *", DAY],
  ["@daily", DAY],
  ["@hourly", 60],
  ["*/15 * * * *", 15],
  ["0 */6 * * *", 6 * 60],
  ["0 8-18 * * *", 14 * 60],
  ["0 3 * * mon-fri", 3 * DAY],
  ["@weekly", 7 * DAY],
  ["@monthly", 31 * DAY],
  // From 1 January of a leap year to the next 1 January.
  ["@yearly", 366 * DAY],
  ["0 0 29 2 *", (4 * 365 + 1) * DAY],
  ["@every 6h", 6 * 60],
  ["@every 1h30m", 90],
  ["@every 30s", 1],
])("the longest gap of %s is %d minutes", (schedule, minutes) => {
  expect(longestGapMinutes(schedule)).toBe(minutes);
});
