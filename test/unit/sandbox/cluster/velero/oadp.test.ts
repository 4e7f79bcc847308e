/** The stand-in for OADP: the objects that it makes out of a DataProtectionApplication, and the objects that it refuses. */
import { dataProtectionApplication } from "../../../../../cluster-objects/velero/oadp";
import { veleroProcess, type Workload } from "../../../../../sandbox/cluster/velero/container";
import type { Api } from "../../../../../sandbox/cluster/api";
import { OadpOperatorStandIn } from "../../../../../sandbox/cluster/velero/oadp-operator-stand-in";
import { oadpRefusal } from "../../../../../sandbox/cluster/velero/oadp-refusals";
import { hasNodeAgent, oadpNodeAgent } from "../../../../../sandbox/cluster/velero/oadp-node-agent";
import { type DataProtection, oadpLocations, oadpServer } from "../../../../../sandbox/cluster/velero/oadp-server";

const credentials = { secret: "cloud-credentials", key: "credentials" };
const bucket = { bucket: "b", region: "us-east-1" };
const application = (location = {}) =>
  dataProtectionApplication({ snapshots: true }, { ...bucket, ...location }) as unknown as DataProtection;
const changed = (change: (spec: Record<string, unknown>) => void): DataProtection => {
  const copy = structuredClone(application({ credentials }));
  change(copy.spec);
  return copy;
};
const secrets = (name: string) => (name === "cloud-credentials" ? { credentials: "W2RlZmF1bHRd" } : undefined);

test("the program's DataProtectionApplication is accepted", () => {
  const own = application({ credentials });
  expect(oadpRefusal(own, [own], secrets)).toBeUndefined();
});

test.each<[string, DataProtection, string]>([
  ["whose Secret does not exist", application({ credentials: { secret: "other", key: "x" } }), 'Secret "other" not found'],
  ["whose Secret lacks the key", application(), "secret name cloud-credentials is missing data for key cloud"],
  ["with images but without a prefix", changed((spec) => delete spec.backupImages), "BackupLocation must have velero prefix"],
  ["without a location", changed((spec) => (spec.backupLocations = [])), "no backupstoragelocations configured"],
  [
    "with locations although it has no default one",
    changed((spec) => (spec.configuration = { velero: { noDefaultBackupLocation: true } })),
    "cannot have backup locations if noDefaultBackupLocation is set",
  ],
  ["without Velero", changed((spec) => (spec.configuration = {})), "Velero configuration cannot be nil"],
  [
    "with two plugins for AWS",
    changed((spec) => (spec.configuration = { velero: { defaultPlugins: ["aws", "legacy-aws"] } })),
    "aws and legacy-aws can not be both specified",
  ],
])("an object %s is refused in OADP's words", (_, object, message) => {
  expect(oadpRefusal(object, [object], secrets)).toContain(message);
});

test("a second DataProtectionApplication in the namespace is refused", () => {
  const own = application({ credentials });
  expect(oadpRefusal(own, [own, own], secrets)).toBe("only one DPA CR can exist per OADP installation namespace");
});

test("the backup location has OADP's labels, and an owner reference, so that it is deleted with its DataProtectionApplication", () => {
  const [{ metadata, spec }] = oadpLocations(application({ credentials }));
  expect(metadata).toMatchObject({
    name: "default",
    labels: { "app.kubernetes.io/component": "bsl" },
    ownerReferences: [{ name: "okd-aws" }],
  });
  expect(spec).toMatchObject({
    default: true,
    credential: { name: "cloud-credentials", key: "credentials" },
    config: { checksumAlgorithm: "" },
  });
});

test("the server runs with CSI and the plugin for AWS, and without credentials in its environment if the location has its own", () => {
  const { args, env, pluginDirectory } = veleroProcess(oadpServer(application({ credentials })) as unknown as Workload, "/v");
  expect(args).toEqual([
    "server",
    "--features=EnableCSI",
    "--fs-backup-timeout=4h",
    "--disable-informer-cache=false",
    "--plugin-dir=/v/plugins",
  ]);
  expect(env).toMatchObject({ VELERO_NAMESPACE: "openshift-adp" });
  expect(env).not.toHaveProperty("AWS_SHARED_CREDENTIALS_FILE");
  expect(pluginDirectory).toBe("/v/plugins");
});

test("the server reads the default Secret if the location names none", () => {
  const { env } = veleroProcess(oadpServer(application()) as unknown as Workload, "/v");
  expect(env).toMatchObject({ AWS_SHARED_CREDENTIALS_FILE: "/v/cloud-credentials/cloud" });
});

test("an object that is being deleted still gets its dependents, as the real operator does not notice the deletion", async () => {
  const dying = application({ credentials });
  const object = { ...dying, metadata: { ...dying.metadata, uid: "1", deletionTimestamp: "2026-01-01T00:00:00Z" } };
  const operator = { metadata: { name: "openshift-adp-controller-manager", namespace: "openshift-adp" }, status: { availableReplicas: 1 } };
  const secret = { metadata: { name: "cloud-credentials" }, data: { credentials: "W2RlZmF1bHRd" } };
  const made: string[] = [];
  let looks = 0;
  const list = (path: string) => {
    if (path.includes("/deployments")) return Promise.resolve([operator]);
    if (path.endsWith("/secrets")) return Promise.resolve([secret]);
    // The third look finds nothing: the garbage collector was faster.
    if (path.endsWith("/dataprotectionapplications")) return Promise.resolve(++looks < 3 ? [object] : []);
    return Promise.resolve([]);
  };
  const apply = ({ kind }: { kind: string }) => Promise.resolve(made.push(kind));
  const api = { list, apply, get: () => Promise.resolve(undefined), patchStatus: () => Promise.resolve() } as unknown as Api;
  await new OadpOperatorStandIn(api, () => undefined).advance();
  const dependents = ["BackupStorageLocation", "Deployment", "Service"];
  expect(made).toEqual([...dependents, ...dependents]);
});

test("the node agent exists only if it is enabled, and has the tolerations and requests of its configuration", () => {
  const agent = { enable: true, uploaderType: "kopia", podConfig: { tolerations: [{ operator: "Exists" }] } };
  const own = changed((spec) => (spec.configuration = { velero: {}, nodeAgent: agent }));
  expect([hasNodeAgent(application()), hasNodeAgent(own)]).toEqual([false, true]);
  const { spec } = (oadpNodeAgent(own) as unknown as { spec: { template: { spec: { tolerations: object[]; containers: object[] } } } }).spec
    .template;
  expect(spec.tolerations).toEqual([{ operator: "Exists" }]);
  expect(spec.containers[0]).toMatchObject({ resources: { requests: { cpu: "500m", memory: "128Mi" } } });
});
