/** The tool that lists backups and restores a namespace: its arguments, output and exit codes. */
import { readArguments, type RestoreArguments } from "../../../../tools/restore-resources/arguments";
import { containsNamespace } from "../../../../tools/restore-resources/backups";
import { restoreResources } from "../../../../tools/restore-resources/run";
import { stoppedClock } from "../../lib/stopped-clock";
import { FakeVelero, type FakeObject } from "../../steps/velero/fake-velero";

const backup = (name: string, phase: string, start: string, spec: object = {}): FakeObject => ({
  metadata: { name, labels: { "velero.io/schedule-name": "daily" } },
  spec,
  status: { phase, startTimestamp: start, progress: { itemsBackedUp: 7 } },
});
const backups = {
  "backups/daily-1": backup("daily-1", "Completed", "2026-01-01T03:00:00Z", { excludedNamespaces: ["openshift-*"] }),
  "backups/daily-2": backup("daily-2", "Failed", "2026-01-02T03:00:00Z"),
};

function scene(
  status: Readonly<Record<string, unknown>> = { phase: "Completed", progress: { itemsRestored: 4 } },
  more: Record<string, FakeObject> = {},
) {
  const velero = new FakeVelero({ ...backups, ...more }, (plural, object) => {
    if (plural === "restores") object.status = status;
  });
  const [printed, said] = [[] as string[], [] as string[]];
  const start = (asked: Partial<RestoreArguments>) =>
    restoreResources(
      { stack: "prod", dryRun: false, json: false, ...asked },
      { client: velero.client, clock: stoppedClock(), say: (text) => said.push(text), print: (text) => printed.push(text) },
    );
  const restores = () => velero.created.filter(({ kind }) => kind === "Restore");
  return { start, printed, said, restores };
}
const shop = { backup: "daily-1", from: "shop", to: "shop" };

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
    ["a new name that is not a name", ["--stack", "prod", "--backup", "b", "--namespace", "a", "--to", "A_B"], "lower-case letters"],
  ])("are refused with %s", (_, args, message) => {
    expect(readArguments(args)).toEqual(expect.stringContaining(message));
  });

  test("name the backup, the namespace and its new name", () => {
    const flags = { dryRun: true, json: true };
    expect(readArguments(["--stack", "prod", "--backup", "b", "--namespace", "a", "--to", "c", "--dry-run", "--json"])).toEqual({
      stack: "prod",
      restore: { backup: "b", from: "a", to: "c" },
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
])("namespaces %j without %j contain %s: %s", (included, excluded, namespace, expected) => {
  expect(containsNamespace({ included, excluded }, namespace)).toBe(expected);
});
