/** The wait until Velero can use a backup location with the backups of another cluster. */
import { readLocation } from "../../../../steps/velero/location";
import { stoppedClock } from "../../lib/stopped-clock";
import { FakeVelero } from "./fake-velero";

const start = Date.parse("2026-01-01T00:01:00Z");
const at = (seconds: number) => new Date(start + seconds * 1000).toISOString();
const request = { namespace: "velero", location: "prod", schedules: ["nightly", "daily"] };

function scene(status: Readonly<Record<string, string>>, schedule = "other") {
  const labels = { "velero.io/storage-location": "prod", "velero.io/schedule-name": schedule };
  const velero = new FakeVelero({
    "backupstoragelocations/prod": { metadata: { name: "prod" }, status },
    "backups/daily-1": { metadata: { name: "daily-1", labels } },
    "backups/own-1": { metadata: { name: "own-1", labels: { "velero.io/storage-location": "default" } } },
  });
  const said: string[] = [];
  const run = () => readLocation(request, { client: velero.client, say: (text) => said.push(text), clock: stoppedClock(start) });
  return { run, said };
}

test("the wait for a location ends when Velero has listed the backups, and prints the number of the location's backups", async () => {
  const { run, said } = scene({ phase: "Available", lastSyncedTime: at(5) });
  await run();
  expect(said).toEqual(["the location prod has 1 backups"]);
});

test("the wait for a location warns if a schedule of this cluster has the name of a schedule in the location's backups", async () => {
  const { run, said } = scene({ phase: "Available", lastSyncedTime: at(5) }, "daily");
  await run();
  expect(said[1]).toContain("schedules with the names of this cluster's: daily. VeleroBackupMissed does not fire");
});

test("the wait for a location does not end with a list from before the last change", async () => {
  const { run } = scene({ phase: "Available", lastSyncedTime: at(-120) });
  await expect(run()).rejects.toThrow("Velero has not listed the backups yet");
});

test("the wait for a location fails with Velero's reason if the bucket does not exist", async () => {
  const { run } = scene({ phase: "Unavailable", message: "NoSuchBucket: prod" });
  await expect(run()).rejects.toThrow(
    "can't use the bucket of the location prod after 10 minutes. the bucket is Unavailable: NoSuchBucket",
  );
});
