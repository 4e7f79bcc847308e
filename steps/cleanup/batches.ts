/** Splits a list into parts of at most this size. */
export function batches<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, part) => items.slice(part * size, (part + 1) * size));
}

/** Processes all items, a few at a time, so that AWS doesn't throttle the calls. */
export async function mapInBatches<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (const part of batches(items, 8)) results.push(...(await Promise.all(part.map(work))));
  return results;
}

/** The items that meet a condition. */
export async function filterBy<Item>(items: readonly Item[], holds: (item: Item) => Promise<boolean>): Promise<Item[]> {
  const answers = await mapInBatches(items, holds);
  return items.filter((_, index) => answers[index]);
}
