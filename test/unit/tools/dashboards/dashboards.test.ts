/** The dashboards: their queries, and the sources of their metrics. */
import { DASHBOARD_TOPICS } from "../../../../config/grafana/fields";
import { DATASOURCE, grafanaDashboard, grafanaDatasource } from "../../../../cluster-objects/grafana/content";
import { DASHBOARDS } from "../../../../cluster-objects/grafana/dashboards";
import { schemaProblems } from "../../../../cluster-objects/schema/check";
import { DASHBOARD_MAKERS } from "../../../../tools/dashboards/all";
import { dashboardQueries } from "../../../dashboard-queries";
import { metricFacts, TARGET_LABELS } from "../../../facts/metrics";
import { namesIn } from "../../../promql";

test.each(DASHBOARD_TOPICS)("the file of the dashboard %s is up to date with the model that Grafana's SDK builds", (topic) => {
  expect(DASHBOARDS[topic]).toEqual(JSON.parse(JSON.stringify(DASHBOARD_MAKERS[topic]())));
});

test.each(DASHBOARD_TOPICS)("the object of the dashboard %s has its model and matches the definition of its kind", (topic) => {
  const object = grafanaDashboard(DASHBOARDS[topic]);
  expect(schemaProblems(object)).toEqual([]);
  const { uid, json } = object.spec as { uid: string; json: string };
  expect(JSON.parse(json)).toMatchObject({ uid, title: DASHBOARDS[topic].title, editable: false });
});

test.each(dashboardQueries.map((query) => [`${query.topic}: ${query.panel}`, query] as const))(
  "the panel %s uses only metrics and labels that test/facts lists with a source",
  (_, { expression, datasource }) => {
    const used = namesIn(expression);
    const known = metricFacts.filter(({ name }) => used.metrics.has(name));
    expect([...used.metrics].filter((name) => known.every((fact) => fact.name !== name))).toEqual([]);
    // Labels that the expression itself adds: label_replace(…, "router", …)
    const made = [...expression.matchAll(/label_replace\(.+, "(\w+)", "[^"]*", "\w+", "[^"]*"\)/g)].map(([, name]) => name);
    const labels = new Set([...TARGET_LABELS, ...made, ...known.flatMap((fact) => fact.labels)]);
    expect([...used.labels].filter((label) => !labels.has(label))).toEqual([]);
    expect(datasource).toEqual({ type: DATASOURCE.type, uid: (grafanaDatasource().spec as { uid: string }).uid });
  },
);

test("no two panels of a dashboard overlap, and all are on the grid", () => {
  for (const topic of DASHBOARD_TOPICS) {
    const { panels } = DASHBOARDS[topic] as unknown as { panels: { gridPos: { x: number; y: number; w: number; h: number } }[] };
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(Math.max(...panels.map(({ gridPos: { x, w } }) => x + w))).toBeLessThanOrEqual(24);
  }
});

test("connections with TLS are counted once, because only the frontends to which clients connect are summed", () => {
  const sums = dashboardQueries.filter(({ expression }) => /haproxy_frontend_(current_sessions|bytes)/.test(expression));
  expect(sums.map(({ expression }) => expression.includes('{frontend=~"public|public_ssl"}'))).toEqual([true, true]);
});

test("no panel shows 0 only because the metric is missing whose series it counts", () => {
  const counts = dashboardQueries.filter(({ expression }) => /^count\((?!ALERTS)/.test(expression) && expression.includes("vector(0)"));
  expect(counts.map(({ panel }) => panel)).toEqual([]);
});
