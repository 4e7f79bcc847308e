import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Listening, targetHealth, writeTargetHealth } from "../../../../sandbox/machines";
import { bootstrapServes, type BreakableSnapshot, smallSnapshot, mustFind } from "./small-snapshot";

const healthOf = (snapshot: BreakableSnapshot, listening: Listening = bootstrapServes) =>
  Object.fromEntries(
    targetHealth(snapshot, listening)
      .filter(({ targetGroupId }) => targetGroupId === "arn:tg/demo-1-aint")
      .map(({ target, state, reason }) => [target.id, reason ?? state]),
  );
const answering =
  (status: number, protocol: "http" | "https" = "https"): Listening =>
  () => ({ protocol, statusOf: () => status });

test("every target of every target group is checked", () => {
  expect(targetHealth(smallSnapshot(), bootstrapServes)).toHaveLength(6);
  expect(healthOf(smallSnapshot())).toEqual({ "10.0.0.5": "healthy", "10.0.16.10": "Target.Timeout" });
});

describe("the health of a target has AWS's reason:", () => {
  const both = (reason: string) => ({ "10.0.0.5": reason, "10.0.16.10": reason });
  const changes: [change: (snapshot: BreakableSnapshot) => unknown, reason: string, listening?: Listening][] = [
    [() => undefined, "healthy", answering(200)],
    [() => undefined, "healthy", answering(399)],
    [() => undefined, "Target.ResponseCodeMismatch", answering(500)],
    [() => undefined, "Target.FailedHealthChecks", answering(200, "http")],
    [(snapshot) => mustFind(snapshot.securityGroups, "sg-master").ingress.shift(), "Target.Timeout", answering(200)],
    [(snapshot) => (mustFind(snapshot.targetGroups, "demo-1-aint").healthCheck.port = 10080), "Target.Timeout", answering(200)],
    [(snapshot) => (mustFind(snapshot.targetGroups, "demo-1-aint").healthCheck.protocol = "TCP"), "healthy", answering(500, "http")],
    [
      (snapshot) => (mustFind(snapshot.targetGroups, "demo-1-aint").healthCheck.codes = "200,204"),
      "Target.ResponseCodeMismatch",
      answering(201),
    ],
    [(snapshot) => (mustFind(snapshot.targetGroups, "demo-1-aint").loadBalancerIds = []), "Target.NotInUse", answering(200)],
    [(snapshot) => snapshot.instances.map((instance) => (instance.state = "stopped")), "Target.Timeout", answering(200)],
  ];
  it.each(changes.map(([change, reason, listening], index) => ({ index, change, reason, listening })))(
    "case $index: $reason",
    ({ change, reason, listening }) => {
      const snapshot = smallSnapshot();
      change(snapshot);
      expect(healthOf(snapshot, listening)).toEqual(both(reason));
    },
  );
});

test("a target that is registered by instance ID has the health Target.InvalidState while the instance is stopped", () => {
  const snapshot = smallSnapshot();
  const group = mustFind(snapshot.targetGroups, "demo-1-aint");
  Object.assign(group, { targetType: "instance", targets: [{ id: "i-bootstrap", port: 6443 }] });
  expect(healthOf(snapshot)).toEqual({ "i-bootstrap": "healthy" });
  mustFind(snapshot.instances, "i-bootstrap").state = "stopped";
  expect(healthOf(snapshot)).toEqual({ "i-bootstrap": "Target.InvalidState" });
});

test("a health check without a port uses the port with which a target is registered", () => {
  const snapshot = smallSnapshot();
  const group = mustFind(snapshot.targetGroups, "demo-1-aint");
  delete group.healthCheck.port;
  expect(healthOf(snapshot)).toMatchObject({ "10.0.0.5": "healthy" });
});

test("the health file for the emulated AWS is readable only by its owner and ordered by group and target", () => {
  const directory = mkdtempSync(join(tmpdir(), "target-health-"));
  try {
    writeTargetHealth(directory, targetHealth(smallSnapshot(), bootstrapServes));
    const file = join(directory, "target-health.json");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const written = JSON.parse(readFileSync(file, "utf8")) as Record<string, Record<string, unknown>>;
    expect(Object.keys(written)).toEqual(["arn:tg/demo-1-aext", "arn:tg/demo-1-aint", "arn:tg/demo-1-sint"]);
    expect(written["arn:tg/demo-1-sint"]).toEqual({
      "10.0.0.5:22623": { state: "healthy" },
      "10.0.16.10:22623": {
        state: "unhealthy",
        reason: "Target.Timeout",
        description: "nothing listens on port 22623 of i-master",
      },
    });
  } finally {
    rmSync(directory, { recursive: true });
  }
});
