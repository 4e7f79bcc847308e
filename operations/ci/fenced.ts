import { cut } from "./comment";

/** Text in a block that it can't end, which has at most so many characters. */
export function fenced(text: string, most = Infinity): string {
  const whole = inBlock(text);
  if (whole.length <= most) return whole;
  // What is cut away may take the longest fence with it, never make one longer.
  return inBlock(cut(text, Math.max(0, most - (whole.length - text.trimEnd().length))));
}

function inBlock(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${text.trimEnd()}\n${fence}`;
}
