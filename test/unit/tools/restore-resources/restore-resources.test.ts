/** The tool that lists backups and restores a namespace: its arguments, output and exit codes. */
import { readArguments, type RestoreArguments } from "../../../../tools/restore-resources/arguments";
import { containsNamespace, findVelero } from "../../../../tools/restore-resources/backups";
import { restoreResources } from "../../../../tools/restore-resources/run";
import type { readResults } from "../../../../steps/velero/results";
import type { VolumeContents } from "../../../../steps/velero/volumes";
import { stoppedClock } from "../../lib/stopped-clock";
import { FakeVelero, type FakeObject } from "../../steps/velero/fake-velero";

const backup = (name: string, phase: string, start: string, spec: object = {}, storageLocation = "default"): FakeObject => ({
  metadata: { name, labels: { "velero.io/schedule-name": "daily" } },
  spec: { storageLocation, ...spec },
  status: { phase, startTimestamp: start, progress: { itemsBackedUp: 7 } },
});
const location = (name: string, status: Readonly<Record<string, unknown>>): FakeObject => ({ metadata: { name }, status });
const server = "/apis/apps/v1/namespaces/velero/deployments/velero";
const backups = {
  [server]: { metadata: { name: "velero" } },
  "backupstoragelocations/default": location("default", { phase: "Available" }),
  "backupstoragelocations/prod": location("prod", { phase: "Available" }),
  "backups/prod-1": backup("prod-1", "Completed", "2026-01-03T03:00:00Z", {}, "prod"),
  "backups/daily-1": backup("daily-1", "Completed", "2026-01-01T03:00:00Z", { excludedNamespaces: ["openshift-*"] }),
  "backups/daily-2": backup("daily-2", "Failed", "2026-01-02T03:00:00Z"),
};

function scene(
  status: Readonly<Record<string, unknown>> = { phase: "Completed", progress: { itemsRestored: 4 } },
  more: Record<string, FakeObject> = {},
  volumes: Partial<VolumeContents> | { readonly unread: string } = {},
  results: Awaited<ReturnType<typeof readResults>> = { errors: [], warnings: [] },
) {
  const velero = new FakeVelero({ ...backups, ...more }, (plural, object) => {
    if (plural === "restores") object.status = status;
  });
  const [printed, said] = [[] as string[], [] as string[]];
  const start = (asked: Partial<RestoreArguments>) =>
    restoreResources(
      { stack: "prod", location: "default", dryRun: false, json: false, ...asked },
      {
        client: velero.client,
        clock: stoppedClock(),
        volumes: () =>
          Promise.resolve("unread" in volumes ? volumes : { empty: [], unknown: [], reused: [], snapshots: [], files: [], ...volumes }),
        results: () => Promise.resolve(results),
        say: (text) => said.push(text),
        print: (text) => printed.push(text),
      },
    );
  const restores = () => velero.created.filter(({ kind }) => kind === "Restore");
  return { start, printed, said, restores };
}
const shop = { backup: "daily-1", from: "shop", to: "shop", emptyVolumes: false };

describe("the arguments", () => {
  test.each<[string, string[], string]>([
    ["no stack", [], "the stack is missing"],
    ["a namespace without a backup", ["--stack", "prod", "--namespace", "shop"], "the backup is missing"],
    ["a backup without a namespace", ["--stack", "prod", "--backup", "daily-1"], "the namespace is missing"],
    ["an unknown option", ["--stack", "prod", "--all"], "--all"],
    [
      "a new name in the platform",
      ["--stack", "prod", "--backup", "b", "--namespace", "a", "--to", "openshift-etcd"],
      "the platform's namespaces",
    ],
    ["a pattern of namespaces", ["--stack", "prod", "--backup", "b", "--namespace", "team-*", "--to", "copy"], "patterns are not allowed"],
    ["Velero's own namespace as the new name", ["--stack", "prod", "--backup", "b", "--namespace", "a", "--to", "velero"], "Velero's own"],
    ["OADP's namespace as the new name", ["--stack", "prod", "--backup", "b", "--namespace", "a", "--to", "openshift-adp"], "Velero's own"],
    ["a new name that is not a name", ["--stack", "prod", "--backup", "b", "--namespace", "a", "--to", "A_B"], "lower-case letters"],
  ])("are refused with %s", (_, args, message) => {
    expect(readArguments(args)).toEqual(expect.stringContaining(message));
  });

  test("name the backup, the namespace and its new name", () => {
    const flags = { dryRun: true, json: true };
    expect(readArguments(["--stack", "prod", "--backup", "b", "--namespace", "a", "--to", "c", "--dry-run", "--json"])).toEqual({
      stack: "prod",
      location: "default",
      restore: { backup: "b", from: "a", to: "c", emptyVolumes: false },
      ...flags,
    });
  });
});

test("the backups are listed, the newest first", async () => {
  const { start, printed } = scene();
  expect(await start({})).toBe(0);
  expect(
    printed
      .join("")
      .split("\n")
      .map((line) => line.split(/ +/).slice(0, 3).join(" ")),
  ).toEqual(["backup phase schedule", "daily-2 Failed daily", "daily-1 Completed daily", ""]);
});

test.each([
  ["is unknown, with the list of those that exist", { ...shop, backup: "daily-9" }, /no backup daily-9.*\n.*phase.*\ndaily-2 .*\ndaily-1 /],
  ["has failed", { ...shop, backup: "daily-2" }, /daily-2 is Failed/],
  ["leaves the namespace out", { ...shop, from: "openshift-etcd" }, /does not contain the namespace openshift-etcd.*excludes openshift-\*/],
])("a restore is refused if the backup %s", async (_, restore, message) => {
  const { start, restores } = scene();
  await expect(start({ restore })).rejects.toThrow(message);
  expect(restores()).toEqual([]);
});

test("a dry run restores nothing, and says that existing objects stay", async () => {
  const { start, restores, printed, said } = scene(undefined, { "/api/v1/namespaces/shop": { metadata: { name: "shop" } } });
  expect(await start({ restore: shop, dryRun: true })).toBe(0);
  expect([restores(), printed.join("")]).toEqual([[], expect.stringContaining("Nothing was changed")]);
  expect(said.join()).toContain("objects that are in it stay as they are");
});

test.each([
  [
    "lacks the content of volumes",
    { empty: ["data", "logs"] },
    /does not have the content of these claims' volumes.*: data, logs\..*EMPTY_VOLUMES=1/,
  ],
  ["does not tell its volumes", { unread: "S3 answered 403" }, /can't be read.*S3 answered 403.*EMPTY_VOLUMES=1/],
])("a restore is refused without a flag if the backup %s", async (_, volumes, message) => {
  const { start, restores } = scene(undefined, {}, volumes);
  await expect(start({ restore: shop })).rejects.toThrow(message);
  expect(restores()).toEqual([]);
});

test("if empty volumes are allowed, the restore makes them empty, and the output names them before and after", async () => {
  const { start, printed, said } = scene(undefined, {}, { empty: ["data"] });
  expect(await start({ restore: { ...shop, emptyVolumes: true } })).toBe(0);
  expect(said[0]).toContain("come back empty: data");
  expect(printed.join("")).toContain("empty volumes:\n  data\n");
});

test("the exit code is 1 if objects exist and differ, because Velero leaves them as they are", async () => {
  const warning =
    "could not restore, ConfigMap:prices already exists. Warning: the in-cluster version is different than the backed-up version";
  const { start, printed } = scene(undefined, {}, { empty: [] }, { errors: [], warnings: [`shop: ${warning}`, "shop: another"] });
  expect(await start({ restore: shop })).toBe(1);
  expect(printed.join("")).toContain("1 object exists and differs; Velero left it as it is");
});

describe("with OADP, whose plugin adds annotations to workloads", () => {
  const differs = (object: string) =>
    `shop: could not restore, ${object} already exists. Warning: the in-cluster version is different than the backed-up version`;
  const prefix = "/apis/velero.io/v1/namespaces/openshift-adp/";
  const objects = {
    "/apis/apps/v1/namespaces/openshift-adp/deployments/velero": { metadata: { name: "velero" } },
    [`${prefix}backupstoragelocations/default`]: backups["backupstoragelocations/default"],
    [`${prefix}backups/daily-1`]: backups["backups/daily-1"],
  };
  test.each([
    ["Deployment:web", 0],
    ["ConfigMap:prices", 1],
  ])("after a restore that leaves a different %s, the exit code is %s", async (object, code) => {
    const velero = new FakeVelero(objects, (plural, created) => {
      if (plural.endsWith("/restores")) created.status = { phase: "Completed", progress: { itemsRestored: 4 } };
    });
    const asked = { stack: "prod", location: "default", dryRun: false, json: false, restore: shop };
    const context = {
      client: velero.client,
      clock: stoppedClock(),
      volumes: () => Promise.resolve({ empty: [], unknown: [], reused: [], snapshots: [], files: [] }),
      results: () => Promise.resolve({ errors: [], warnings: [differs(object)] }),
      say: () => undefined,
      print: () => undefined,
    };
    expect(await restoreResources(asked, context)).toBe(code);
  });
});

describe("a claim with a snapshot", () => {
  const claims = "/api/v1/namespaces/shop/persistentvolumeclaims/data";
  const claim = (phase: string): FakeObject => ({
    metadata: { name: "data", labels: { "velero.io/restore-name": "daily-1-20260101000000" } },
    spec: { dataSource: { kind: "VolumeSnapshot", name: "velero-data-1" } },
    status: { phase },
  });
  const pod = {
    metadata: { name: "db" },
    spec: { volumes: [{ persistentVolumeClaim: { claimName: "data" } }] },
  };
  const snapshot = (status: Readonly<Record<string, unknown>>) => ({ metadata: { name: "velero-data-1" }, status });
  const [podPath, snapshotPath] = [
    "/api/v1/namespaces/shop/pods/db",
    "/apis/snapshot.storage.k8s.io/v1/namespaces/shop/volumesnapshots/velero-data-1",
  ];

  test.each<[string, Readonly<Record<string, FakeObject>>]>([
    ["is bound", { [claims]: claim("Bound") }],
    ["has a usable snapshot, and no pod uses it yet", { [claims]: claim("Pending"), [snapshotPath]: snapshot({ readyToUse: true }) }],
  ])("is restored if it %s", async (_, objects) => {
    expect(await scene(undefined, objects).start({ restore: shop })).toBe(0);
  });

  test.each<[string, Readonly<Record<string, FakeObject>>, string]>([
    ["snapshot is gone", { [snapshotPath]: snapshot({ error: { message: "no such snapshot" } }) }, "no such snapshot"],
    ["pod waits for the volume", { [snapshotPath]: snapshot({ readyToUse: true }), [podPath]: pod }, "the claim data has no volume"],
  ])("makes the exit code 1 if its %s", async (_, objects, message) => {
    const { start, printed } = scene(undefined, { [claims]: claim("Pending"), ...objects });
    expect(await start({ restore: shop })).toBe(1);
    expect(printed.join("")).toContain(message);
  });

  test("is restored only with the flag for empty volumes if the cluster has no CRDs of snapshots", async () => {
    const { start, restores } = scene(undefined, {}, { snapshots: ["data"] });
    await expect(start({ restore: shop })).rejects.toThrow(/come back empty: data\./);
    expect(restores()).toEqual([]);
    const group = { "/apis/snapshot.storage.k8s.io": { metadata: { name: "group" } } };
    expect(await scene(undefined, group, { snapshots: ["data"] }).start({ restore: shop })).toBe(0);
  });
});

test.each(["ConfigMap:kube-root-ca.crt", "RoleBinding:system:deployers", "ServiceAccount:builder"])(
  "a different %s, which the cluster creates in each namespace, does not make the exit code 1",
  async (object) => {
    const warning = `could not restore, ${object} already exists. Warning: the in-cluster version is different than the backed-up version`;
    const { start } = scene(undefined, {}, { empty: [] }, { errors: [], warnings: [`shop: ${warning}`] });
    expect(await start({ restore: shop })).toBe(0);
  },
);

test("resources that OpenShift makes out of other objects are not restored", async () => {
  const { start, restores } = scene();
  await start({ restore: shop });
  const { excludedResources } = restores()[0].spec as { excludedResources: string[] };
  expect(excludedResources).toEqual(
    expect.arrayContaining(["imagetags.image.openshift.io", "builds.build.openshift.io", "rolebindings.authorization.openshift.io"]),
  );
});

test("the error for a cluster without Velero says that Velero is missing", async () => {
  const { client } = new FakeVelero({});
  const asked = { stack: "prod", location: "default", dryRun: false, json: false };
  await expect(restoreResources(asked, { client, say: () => undefined, print: () => undefined })).rejects.toThrow(
    "this cluster has no Velero: set veleroSchedules",
  );
});

test("a namespace is restored under another name", async () => {
  const { start, restores } = scene();
  expect(await start({ restore: { ...shop, to: "copy" } })).toBe(0);
  expect(restores()[0]).toMatchObject({
    metadata: { name: "daily-1-20260101000000", namespace: "velero" },
    spec: { backupName: "daily-1", includedNamespaces: ["shop"], namespaceMapping: { shop: "copy" } },
  });
});

test.each<[string, Readonly<Record<string, unknown>>, string]>([
  ["is incomplete", { phase: "PartiallyFailed", errors: 1, progress: { itemsRestored: 3 } }, "the restore is PartiallyFailed: 1 error"],
  ["is refused by Velero", { phase: "FailedValidation", validationErrors: ["no such backup"] }, "no such backup"],
  ["finds no object", { phase: "Completed", progress: { itemsRestored: 0 } }, "contains no object of this namespace"],
])("the exit code is 1 if the restore %s, and the reason is printed", async (_, status, message) => {
  const { start, printed } = scene(status);
  expect(await start({ restore: shop })).toBe(1);
  expect(printed.join("")).toContain(message);
});

test("with --json the result is one document", async () => {
  const { start, printed } = scene();
  expect(await start({ restore: shop, json: true })).toBe(0);
  expect(JSON.parse(printed.join(""))).toMatchObject({ phase: "Completed", objects: 4, errors: [], complete: true });
});

test.each<[string[], string[], string, boolean]>([
  [[], [], "a", true],
  [["team-*"], [], "team-a", true],
  [["team-*"], [], "my-team-a", false],
  [["team-?"], [], "team-ab", false],
  [[], ["openshift", "openshift-*"], "openshift-etcd", false],
  [["a.b"], [], "axb", false],
])("the namespaces %j without %j contain %s: %s", (included, excluded, namespace, expected) => {
  expect(containsNamespace({ included, excluded }, namespace)).toBe(expected);
});

describe("another cluster's location", () => {
  const fromProd = { backup: "prod-1", from: "shop", to: "shop", emptyVolumes: false };

  test("has only its own backups in its list", async () => {
    const { start, printed } = scene();
    expect(await start({ location: "prod", json: true })).toBe(0);
    const { backups: found } = JSON.parse(printed.join("")) as { backups: { name: string }[] };
    expect(found.map(({ name }) => name)).toEqual(["prod-1"]);
  });

  test("can be the source of a restore", async () => {
    const { start, restores } = scene();
    expect(await start({ location: "prod", restore: fromProd })).toBe(0);
    expect(restores()[0]).toMatchObject({ spec: { backupName: "prod-1", includedNamespaces: ["shop"] } });
  });

  test("does not offer the backups of this cluster", async () => {
    await expect(scene().start({ location: "prod", restore: shop })).rejects.toThrow("there is no backup daily-1 in the location prod");
  });

  test.each([
    ["does not exist", "test", {}, "no location test. Allowed: default, prod"],
    [
      "can't be used",
      "broken",
      { "backupstoragelocations/broken": location("broken", { phase: "Unavailable", message: "AccessDenied" }) },
      "the bucket is Unavailable: AccessDenied",
    ],
  ])("is refused as a source if it %s", async (_, name, more, message) => {
    await expect(scene(undefined, more).start({ location: name })).rejects.toThrow(message);
  });

  test.each([
    [
      "would get the other cluster's volumes",
      { reused: ["data"] },
      /reclaim policy is Retain: data\. Velero would use the other cluster's/,
    ],
    ["does not tell its volumes", { unread: "S3 answered 403" }, /might get volumes of the other one: S3 answered 403/],
  ])("is not restored from if the cluster %s, whatever the flags are", async (_, volumes, message) => {
    const { start, restores } = scene(undefined, {}, volumes);
    await expect(start({ location: "prod", restore: { ...fromProd, emptyVolumes: true } })).rejects.toThrow(message);
    expect(restores()).toEqual([]);
  });
});

test("the namespace of Velero is that of OADP if Velero runs there", async () => {
  const oadp = "/apis/apps/v1/namespaces/openshift-adp/deployments/velero";
  expect(await findVelero(new FakeVelero({ [oadp]: { metadata: { name: "velero" } } }).client)).toBe("openshift-adp");
});
