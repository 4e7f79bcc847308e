import { join } from "node:path";

/**
 * Environment variables that move the clock of the program, dynamic providers and commands some hours ahead. The Pulumi engine and its other
 * plugins keep their clock.
 */
export function hoursAhead(hours: number): NodeJS.ProcessEnv {
  return { NODE_OPTIONS: `--require ${join(__dirname, "move-clock.js")}`, OKD_CAMPAIGN_CLOCK_HOURS: String(hours) };
}
