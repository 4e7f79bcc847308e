import { problemKeys, problemsOf, withKeys } from "./fixture";

/** One mistake in a valid configuration, and the key of each problem. */
export type RefusedConfiguration = readonly [mistake: string, keys: Readonly<Record<string, unknown>>, blame: readonly string[]];

/** Tests that each mistake gives problems of exactly these keys, with allowed values and a fix. */
export function testRefusals(refusals: readonly RefusedConfiguration[]): void {
  describe("a configuration is refused for", () => {
    test.each(refusals)("%s", (_, keys, blame) => {
      expect(problemKeys(keys)).toEqual(blame);
    });

    test.each(refusals)("%s, and the problem has allowed values and a fix", (_, keys) => {
      for (const problem of problemsOf(withKeys(keys))) {
        expect(problem.wrong).toMatch(
          /^(is|are|has|have|makes|gives|would|starts|opens|names|needs|doesn't|items?|entry|lacks|overlaps)\b/,
        );
        expect(problem.allowed.length).toBeGreaterThan(3);
        expect(problem.fix.length).toBeGreaterThan(3);
        expect(problem.fix).not.toMatch(/undefined|NaN|\[object/);
        expect(problem.wrong).not.toMatch(/undefined|NaN|\[object/);
      }
    });
  });
}
