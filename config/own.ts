/**
 * The entry of a map whose keys are names that users chose. Such a name may be `constructor` or `toString`, which every object inherits: `map[name]` and
 * `name in map` then find what nobody entered.
 */
export function own<T>(map: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}
