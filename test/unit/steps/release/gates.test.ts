/** The reasons that prevent an update, and whether the cluster has accepted an update. Both are computed from the cluster's objects. */
import fc from "fast-check";
import { type SimulatedClusterVersion, failedPreconditions } from "@okd-aws/sandbox/cluster/updates";
import { acceptanceOf, notAcceptedMessage } from "../../../../steps/release/acceptance";
import { checkState } from "../../../../steps/release/check";
import type { ClusterState } from "../../../../steps/release/cluster-state";
import { obstacles } from "../../../../steps/release/gates";
import type { ClusterVersion, ReleaseRequest } from "../../../../steps/release/request";
import { runningReleases } from "../../../../steps/release/running";
import { checkedDesiredUpdate } from "../../../../steps/release/update";

const gate = "ack-4.18-kube-1.32-api-removals-in-4.19";
const imageOf = (version: string) => `quay.io/openshift-release-dev/ocp-release@sha256:${version}`;
const release = (version: string) => ({ version, image: imageOf(version) });

type Status = NonNullable<ClusterVersion["status"]>;

function clusterOf(version: string, status: Status = {}, state: Partial<ClusterState> = {}): ClusterState {
  const completed = { ...release(version), state: "Completed" };
  return {
    clusterVersion: { status: { desired: release(version), history: [completed], conditions: [], ...status } },
    operators: [],
    gates: {},
    acks: {},
    credentials: {},
    ...state,
  };
}

const operator = (name: string, reason: string, message: string) => ({
  metadata: { name },
  status: { conditions: [{ type: "Upgradeable", status: "False", reason, message }] },
});
const unprepared = operator("cloud-credential", "MissingUpgradeableAnnotation", "Upgradeable annotation needs updating before upgrade.");
const request = (version: string, more: Partial<ReleaseRequest> = {}): ReleaseRequest => ({
  version,
  force: false,
  acceptRisks: false,
  ...more,
});
const forced = (version: string, more: Partial<ReleaseRequest> = {}) => request(version, { image: imageOf(version), force: true, ...more });
const refusals = (state: ClusterState, asked: ReleaseRequest) => obstacles(state, asked).refusals;

describe("an update", () => {
  test.each([
    ["4.19.3", "4.19.4"],
    ["4.19.3", "4.20.0"],
    ["4.19.0-okd-scos.9", "4.19.0-okd-scos.10"],
    ["4.22.1", "5.0.0"],
  ])("from %s to %s is allowed", (from, to) => {
    expect(refusals(clusterOf(from), request(to))).toEqual([]);
  });

  test.each([
    ["4.19.3", "4.21.0", "4.21.0 skips at least one minor version: the cluster runs 4.19.3. Set release to a 4.20 release first"],
    ["4.16.3", "4.18.9", "4.18.9 skips at least one minor version"],
    ["4.21.3", "5.0.0", "5.0.0 skips at least one minor version"],
    ["4.22.3", "5.1.0", "5.1.0 skips at least one minor version"],
    ["4.20.0", "4.19.9", "4.19.9 is lower than 4.20.0, the release that the cluster runs."],
    ["4.19.5", "4.19.4", "4.19.4 is lower than 4.19.5"],
    ["4.19.0-okd-scos.10", "4.19.0-okd-scos.9", "4.19.0-okd-scos.9 is lower than"],
    ["4.19.0-okd-scos.rc.1", "4.19.0-okd-scos.1", "a release candidate of OKD is higher than the release"],
  ])("from %s to %s is refused", (from, to, problem) => {
    expect(refusals(clusterOf(from), request(to))).toEqual([expect.stringContaining(problem)]);
  });

  test("back to the previous release is allowed only within the same minor version", () => {
    const after = (before: string, version: string) =>
      clusterOf(version, {
        history: [
          before === version ? release(version) : { ...release(version), state: "Completed" },
          { ...release(before), state: "Completed" },
        ],
      });
    expect(refusals(after("4.19.3", "4.19.5"), forced("4.19.3"))).toEqual([]);
    expect(refusals(after("4.19.3", "4.19.5"), forced("4.19.4"))).toHaveLength(1);
    expect(refusals(after("4.19.9", "4.20.1"), forced("4.19.9"))).toHaveLength(1);
  });

  test("is refused exactly if the cluster version operator of 4.19 and later refuses it", () => {
    const versions = fc
      .tuple(fc.integer({ min: 19, max: 23 }), fc.integer({ min: 0, max: 4 }))
      .map(([minor, patch]) => `4.${minor}.${patch}`);
    fc.assert(
      fc.property(versions, versions, versions, (before, from, to) => {
        const state = clusterOf(from, {
          history: [...new Set([from, before])].map((version) => ({ ...release(version), state: "Completed" })),
        });
        const simulated = failedPreconditions(state.clusterVersion as unknown as SimulatedClusterVersion, to);
        const blocks = simulated.some(({ warning }) => warning !== true);
        expect([before, from, to, refusals(state, request(to)).length > 0]).toEqual([before, from, to, blocks]);
      }),
    );
  });
});

describe("an admin acknowledgment gate", () => {
  const gated = (acks = {}) =>
    clusterOf(
      "4.18.3",
      {},
      { gates: { [gate]: "Kubernetes 1.32 removes APIs", "ack-4.17-old": "an old one", "ack-4.1-other": "x" }, acks },
    );

  test("of the running release blocks an update to the next minor version until it is acknowledged", () => {
    expect(refusals(gated(), request("4.19.0"))).toEqual([
      `The gate ${gate} is not acknowledged. Its text: Kubernetes 1.32 removes APIs. When you have done what it asks for, acknowledge it: ` +
        `pulumi config set --path 'acknowledgedUpdateGates[0]' ${gate}, or oc -n openshift-config patch cm admin-acks --type merge ` +
        `--patch '{"data":{"${gate}":"true"}}'.`,
    ]);
    expect(refusals(gated({ [gate]: "yes" }), request("4.19.0"))).toHaveLength(1);
    expect(refusals(gated({ [gate]: "true" }), request("4.19.0"))).toEqual([]);
    expect(refusals(gated(), request("4.19.0", { acknowledgedGates: [gate] }))).toEqual([]);
  });

  test("does not block a patch release", () => {
    expect(refusals(gated(), request("4.18.4"))).toEqual([]);
  });

  test("is shown with a config command that does not overwrite another acknowledgment", () => {
    expect(refusals(gated(), request("4.19.0", { acknowledgedGates: ["ack-4.18-other"] }))[0]).toContain("acknowledgedUpdateGates[1]");
  });
});

describe("an operator with Upgradeable=False", () => {
  test("blocks an update to another minor version, but not a patch release", () => {
    const state = clusterOf(
      "4.19.3",
      {},
      { operators: [operator("machine-config", "PoolUpdating", "One or more machine config pools are updating")] },
    );
    expect(refusals(state, request("4.20.0"))).toEqual([
      "The operator machine-config blocks updates from 4.19 to another minor version (Upgradeable=False): " +
        "PoolUpdating: One or more machine config pools are updating.",
    ]);
    expect(refusals(state, request("4.19.4"))).toEqual([]);
  });

  test("does not block if it is cloud-credential, lacks only the annotation `upgradeable-to`, and the stack has the roles for the release", () => {
    const state = clusterOf("4.19.3", {}, { operators: [unprepared] });
    expect(refusals(state, request("4.20.0"))).toEqual([expect.stringContaining("this stack has no roles for its components")]);
    expect(refusals(state, request("4.20.0", { secrets: [] }))).toEqual([]);
  });

  test("is reported only once if ClusterVersion repeats its reason", () => {
    const summary = { type: "Upgradeable", status: "False", reason: "PoolUpdating", message: "Cluster operator machine-config should not" };
    const state = clusterOf("4.19.3", { conditions: [summary] }, { operators: [operator("machine-config", "PoolUpdating", "busy")] });
    expect(refusals(state, request("4.20.0"))).toHaveLength(1);
  });
});

test("a reason that only ClusterVersion has is reported in the words of ClusterVersion", () => {
  const deleting = {
    type: "Upgradeable",
    status: "False",
    reason: "ResourceDeletesInProgress",
    message: "resource deletions are in progress",
  };
  expect(refusals(clusterOf("4.19.3", { conditions: [deleting] }), request("4.20.0"))).toEqual([
    "The cluster blocks updates to another minor version (Upgradeable=False): ResourceDeletesInProgress: resource deletions are in progress.",
  ]);
});

test("overrides in ClusterVersion block every update until 4.21; from 4.22 on they block updates to another minor version only", () => {
  const overridden = (version: string): ClusterState => {
    const state = clusterOf(version);
    const spec = { overrides: [{ kind: "Deployment", namespace: "openshift-monitoring", name: "operator", unmanaged: true }] };
    return { ...state, clusterVersion: { ...state.clusterVersion, spec } };
  };
  expect(refusals(overridden("4.19.3"), request("4.19.4"))).toEqual([expect.stringContaining("Deployment openshift-monitoring/operator")]);
  expect(refusals(overridden("4.22.3"), request("4.22.4"))).toEqual([]);
  expect(refusals(overridden("4.22.3"), request("4.23.0"))).toHaveLength(1);
});

describe("the decision about an update", () => {
  const before = { version: "4.19.3", force: false };
  const held = clusterOf(
    "4.19.3",
    {
      availableUpdates: [release("4.20.0")],
      conditions: [{ type: "Failing", status: "True", reason: "ClusterOperatorDegraded", message: "etcd is degraded" }],
    },
    { gates: { "ack-4.19-a": "A" }, operators: [operator("machine-config", "PoolUpdating", "busy")] },
  );
  const decided = (state: ClusterState, asked: ReleaseRequest) => {
    const said: string[] = [];
    return { desired: checkedDesiredUpdate(state, asked, before, (text) => said.push(text)), said };
  };

  test("reports all obstacles at once, and changes nothing", () => {
    const refused = () => decided(held, request("4.20.0"));
    for (const text of ["ack-4.19-a", "machine-config", "The cluster is failing: ClusterOperatorDegraded: etcd is degraded."])
      expect(refused).toThrow(text);
    expect(refused).toThrow("The update from 4.19.3 to 4.20.0 was not requested, and nothing was changed in the cluster.");
  });

  test("reports the obstacles also for a release that the cluster is not offered", () => {
    expect(() => decided(held, request("4.20.7"))).toThrow(/isn't offered 4\.20\.7[\s\S]*ack-4\.19-a/);
  });

  test("ignores the obstacles only if both acceptUpdateRisks and forceUpdate are set", () => {
    expect(() => decided(held, request("4.20.0", { acceptRisks: true }))).toThrow("ack-4.19-a");
    expect(() => decided(held, forced("4.20.0"))).toThrow("ack-4.19-a");
    const { desired, said } = decided(held, forced("4.20.0", { acceptRisks: true }));
    expect(desired).toEqual({ version: "4.20.0", image: imageOf("4.20.0"), force: true });
    expect(said).toHaveLength(3);
    expect(said[0]).toMatch(/^warning: acceptUpdateRisks overrides: /);
  });

  test("is only a warning in a preview if somebody has updated the cluster beyond the configured release", () => {
    const ahead = clusterOf("4.19.5");
    expect(checkState(ahead, request("4.19.4"))).toEqual({ warnings: [expect.stringContaining("is lower than 4.19.5")] });
    expect(checkState(ahead, request("4.19.5"))).toEqual({ warnings: [] });
    expect(checkState(held, request("4.20.0")).refusal).toContain("ack-4.19-a");
  });
});

describe("the cluster's condition ReleaseAccepted", () => {
  const desired = { version: "4.20.0", image: imageOf("4.20.0"), force: false };
  const named = (text: string, { version, image } = desired) => `${text} version="${version}" image="${image}" failure=no signature`;
  const saying = (status: string, reason: string, message: string, running = "4.19.3"): ClusterVersion => ({
    status: { desired: release(running), conditions: [{ type: "ReleaseAccepted", status, reason, message }] },
  });

  test("is pending while it is about another release", () => {
    const another = named("Retrieving payload failed", { ...desired, ...release("4.19.9") });
    for (const cluster of [
      saying("True", "PayloadLoaded", named("Payload loaded", { ...desired, ...release("4.19.3") })),
      saying("False", "RetrievePayload", another),
      saying("Unknown", "RetrievePayload", named("Retrieving and verifying payload")),
      {},
    ])
      expect(acceptanceOf(cluster, desired).state).toBe("pending");
  });

  test("is final if it refuses the requested image, or if the cluster runs the release", () => {
    expect(acceptanceOf(saying("False", "RetrievePayload", named("Retrieving payload failed")), desired).state).toBe("refused");
    expect(acceptanceOf(saying("True", "PayloadLoaded", named("Payload loaded"), "4.20.0"), desired).state).toBe("accepted");
    const elsewhere = named("Retrieving payload failed", { ...desired, image: "registry.example.com/other@sha256:1" });
    expect(acceptanceOf(saying("False", "RetrievePayload", elsewhere), desired).state).toBe("pending");
  });

  test.each([
    [
      "an OKD release",
      "4.20.0-okd-scos.1",
      "RetrievePayload",
      "The update cannot be verified: unable to verify",
      "quay.io/okd/scos-release:4.20.0-okd-scos.1",
    ],
    ["an OpenShift release", "4.20.0", "RetrievePayload", "The update cannot be verified: unable to verify", "oc-mirror writes"],
    ["a missing image", "4.20.0", "RetrievePayload", "ErrImagePull: manifest unknown", "can't pull the image"],
    ["two releases", "4.20.0", "VerifyPayloadVersion", "does not match", "name two different releases"],
    ["a precondition", "4.20.0", "PreconditionChecks", "Preconditions failed", "acceptUpdateRisks"],
  ])("is reported with a fix: %s", (_, version, reason, message, fix) => {
    const text = notAcceptedMessage({ ...desired, version }, { type: "ReleaseAccepted", status: "False", reason, message }, 60);
    expect(text).toContain(`ReleaseAccepted=False: ${reason}: ${message}.`);
    expect(text).toContain(fix);
  });
});

test("during an update, the running releases are all since the last completed one", () => {
  const history = (...entries: readonly (readonly [string, string])[]): ClusterVersion => ({
    status: { history: entries.map(([version, state]) => ({ ...release(version), state })) },
  });
  const versions = (cluster: ClusterVersion) => runningReleases(cluster).map(({ version }) => version);
  expect(versions(history(["4.20.1", "Completed"], ["4.19.3", "Completed"]))).toEqual(["4.20.1"]);
  expect(versions(history(["4.20.1", "Partial"], ["4.20.0", "Partial"], ["4.19.3", "Completed"], ["4.18.1", "Completed"]))).toEqual([
    "4.20.1",
    "4.20.0",
    "4.19.3",
  ]);
  expect(versions(history(["4.19.3", "Partial"]))).toEqual([]);
});
