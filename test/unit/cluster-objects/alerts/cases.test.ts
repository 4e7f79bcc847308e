/** The cases of the alerts, which `test/engine/alert-rules.test.ts` runs with promtool, and the metrics of their expressions. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { schemaProblems } from "../../../../cluster-objects/schema/check";
import { alertingRules } from "../../../alerts/alert-case";
import { ruleCases } from "../../../alerts/all";
import { dashboardQueries } from "../../../dashboard-queries";
import { metricFacts } from "../../../facts/metrics";
import { namesIn } from "../../../promql";

const project = join(__dirname, "../../../..");
const definition = "cluster-objects/alerts/prometheus-rule.ts";

test("every PrometheusRule of the program has cases", () => {
  const sources = readdirSync(join(project, "cluster-objects"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => `cluster-objects/${file}`);
  const made = sources.filter((file) => readFileSync(join(project, file), "utf8").includes("prometheusRule("));
  expect(made.filter((file) => file !== definition).sort()).toEqual([...new Set(ruleCases.map(({ file }) => file))].sort());
  const kind = sources.filter((file) => readFileSync(join(project, file), "utf8").includes('kind: "PrometheusRule"'));
  expect(kind).toEqual([definition]);
});

describe.each(ruleCases)("the alerts in $file", ({ rule, cases }) => {
  const names = [...new Set(alertingRules(rule).map(({ alert }) => alert))];

  test("match the definition of their kind", () => {
    expect(schemaProblems(rule)).toEqual([]);
  });

  test.each(names)("have a case in which %s fires and one in which it is silent", (name) => {
    const own = cases.filter(({ alert }) => alert === name);
    expect(own.some(({ fires }) => fires.length > 0)).toBe(true);
    expect(own.some(({ fires }) => fires.length === 0)).toBe(true);
  });

  test("have no case for an alert that the file does not define", () => {
    expect(cases.map(({ alert }) => alert).filter((name) => !names.includes(name))).toEqual([]);
  });

  test.each(alertingRules(rule).map(({ alert, expr }) => [alert, expr]))(
    "use only metrics and labels that test/facts lists with a source: %s",
    (_, expression) => {
      const used = namesIn(expression);
      const known = metricFacts.filter(({ name }) => used.metrics.has(name));
      expect([...used.metrics].filter((name) => known.every((fact) => fact.name !== name))).toEqual([]);
      const labels = new Set(known.flatMap((fact) => fact.labels));
      expect([...used.labels].filter((label) => !labels.has(label))).toEqual([]);
    },
  );
});

test("every metric that test/facts lists is used by an alert or a dashboard", () => {
  const expressions = ruleCases.flatMap(({ rule }) => alertingRules(rule).map(({ expr }) => expr));
  const all = [...expressions, ...dashboardQueries.map(({ expression }) => expression)];
  const used = new Set(all.flatMap((expression) => [...namesIn(expression).metrics]));
  expect(metricFacts.map(({ name }) => name).filter((name) => !used.has(name))).toEqual([]);
});

test("the metrics and labels of an expression are found in each of its parts", () => {
  const { metrics, labels } = namesIn('sum by (a) (rate(one{b="c"}[5m])) > 0 unless on (d) absent(two) or three offset 5m == 0');
  expect([...metrics]).toEqual(["one", "two", "three"]);
  expect([...labels]).toEqual(["a", "b", "d"]);
});
