/** The conditions of the simulated cluster version and credentials operators, as in their sources (docs/sandbox.md, "Updates"). */
import { availableUpdates } from "../../../../../sandbox/cluster/updates/available-updates";
import type { SimulatedClusterVersion, HistoryEntry } from "../../../../../sandbox/cluster/updates/clusterversion";
import { credentialsHold, upgradeableAnnotation } from "../../../../../sandbox/cluster/updates/credentials-upgradeable";
import type { KnownRelease } from "../../../../../sandbox/cluster/updates/known-releases";
import { loadPayload } from "../../../../../sandbox/cluster/updates/payload";
import { failedPreconditions, summarize } from "../../../../../sandbox/cluster/updates/preconditions";
import { upgradeableConditions } from "../../../../../sandbox/cluster/updates/upgradeable";

const gate = "ack-4.19-admissionregistration-v1beta1-api-removals-in-4.20";
const digest = `sha256:${"1".repeat(64)}`;
const entry = (version: string, state: HistoryEntry["state"] = "Completed"): HistoryEntry => ({
  version,
  image: `image of ${version}`,
  state,
  startedTime: "2026-01-01T00:00:00Z",
  completionTime: null,
  verified: true,
});

function cluster(
  version: string,
  more: Partial<NonNullable<SimulatedClusterVersion["status"]>> = {},
  spec: SimulatedClusterVersion["spec"] = {},
): SimulatedClusterVersion {
  const desired = { version, image: `image of ${version}` };
  return {
    apiVersion: "config.openshift.io/v1",
    kind: "ClusterVersion",
    metadata: { name: "version" },
    spec,
    status: { desired, history: [entry(version)], conditions: [], ...more },
  };
}

const conditionOf = (type: string, status: string, reason = "", message = "") => ({
  type,
  status,
  reason,
  message,
  lastTransitionTime: "",
});
const holding = (name: string, reason: string, message: string) => ({
  metadata: { name },
  status: { conditions: [conditionOf("Upgradeable", "False", reason, message)] },
});

describe("the simulated condition Upgradeable", () => {
  const none = { clusterVersion: cluster("4.19.1"), operators: [], gates: {}, acks: {} };
  const texts = (inputs: Partial<Parameters<typeof upgradeableConditions>[0]>) =>
    upgradeableConditions({ ...none, ...inputs }).map(({ type, status, reason, message }) => [type, status, reason, message]);

  test("is absent while nothing blocks an update", () => {
    expect(texts({})).toEqual([]);
  });

  test("has the reason of the only operator or setting that blocks updates", () => {
    expect(texts({ gates: { [gate]: "read this", "ack-4.20-other": "not yet" } })).toEqual([
      ["Upgradeable", "False", "AdminAckRequired", "read this"],
    ]);
    expect(texts({ gates: { [gate]: "read this" }, acks: { [gate]: "true" } })).toEqual([]);
    expect(texts({ operators: [holding("cloud-credential", "MissingUpgradeableAnnotation", "annotate")] })).toEqual([
      [
        "Upgradeable",
        "False",
        "MissingUpgradeableAnnotation",
        "Cluster operator cloud-credential should not be upgraded between minor versions: annotate",
      ],
    ]);
  });

  test("is a summary, with more conditions, if several things block updates", () => {
    const several = texts({
      gates: { [gate]: "read this" },
      operators: [holding("a", "ReasonA", "message a"), holding("b", "ReasonB", "message b")],
      clusterVersion: cluster("4.19.1", {}, { overrides: [{ unmanaged: true }] }),
    });
    expect(several.map(([type, , reason]) => [type, reason])).toEqual([
      ["Upgradeable", "MultipleReasons"],
      ["UpgradeableAdminAckRequired", "AdminAckRequired"],
      ["UpgradeableClusterOperators", "ClusterOperatorsNotUpgradeable"],
      ["UpgradeableClusterVersionOverrides", "ClusterVersionOverridesSet"],
    ]);
    expect(several[0][3]).toContain("for multiple reasons: ClusterVersionOverridesSet,AdminAckRequired,ClusterOperatorsNotUpgradeable\n* ");
    expect(several[2][3]).toBe(
      "Multiple cluster operators should not be upgraded between minor versions:\n" +
        "* Cluster operator a should not be upgraded between minor versions: ReasonA: message a\n" +
        "* Cluster operator b should not be upgraded between minor versions: ReasonB: message b",
    );
  });
});

describe("the simulated cloud credential operator", () => {
  const config = (credentialsMode: string, upgradeableTo?: string) => ({
    apiVersion: "operator.openshift.io/v1",
    kind: "CloudCredential",
    metadata: { name: "cluster", ...(upgradeableTo !== undefined && { annotations: { [upgradeableAnnotation]: upgradeableTo } }) },
    spec: { credentialsMode },
  });
  const reason = (mode: string, upgradeableTo?: string, hasRootSecret = true, version = "4.19.1") =>
    credentialsHold(config(mode, upgradeableTo), cluster(version), hasRootSecret)?.reason;

  test.each([
    ["no annotation", undefined, "MissingUpgradeableAnnotation"],
    ["the running minor version", "4.19", "MissingUpgradeableAnnotation"],
    ["the next minor version", "4.20", undefined],
    ["the next minor version, written as a whole version", "4.20.3", undefined],
    ["a version with a v", "v4.20", undefined],
    ["something else", "next", "MissingUpgradeableAnnotation"],
  ])("in manual mode requires an annotation with a newer version: %s", (_, annotation, expected) => {
    expect(reason("Manual", annotation)).toBe(expected);
    expect(reason("Manual", annotation, false)).toBe(expected);
  });

  test("requires the root credentials Secret in mint and default mode, unless the annotation is set", () => {
    expect([reason("Mint"), reason(""), reason("Mint", undefined, false), reason("Mint", "4.20", false)]).toEqual([
      undefined,
      undefined,
      "MissingRootCredential",
      undefined,
    ]);
  });

  test("reports nothing before the installation is complete", () => {
    expect(credentialsHold(config("Manual"), cluster("4.19.1", { history: [entry("4.19.1", "Partial")] }), true)).toBeUndefined();
  });
});

describe("a desired update of the simulated cluster", () => {
  const known: readonly KnownRelease[] = [
    { version: "4.20.0", image: `quay.io/signed@${digest}`, signed: true },
    { version: "4.20.0-okd-scos.1", image: `registry.ci.openshift.org/origin/release-scos@${digest}`, signed: false },
    { version: "4.20.0", image: "quay.io/signed:4.20.0", signed: true },
  ];
  const load = (image: string, version = "4.20.0", force = false, running = cluster("4.19.1")) =>
    loadPayload(running, { version, image, force }, known);

  test("of a signed image is loaded", () => {
    expect(load(`quay.io/signed@${digest}`)).toMatchObject({ accepted: true, step: "PayloadLoaded", verified: true });
  });

  test("of an image that can't be verified is refused, unless it is forced", () => {
    const image = `registry.ci.openshift.org/origin/release-scos@${digest}`;
    const version = "4.20.0-okd-scos.1";
    expect(load(image, version)).toMatchObject({
      accepted: false,
      step: "RetrievePayload",
      message:
        `Retrieving payload failed version="${version}" image="${image}" failure=The update cannot be verified: ` +
        `unable to verify ${digest} against keyrings: verifier-public-key-ci`,
    });
    expect(load(image, version, true)).toMatchObject({
      accepted: true,
      verified: false,
      acceptedRisks: expect.stringContaining("was forced") as string,
    });
    expect(load("quay.io/signed:4.20.0").message).toContain("release images that are not accessed via digest cannot be verified");
  });

  test("of an image that can't be verified has an event with the answers of the signature stores", () => {
    const image = `registry.ci.openshift.org/origin/release-scos@${digest}`;
    expect(load(image).event).toMatch(/against keyrings: \S+ \/\/ \[.*signature-1: not found, .*: not found\]$/);
    const unreachable = [{ version: "4.20.0", image, signed: "unreachable" as const }];
    const failed = loadPayload(cluster("4.19.1"), { version: "4.20.0", image, force: false }, unreachable);
    expect(failed.message).toContain("unable to verify");
    expect(failed.event).toMatch(/i\/o timeout, .*context deadline exceeded\]$/);
  });

  test("of a missing image, or an image of another version, is refused even if forced", () => {
    expect(load(`quay.io/none@${digest}`, "4.20.0", true)).toMatchObject({
      step: "RetrievePayload",
      message: expect.stringContaining("manifest unknown") as string,
    });
    expect(load(`quay.io/signed@${digest}`, "4.20.1", true)).toMatchObject({ accepted: false, step: "VerifyPayloadVersion" });
  });

  test("that fails a precondition is refused, unless it is forced", () => {
    const held = cluster("4.19.1", { conditions: [conditionOf("Upgradeable", "False", "AdminAckRequired", "read this")] });
    const refused = load(`quay.io/signed@${digest}`, "4.20.0", false, held);
    expect(refused.step).toBe("PreconditionChecks");
    expect(refused.message).toContain('Precondition "ClusterVersionUpgradeable" failed because of "AdminAckRequired": read this');
    expect(load(`quay.io/signed@${digest}`, "4.20.0", true, held).acceptedRisks).toContain("Forced through blocking failures");
  });
});

describe("the simulated preconditions of an update", () => {
  const failed = (running: SimulatedClusterVersion, target: string) =>
    failedPreconditions(running, target).map(({ name, reason, warning }) => [name.replace("ClusterVersion", ""), reason, warning === true]);
  const unknown = ["RecommendedUpdate", "NoChannel", true];

  test("block a lower version, except the previous one of the same minor version", () => {
    const updated = cluster("4.19.5", { history: [entry("4.19.5"), entry("4.19.3")] });
    expect(failed(updated, "4.19.3")).toEqual([unknown]);
    expect(failed(updated, "4.19.2")).toEqual([["Rollback", "LowDesiredVersion", false], unknown]);
    expect(failed(cluster("4.20.1", { history: [entry("4.20.1"), entry("4.19.3")] }), "4.19.3")).toEqual([
      ["Rollback", "LowDesiredVersion", false],
      unknown,
    ]);
  });

  test("block a skipped minor version from 4.19 on", () => {
    expect(failed(cluster("4.19.1"), "4.21.0")).toEqual([["GiantHop", "MultipleMinorVersionsUpdate", false], unknown]);
    expect(failed(cluster("4.18.1"), "4.20.0")).toEqual([unknown]);
    expect(failed(cluster("4.22.1"), "5.0.0")).toEqual([unknown]);
  });

  test("block an update while Upgradeable is False; patch releases are exempt, unless overrides are set before 4.22", () => {
    const held = (version: string, spec: SimulatedClusterVersion["spec"] = {}) =>
      cluster(version, { conditions: [conditionOf("Upgradeable", "False", "Held", "held")] }, spec);
    const overrides = { overrides: [{ unmanaged: true }] };
    expect(failed(held("4.19.1"), "4.20.0")).toEqual([["Upgradeable", "Held", false], unknown]);
    expect(failed(held("4.19.1"), "4.19.2")).toEqual([unknown]);
    expect(failed(held("4.19.1", overrides), "4.19.2")).toEqual([["Upgradeable", "ClusterVersionOverridesSet", false], unknown]);
    expect(failed(held("4.22.1", overrides), "4.22.2")).toEqual([["Upgradeable", "ClusterVersionOverridesSet", true], unknown]);
  });

  test("are summarized; if all are warnings, the update passes", () => {
    const blocking = { name: "A", reason: "Ra", message: "a" };
    const warning = { name: "B", reason: "Rb", message: "b", warning: true };
    expect(summarize([], false)).toBeUndefined();
    expect(summarize([warning], false)).toMatchObject({ blocks: false });
    expect(summarize([blocking, warning], false)).toEqual({
      blocks: true,
      message:
        'Multiple precondition checks failed:\n* Precondition "A" failed because of "Ra": a\n* Precondition "B" failed because of "Rb": b',
    });
    expect(summarize([blocking], true)).toEqual({
      blocks: false,
      message: 'Forced through blocking failures: Precondition "A" failed because of "Ra": a',
    });
  });
});

describe("the simulated update service", () => {
  const releases: readonly KnownRelease[] = [
    { version: "4.19.1", image: "a", signed: true },
    { version: "4.19.2", image: "b", signed: true, offeredFrom: ["4.19.1"] },
    { version: "4.20.0", image: "c", signed: true, offeredFrom: ["4.19.1"], risk: { reason: "SlowDisks", message: "slow" } },
  ];
  const offers = (running: string, spec: SimulatedClusterVersion["spec"]) =>
    availableUpdates(cluster(running, {}, spec), running, releases);

  test("offers updates from the running release, with their risks", () => {
    const { available, conditional, condition } = offers("4.19.1", { channel: "stable-4.19" });
    expect(available).toEqual([{ version: "4.19.2", image: "b" }]);
    expect(conditional).toMatchObject([
      { release: { version: "4.20.0" }, conditions: [{ type: "Recommended", status: "False", reason: "SlowDisks" }] },
    ]);
    expect(condition.status).toBe("True");
  });

  test("offers nothing without a channel or for an unknown release", () => {
    expect(offers("4.19.1", {})).toMatchObject({ available: null, condition: { status: "False", reason: "NoChannel" } });
    expect(offers("4.19.9", { channel: "stable-4.19" })).toMatchObject({
      available: null,
      condition: { status: "False", reason: "VersionNotFound" },
    });
  });
});
