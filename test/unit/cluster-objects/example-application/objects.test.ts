/** The objects of the example application: they are valid, have the least rights, and fit together. */
import { databaseSecret, databaseService, databaseSet } from "../../../../cluster-objects/example-application/database";
import {
  exampleLimits,
  exampleNamespace,
  exampleNetworkPolicies,
  exampleQuota,
} from "../../../../cluster-objects/example-application/namespace";
import {
  guestbookAutoscaler,
  guestbookBudget,
  guestbookDeployment,
  guestbookProgram,
  guestbookRoute,
  guestbookService,
} from "../../../../cluster-objects/example-application/web";
import { nameObject } from "../../../../cluster-objects/object";
import { schemaProblems } from "../../../../cluster-objects/schema/check";
import { GUESTBOOK_REPLICAS } from "../../../../config/example-application/settings";

const settings = {
  namespaceLabels: { exposure: "true" },
  exposures: [{ router: "public", host: "guestbook.example.com", labels: { exposure: "public" } }],
};
const route = guestbookRoute(settings.exposures[0]);
const objects = [
  exampleNamespace(settings),
  exampleQuota(),
  exampleLimits(),
  ...exampleNetworkPolicies(),
  databaseSecret("secret"),
  databaseService(),
  databaseSet(),
  guestbookProgram(),
  guestbookDeployment(),
  guestbookAutoscaler(),
  guestbookBudget(),
  guestbookService(),
  route,
];

interface Container {
  readonly env: readonly { readonly name: string; readonly value?: string }[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly resources: {
    readonly requests: Record<"cpu" | "memory", string>;
    readonly limits: Record<"memory" | "ephemeral-storage", string>;
  };
  readonly securityContext: object;
}

interface Workload {
  readonly selector: { readonly matchLabels: object };
  readonly template: { readonly metadata: { readonly labels: object }; readonly spec: { readonly containers: readonly Container[] } };
}

const workloads = [guestbookDeployment(), databaseSet()].map(({ spec }) => spec as Workload);
const containerOf = ({ template }: Workload): Container => template.spec.containers[0];
const amount = (quantity: string): number => {
  const [, number, unit] = /^(\d+)(m|Mi|Gi|)$/.exec(quantity) ?? [];
  return Number(number) * { m: 0.001, Mi: 1, Gi: 1024, "": 1 }[unit as "m"];
};

test.each(objects.map((object) => [nameObject(object), object] as const))(
  "the object matches the definition of its kind: %s",
  (_, object) => {
    expect(schemaProblems(object)).toEqual([]);
  },
);

test("the quota has room for all web servers and the database, also during a rollout and while the database's pod is replaced", () => {
  const { hard } = exampleQuota().spec as { hard: Readonly<Record<string, string>> };
  const [web, database] = workloads.map(containerOf);
  const sum = (part: (container: Container) => string): number =>
    (GUESTBOOK_REPLICAS.max + 1) * amount(part(web)) + 2 * amount(part(database));
  expect(sum(({ resources }) => resources.requests.cpu)).toBeLessThanOrEqual(amount(hard["requests.cpu"]));
  expect(sum(({ resources }) => resources.requests.memory)).toBeLessThanOrEqual(amount(hard["requests.memory"]));
  expect(sum(({ resources }) => resources.limits.memory)).toBeLessThanOrEqual(amount(hard["limits.memory"]));
  const disk = sum(({ resources }) => resources.limits["ephemeral-storage"]);
  expect(disk).toBeLessThanOrEqual(amount(hard["limits.ephemeral-storage"]));
  expect(GUESTBOOK_REPLICAS.max + 1 + 2).toBeLessThanOrEqual(Number(hard.pods));
});

test("no container exceeds the limit range", () => {
  const [{ max }] = (exampleLimits().spec as { limits: { max: { memory: string } }[] }).limits;
  for (const container of workloads.map(containerOf))
    expect(amount(container.resources.limits.memory)).toBeLessThanOrEqual(amount(max.memory));
});

test("all containers satisfy the Pod Security level restricted, and get no service account token", () => {
  for (const { template } of workloads) {
    expect(template.spec).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    });
    expect(containerOf({ template } as Workload).securityContext).toEqual({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
    });
  }
});

test("the password is only in the Secret", () => {
  expect(
    objects
      .filter((object) => object.kind !== "Secret")
      .map((object) => JSON.stringify(object))
      .join("\n"),
  ).not.toMatch(/"secret"/);
  for (const workload of workloads)
    for (const { name, value } of containerOf(workload).env) if (/PASSWORD$/.test(name)) expect(value).toBeUndefined();
});

test("the Services select the pods, and the web servers connect to the database through its Service's name and port", () => {
  const [web, database] = workloads;
  for (const [service, workload] of [
    [guestbookService(), web],
    [databaseService(), database],
  ] as const) {
    expect((service.spec as { selector: object }).selector).toEqual(workload.template.metadata.labels);
    expect(workload.selector.matchLabels).toEqual(workload.template.metadata.labels);
  }
  const variables = Object.fromEntries(containerOf(web).env.map(({ name, value }) => [name, value]));
  expect([variables.PGHOST, variables.PGPORT]).toEqual([
    databaseService().metadata.name,
    String(containerOf(database).ports[0].containerPort),
  ]);
  expect((route.spec as { port: { targetPort: string } }).port.targetPort).toBe("http");
});

test("only the web servers reach the database, and they reach nothing but the database and DNS", () => {
  const policies = Object.fromEntries(
    exampleNetworkPolicies().map(({ metadata, spec }) => [metadata.name, spec as Record<string, unknown>]),
  );
  expect(policies["deny-by-default"]).toEqual({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
  const [web, database] = workloads.map(({ template }) => template.metadata.labels);
  expect(policies.database.ingress).toEqual([{ from: [{ podSelector: { matchLabels: web } }], ports: [{ protocol: "TCP", port: 5432 }] }]);
  expect(policies.database.egress).toBeUndefined();
  const [toDatabase, toDns, ...others] = policies.web.egress as { to: object[] }[];
  expect(toDatabase.to).toEqual([{ podSelector: { matchLabels: database } }]);
  expect(toDns.to).toEqual([{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "openshift-dns" } } }]);
  expect(others).toEqual([]);
});

test("the web servers' pods have the program's digest as annotation, so that a changed program starts them again", () => {
  const { annotations } = (guestbookDeployment().spec as { template: { metadata: { annotations: Record<string, string> } } }).template
    .metadata;
  expect(annotations["okd-aws/program"]).toMatch(/^[0-9a-f]{64}$/);
});
