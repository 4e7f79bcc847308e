/** The first backup of a schedule: its creation, and the errors. */
import { makeFirstBackup } from "../../../../steps/velero/first-backup";
import { stoppedClock } from "../../lib/stopped-clock";
import { FakeVelero, type FakeObject } from "./fake-velero";

const available = { metadata: { name: "default" }, status: { phase: "Available" } };
const template = { ttl: "720h0m0s", snapshotVolumes: false };
const schedule = {
  metadata: { name: "daily", creationTimestamp: "2026-01-01T00:00:00Z", labels: { team: "a" } },
  spec: { template },
  status: { phase: "Enabled" },
};
const backup = (name: string, phase: string, startTimestamp: string, storageLocation = "default"): FakeObject => ({
  metadata: { name, labels: { "velero.io/schedule-name": "daily" } },
  spec: { storageLocation },
  status: { phase, startTimestamp, progress: { itemsBackedUp: 1 } },
});
const base = { "backupstoragelocations/default": available, "schedules/daily": schedule };

function scene(
  objects: Readonly<Record<string, FakeObject>>,
  answer: Readonly<Record<string, unknown>> = { phase: "Completed", progress: { itemsBackedUp: 1 } },
) {
  const velero = new FakeVelero({ ...base, ...objects }, (plural, object) => {
    if (plural === "backups") object.status = answer;
  });
  const said: string[] = [];
  const run = () =>
    makeFirstBackup(
      { namespace: "velero", schedule: "daily" },
      { client: velero.client, say: (text) => said.push(text), clock: stoppedClock(Date.parse("2026-01-01T00:00:05Z")) },
    );
  const backups = () => velero.created.filter(({ kind }) => kind === "Backup");
  return { run, said, backups };
}

test("the first backup is created from the schedule's template, with the schedule's labels and name", async () => {
  const { run, backups, said } = scene({}, { phase: "Completed", progress: { itemsBackedUp: 12 } });
  await run();
  expect(backups()).toEqual([
    {
      apiVersion: "velero.io/v1",
      kind: "Backup",
      metadata: { name: "daily-20260101000005", namespace: "velero", labels: { team: "a", "velero.io/schedule-name": "daily" } },
      spec: template,
      status: expect.anything() as unknown,
    },
  ]);
  expect(said.at(-1)).toBe("the backup daily-20260101000005 is complete: 12 objects");
});

test("the first backup is not made again if the schedule has a complete backup", async () => {
  const { run, backups } = scene({ "backups/daily-1": backup("daily-1", "Completed", "2026-01-01T00:00:01Z") });
  await run();
  expect(backups()).toEqual([]);
});

test.each([
  ["from before the schedule existed, which Velero has found in the bucket", "Completed", "2025-06-01T00:00:00Z", "default"],
  ["of a schedule with the same name in another cluster", "Completed", "2026-01-01T00:00:01Z", "prod"],
  ["that has failed", "Failed", "2026-01-01T00:00:01Z", "default"],
  ["that is incomplete", "PartiallyFailed", "2026-01-01T00:00:01Z", "default"],
])("the first backup is made although there is a backup %s", async (_, phase, time, location) => {
  const { run, backups } = scene({ "backups/daily-1": backup("daily-1", phase, time, location) });
  await run();
  expect(backups()).toHaveLength(1);
});

test.each<[string, Readonly<Record<string, unknown>>, string]>([
  [
    "Velero refuses the backup",
    { phase: "FailedValidation", validationErrors: ["an existing backup storage location was not specified"] },
    "an existing backup storage location",
  ],
  ["the backup fails", { phase: "Failed", failureReason: "error uploading" }, "is Failed, not Completed: error uploading"],
  [
    "objects are missing, even if Velero's messages can't be read",
    { phase: "PartiallyFailed", errors: 2 },
    "is PartiallyFailed, not Completed: 2 errors",
  ],
])("the first backup fails with Velero's reason if %s", async (_, answer, message) => {
  await expect(scene({}, answer).run()).rejects.toThrow(message);
});

test("the first backup fails if Velero refuses the schedule", async () => {
  const refused = { ...schedule, status: { phase: "FailedValidation", validationErrors: ["invalid schedule"] } };
  await expect(scene({ "schedules/daily": refused }).run()).rejects.toThrow("Velero refuses the schedule daily: invalid schedule");
});

test("the first backup fails with the bucket's state if the bucket does not become available", async () => {
  const unavailable = { ...available, status: { phase: "Unavailable", message: "AccessDenied" } };
  await expect(scene({ "backupstoragelocations/default": unavailable }).run()).rejects.toThrow(
    "Velero can't use the bucket of the location default after 10 minutes. the bucket is Unavailable: AccessDenied",
  );
});

test("the first backup fails if it has no objects, because no namespace matches", async () => {
  await expect(scene({}, { phase: "Completed", progress: { itemsBackedUp: 0 } }).run()).rejects.toThrow("has no objects");
});

test("the first backup does not wait until AWS has copied the snapshots of volumes", async () => {
  const { run, said } = scene({}, { phase: "WaitingForPluginOperations", progress: { itemsBackedUp: 3 } });
  await run();
  expect(said.at(-1)).toContain("has 3 objects; AWS goes on with the snapshots");
});

test("the first backup fails if it does not end", async () => {
  await expect(scene({}, { phase: "InProgress", progress: { itemsBackedUp: 3, totalItems: 9 } }).run()).rejects.toThrow(
    "has not ended after 120 minutes: InProgress, 3 of 9 objects",
  );
});
