import { neededOperator, type NeededOperator, neededOperatorProblems } from "../../../../config/operators/needed-operator";

const ENTRY = { name: "demo", namespace: "demo-system", source: "community-operators", channel: "stable", startingCSV: "demo.v1.0.0" };
const OTHER = { ...ENTRY, name: "other", namespace: "other" };

const needed = (more: Partial<NeededOperator>): NeededOperator => ({
  service: "The demo",
  packages: ["demo", "community-demo"],
  watch: "either",
  example: ENTRY,
  ...more,
});

test("if a service's operator is not listed, the problem has the service's key, and the fix appends the operator's entry", () => {
  expect(neededOperatorProblems([OTHER], [{ key: "demoEnabled", needed: needed({}) }])).toEqual([
    {
      key: "demoEnabled",
      wrong: "needs the operator demo or community-demo, but operators does not list it",
      allowed: "The demo with its operator in operators, which pins the operator's catalog and version",
      fix: `pulumi config set --path 'operators[1]' '${JSON.stringify(ENTRY)}'`,
    },
  ]);
});

test("an operator is also found by the name of its package in another catalog", () => {
  const entry = { ...ENTRY, name: "community-demo" };
  expect(neededOperator([OTHER, entry], needed({}))).toBe(entry);
  expect(neededOperatorProblems([OTHER, entry], [{ key: "demoEnabled", needed: needed({}) }])).toEqual([]);
});

test("an operator in another namespace than the service needs is refused", () => {
  expect(neededOperatorProblems([OTHER, ENTRY], [{ key: "demoEnabled", needed: needed({ namespace: "openshift-demo" }) }])).toEqual([
    {
      key: "operators",
      wrong: "item 2 (demo): namespace is demo-system, but The demo needs the operator in openshift-demo",
      allowed: "namespace openshift-demo",
      fix: "set its namespace to openshift-demo",
    },
  ]);
});

test.each([
  ["all", undefined, true],
  ["all", [], true],
  ["all", ["demo-system"], false],
  ["own", undefined, false],
  ["own", ["demo-system"], true],
  ["own", ["demo-system", "team"], false],
  ["either", undefined, true],
  ["either", ["demo-system"], true],
  ["either", ["team"], false],
] as const)("an operator that must watch %s, with targetNamespaces %j: accepted %s", (watch, targetNamespaces, accepted) => {
  const entry = { ...ENTRY, ...(targetNamespaces && { targetNamespaces: [...targetNamespaces] }) };
  const problems = neededOperatorProblems([entry], [{ key: "demoEnabled", needed: needed({ watch }) }]);
  expect(problems.map(({ key }) => key)).toEqual(accepted ? [] : ["operators"]);
});

test("if several operators are missing, each fix appends a different item to the key operators", () => {
  const uses = ["one", "two"].map((name) => ({ key: name, needed: needed({ packages: [name], example: { ...ENTRY, name } }) }));
  const fixes = neededOperatorProblems([OTHER], uses).map(({ fix }) => fix);
  expect(fixes).toEqual([expect.stringContaining("'operators[1]'"), expect.stringContaining("'operators[2]'")]);
});
