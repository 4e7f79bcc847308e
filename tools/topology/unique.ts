/** The texts without repetitions, sorted. */
export function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}
