/** The restore of a backup that has the files of volumes. */
import { checkRestore } from "../../../../tools/restore-resources/restore";
import { stoppedClock } from "../../lib/stopped-clock";
import { FakeVelero, type FakeObject } from "../../steps/velero/fake-velero";

const objects: Readonly<Record<string, FakeObject>> = {
  "backupstoragelocations/default": { metadata: { name: "default" }, status: { phase: "Available" } },
  "backups/daily-1": { metadata: { name: "daily-1" }, spec: { storageLocation: "default" }, status: { phase: "Completed" } },
};
const agent = { "/apis/apps/v1/namespaces/velero/daemonsets/node-agent": { metadata: { name: "node-agent" } } };

const check = (more: Readonly<Record<string, FakeObject>>, emptyVolumes: boolean) =>
  checkRestore({ backup: "daily-1", from: "shop", to: "shop", location: "default", emptyVolumes }, "velero", {
    client: new FakeVelero({ ...objects, ...more }).client,
    clock: stoppedClock(),
    say: () => undefined,
    volumes: () => Promise.resolve({ empty: [], unknown: [], reused: [], snapshots: [], files: ["data"] }),
  });

test.each([true, false])(
  "is refused without the node agent, because the pods would wait for hours; with EMPTY_VOLUMES: %s",
  async (emptyVolumes) => {
    await expect(check({}, emptyVolumes)).rejects.toThrow(/only Velero's node agent can restore: data\..*Set veleroRepositoryPassword/);
  },
);

test("is accepted if the node agent runs", async () => {
  await expect(check(agent, false)).resolves.toMatchObject({ emptyVolumes: [] });
});

describe("a claim about whose volume the backup has nothing", () => {
  const of = (location: string, emptyVolumes: boolean) =>
    checkRestore({ backup: "daily-1", from: "shop", to: "shop", location, emptyVolumes }, "velero", {
      client: new FakeVelero({
        "backupstoragelocations/default": objects["backupstoragelocations/default"],
        [`backupstoragelocations/${location}`]: { metadata: { name: location }, status: { phase: "Available" } },
        "backups/daily-1": { ...objects["backups/daily-1"], spec: { storageLocation: location } },
      }).client,
      clock: stoppedClock(),
      say: () => undefined,
      volumes: () => Promise.resolve({ empty: [], unknown: ["data"], reused: [], snapshots: [], files: [] }),
    });

  test.each([
    ["default", /come back empty: data\. Nothing was restored/],
    ["prod", /no information about these claims' volumes: data\..*reclaim policy/],
  ])("in the location %s is restored only if the user accepts empty volumes", async (location, message) => {
    await expect(of(location, false)).rejects.toThrow(message);
    await expect(of(location, true)).resolves.toMatchObject({ emptyVolumes: ["data"] });
  });
});
