/** A list in parts of at most so many. */
export function batches<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, part) => items.slice(part * size, (part + 1) * size));
}

/** Does something with every item, a few at a time, so that AWS doesn't throttle it. */
export async function forEachOf<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (const part of batches(items, 8)) results.push(...(await Promise.all(part.map(work))));
  return results;
}

/** Those items for which something holds. */
export async function filterBy<Item>(items: readonly Item[], holds: (item: Item) => Promise<boolean>): Promise<Item[]> {
  const answers = await forEachOf(items, holds);
  return items.filter((_, index) => answers[index]);
}

/** All items of an answer that comes in pages. */
export async function collect<Page, Item>(pages: AsyncIterable<Page>, items: (page: Page) => readonly Item[] | undefined): Promise<Item[]> {
  const all: Item[] = [];
  for await (const page of pages) all.push(...(items(page) ?? []));
  return all;
}
