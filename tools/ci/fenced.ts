import { cut } from "./comment";

/**
 * Puts a text into a code block of at most `max` characters. The block's fence is longer than any fence in the text, so the text can't end
 * the block.
 */
export function fencedBlock(text: string, max: number): string {
  const whole = inBlock(text);
  if (whole.length <= max) return whole;
  // The cut text fits: cutting may remove the longest run of backticks, but never makes a run longer.
  return inBlock(cut(text, Math.max(0, max - (whole.length - text.trimEnd().length))));
}

function inBlock(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${text.trimEnd()}\n${fence}`;
}
