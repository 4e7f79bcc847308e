import { join } from "node:path";

/** Environment of a run whose program, dynamic providers and commands live some hours in the future; the engine and its other plugins don't. */
export function hoursAhead(hours: number): NodeJS.ProcessEnv {
  return { NODE_OPTIONS: `--require ${join(__dirname, "move-clock.js")}`, OKD_CAMPAIGN_CLOCK_HOURS: String(hours) };
}
