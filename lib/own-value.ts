/**
 * The entry of a map whose keys are chosen by users. Every object inherits names such as `constructor` and `toString`, which `map[name]`
 * and `name in map` would find although no user entered them.
 */
export function ownValue<T>(map: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}
