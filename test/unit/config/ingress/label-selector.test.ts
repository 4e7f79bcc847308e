import fc from "fast-check";
import {
  areDisjoint,
  type LabelSelector,
  negateRequirement,
  type Requirement,
  selectableLabels,
  selectedLabels,
  selectorMatches,
} from "../../../../config/ingress/label-selector";

const keys = ["exposure", "team"] as const;
const asked = ["a", "b", "c"] as const;

const requirement: fc.Arbitrary<Requirement> = fc.oneof(
  fc.record({
    key: fc.constantFrom(...keys),
    operator: fc.constantFrom("In" as const, "NotIn" as const),
    values: fc.subarray([...asked], { minLength: 1 }),
  }),
  fc.record({ key: fc.constantFrom(...keys), operator: fc.constantFrom("Exists" as const, "DoesNotExist" as const) }),
);
const selector: fc.Arbitrary<LabelSelector> = fc.record(
  {
    matchLabels: fc.dictionary(fc.constantFrom(...keys), fc.constantFrom(...asked)),
    matchExpressions: fc.array(requirement, { maxLength: 3 }),
  },
  { requiredKeys: [] },
);

/**
 * The values of each label that selectors can tell apart: each value that the tests use, another value, and no value. The objects have every
 * combination of them.
 */
const values = [...asked, "another", undefined];
const objects = values.flatMap((exposure) =>
  values.map((team) => ({ ...(exposure !== undefined && { exposure }), ...(team !== undefined && { team }) })),
);

test("label selectors are disjoint exactly if no set of labels matches all of them", () => {
  const seen = { disjoint: 0, meeting: 0 };
  fc.assert(
    fc.property(selector, selector, (one, other) => {
      const meet = objects.some((labels) => selectorMatches(one, labels) && selectorMatches(other, labels));
      seen[meet ? "meeting" : "disjoint"]++;
      expect(areDisjoint([one, other])).toBe(!meet);
      expect(areDisjoint([other, one])).toBe(!meet);
    }),
    { numRuns: 2000 },
  );
  // Both cases must occur often, otherwise the test would prove nothing.
  expect(Math.min(seen.disjoint, seen.meeting)).toBeGreaterThan(200);
});

test("if all objects have a label, selectors are disjoint exactly if no object with this label matches all of them", () => {
  const having = objects.filter((labels) => "exposure" in labels);
  fc.assert(
    fc.property(selector, selector, (one, other) => {
      expect(areDisjoint([one, other], ["exposure"])).toBe(
        !having.some((labels) => selectorMatches(one, labels) && selectorMatches(other, labels)),
      );
    }),
    { numRuns: 1000 },
  );
});

test("labels that all selectors select are found exactly if the selectors are not disjoint", () => {
  fc.assert(
    fc.property(selector, selector, (one, other) => {
      const labels = selectableLabels([one, other]);
      expect(labels === undefined).toBe(areDisjoint([one, other]));
      if (labels !== undefined) expect([one, other].map((each) => selectorMatches(each, labels))).toEqual([true, true]);
    }),
    { numRuns: 1000 },
  );
});

test("a selector selects the labels that are computed for it, unless it can select nothing", () => {
  fc.assert(
    fc.property(fc.array(requirement, { maxLength: 4 }), (matchExpressions) => {
      fc.pre(!areDisjoint([{ matchExpressions }]));
      expect(selectorMatches({ matchExpressions }, selectedLabels({ matchExpressions }))).toBe(true);
    }),
  );
});

test("a negated requirement selects exactly the objects that the requirement does not select", () => {
  fc.assert(
    fc.property(requirement, fc.constantFrom(...objects), (one, labels) => {
      const [is, isNot] = [one, negateRequirement(one)].map((each) => selectorMatches({ matchExpressions: [each] }, labels));
      expect(is).toBe(!isNot);
    }),
  );
});

test.each<[string, LabelSelector, Record<string, string>, boolean]>([
  ["an empty selector selects everything", {}, {}, true],
  ["matchLabels requires each of its labels", { matchLabels: { a: "1", b: "2" } }, { a: "1" }, false],
  ["NotIn selects what lacks the label", { matchExpressions: [{ key: "a", operator: "NotIn", values: ["1"] }] }, {}, true],
  ["Exists also selects a label with an empty value", { matchExpressions: [{ key: "a", operator: "Exists" }] }, { a: "" }, true],
  [
    "a label named like a property of every JavaScript object counts as missing",
    { matchExpressions: [{ key: "constructor", operator: "Exists" }] },
    {},
    false,
  ],
])("a label selector is evaluated as Kubernetes does: %s", (_, one, labels, expected) => {
  expect(selectorMatches(one, labels)).toBe(expected);
});
