import { indexTemplate, lifecyclePolicy } from "../../../../cluster-objects/elastic/indices";

interface Template {
  readonly template: {
    readonly settings: { readonly index: { readonly number_of_replicas: number } };
    readonly mappings: {
      readonly dynamic: boolean;
      readonly properties: Readonly<Record<string, { properties?: Record<string, object> }>>;
    };
  };
}

const template = (...args: Parameters<typeof indexTemplate>) => indexTemplate(...args) as Template;

test.each([
  [1, "1d", 100, "10gb"],
  [7, "1d", 100, "10gb"],
  [30, "1d", 1000, "50gb"],
  [31, "2d", 10, "1gb"],
  [365, "13d", 500, "50gb"],
])(
  "an index of logs that are kept for %i days rolls over at the age %s or, on volumes of %i GiB, at the size %s",
  (days, age, volumeGib, size) => {
    expect(lifecyclePolicy({ retentionDays: days }, { volumeGib })).toEqual({
      policy: {
        phases: {
          hot: { min_age: "0ms", actions: { rollover: { max_age: age, max_primary_shard_size: size } } },
          delete: { min_age: `${days}d`, actions: { delete: {} } },
        },
      },
    });
  },
);

test("indices have a replica, unless Elasticsearch has only one node", () => {
  expect([1, 3, 5].map((nodes) => template("application", { nodes }).template.settings.index.number_of_replicas)).toEqual([0, 1, 1]);
});

test("records add no fields to an index, and only the index of audit logs has the fields of an audit event", () => {
  const [application, audit] = (["application", "audit"] as const).map((kind) => template(kind, { nodes: 3 }).template.mappings);
  expect([application.dynamic, audit.dynamic]).toEqual([false, false]);
  expect(application.properties.kubernetes.properties).toHaveProperty("pod");
  expect(audit.properties.kubernetes.properties).toHaveProperty("audit");
  expect(application.properties.kubernetes.properties).not.toHaveProperty("audit");
});

test("a long value of a label or an annotation does not make Elasticsearch refuse the record", () => {
  const flattened = (["application", "audit"] as const).flatMap(
    (kind) => JSON.stringify(template(kind, { nodes: 3 })).match(/\{"type":"flattened".*?\}/g) ?? [],
  );
  expect(flattened.map((each) => JSON.parse(each) as object)).toEqual([
    { type: "flattened", ignore_above: 1024 },
    { type: "flattened", ignore_above: 1024 },
  ]);
});
