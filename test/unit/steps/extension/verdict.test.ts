/** The program's judgement of a ClusterExtension. The messages are those of operator-controller, release-4.18 to release-4.22. */
import type { ClusterExtension, ExtensionState, ObservedCondition, OperatorDeployment } from "../../../../steps/extension/objects";
import { extensionVerdict } from "../../../../steps/extension/verdict";

const request = { package: "demo", namespace: "demo", catalog: "team", channel: "stable", version: "1.0.0", permissions: "" };

const condition = (type: string, status: string, reason: string, message = "", observedGeneration = 2): ObservedCondition => ({
  ...{ type, status, reason, message, observedGeneration },
});
const retrying = (message: string) => condition("Progressing", "True", "Retrying", message);
const installed = condition("Installed", "True", "Succeeded");
const succeeded = condition("Progressing", "True", "Succeeded", "desired state reached");
const extension = (conditions: readonly ObservedCondition[], version?: string): ClusterExtension => ({
  metadata: { name: "demo", generation: 2 },
  spec: { namespace: "demo" },
  status: { conditions, ...(version !== undefined && { install: { bundle: { name: `demo.v${version}`, version } } }) },
});
const deployment = (status: OperatorDeployment["status"]): OperatorDeployment => ({
  metadata: { name: "demo", generation: 1 },
  spec: { replicas: 1 },
  ...(status && { status }),
});
const available = { type: "Available", status: "True" };
const runs = deployment({ observedGeneration: 1, updatedReplicas: 1, conditions: [available] });
const team = { metadata: { name: "team" }, status: { conditions: [condition("Serving", "True", "Available")] } };

const verdict = (more: Partial<ExtensionState>, wanted: Partial<typeof request> = {}) =>
  extensionVerdict({ ...request, ...wanted }, { catalogs: [team], deployments: [runs], ...more });
const after = (message: string, ...others: ObservedCondition[]) => verdict({ extension: extension([retrying(message), ...others]) });

describe("an operator of version 1 of OLM is ready", () => {
  it("when OLM has reached the desired state with the wanted version, and the Deployments are available", () => {
    expect(verdict({ extension: extension([succeeded, installed], "1.0.0") })).toEqual({
      state: "ready",
      text: "demo 1.0.0 is installed in demo",
    });
  });

  it("with build metadata that the configuration does not name, but not with other metadata", () => {
    const found = { extension: extension([succeeded, installed], "1.0.0+2") };
    expect(verdict(found).state).toBe("ready");
    expect(verdict(found, { version: "1.0.0+1" })).toMatchObject({ state: "stuck", text: /has installed version 1\.0\.0\+2 of demo/ });
  });

  it("with the catalog's notice that the version is deprecated", () => {
    const deprecated = condition("Deprecated", "True", "Deprecated", "demo 1 ends in May");
    expect(verdict({ extension: extension([succeeded, installed, deprecated], "1.0.0") })).toMatchObject({
      text: "demo 1.0.0 is installed in demo. Deprecated: demo 1 ends in May",
    });
  });

  it("even if the catalog is gone", () => {
    expect(verdict({ extension: extension([succeeded, installed], "1.0.0"), catalogs: [] }).state).toBe("ready");
  });
});

describe("the program waits", () => {
  it("while the conditions describe the generation before the change", () => {
    const old = [condition("Progressing", "True", "Succeeded", "", 1), condition("Installed", "True", "Succeeded", "", 1)];
    expect(verdict({ extension: extension(old, "1.0.0") })).toMatchObject({
      state: "waiting",
      text: /until OLM has looked for demo 1\.0\.0/,
    });
  });

  it("while OLM rolls the version out", () => {
    const rollout = condition("Progressing", "True", "RolloutInProgress", "Revision 2 is rolling out.");
    expect(verdict({ extension: extension([rollout]) })).toMatchObject({ state: "waiting", text: /RolloutInProgress: Revision 2/ });
  });

  it.each([
    ["has no pod yet", deployment(undefined)],
    ["has only pods of the version before", deployment({ observedGeneration: 1, conditions: [available] })],
    ["has not been seen by its controller", deployment({ observedGeneration: 0, updatedReplicas: 1, conditions: [available] })],
  ])("while a Deployment %s, although OLM says that the operator is installed", (_, found) => {
    const state = { extension: extension([succeeded, installed], "1.0.0"), deployments: [runs, found] };
    expect(verdict(state)).toMatchObject({ state: "waiting", text: /waits for the operator's Deployment demo/ });
  });
});

describe("the program reports", () => {
  it.each([
    [
      "an unknown package, channel or version",
      'no bundles found for package "demo" matching version "1.0.0" in channels [stable]',
      /no package demo, or .* no channel stable, or .* no version 1\.0\.0\. /,
    ],
    [
      "a version without an update from the installed one, although that one stays installed",
      'error upgrading from currently installed version "0.9.0": no bundles found for package "demo" matching version "1.0.0" in channels [stable]',
      /no version 1\.0\.0 of demo in the channel stable that updates the installed version directly.*SelfCertified/,
    ],
    [
      "a dependency",
      'validating bundle "demo.v1.0.0": bundle "demo.v1.0.0" has a dependency declared via property "olm.gvk.required" which is currently not supported',
      /demo needs another operator\..*remove generation 1/,
    ],
    [
      "an unsupported install mode",
      'error for resolved bundle "demo.v1.0.0" with version "1.0.0": error rendering bundle: invalid option(s): invalid target namespaces []: supported install modes [OwnNamespace] do not support targeting all namespaces',
      /cannot watch all namespaces.*remove generation 1/,
    ],
    ["webhooks", "unsupported bundle: webhookDefinitions are not supported", /has webhooks or API services/],
    [
      "permissions that the API server refuses",
      'Unable to continue with install: could not get information about the resource ServiceAccount "demo" in namespace "demo": serviceaccounts "demo" is forbidden: User "system:serviceaccount:demo:demo-installer" cannot get resource',
      /lacks permissions\. Add them to permissions of the entry/,
    ],
    [
      "permissions that OLM's preflight misses",
      'pre-authorization failed: service account requires the following permissions to manage cluster extension:\n  Namespace:"" APIGroups:[apps] Resources:[deployments] Verbs:[watch]',
      /lacks permissions.*Resources:\[deployments\]/s,
    ],
    [
      "an object of an earlier installation",
      'CustomResourceDefinition "demos.example.com" in namespace "" exists and cannot be imported into the current release: invalid ownership metadata',
      /exists already.*OLM does not take them over/,
    ],
    [
      "an unsafe change of a definition",
      'validating upgrade for CRD "demos.example.com": v1: ^.spec.size: type: type changed',
      /existing custom resources could be lost/,
    ],
    [
      "an unknown problem in OLM's words",
      "error pulling image: unauthorized",
      /OLM cannot install demo 1\.0\.0\. OLM says: error pulling image: unauthorized/,
    ],
  ])("%s", (_, message, text) => {
    expect(after(message, installed)).toMatchObject({ state: "stuck", text: expect.stringMatching(text) as string });
    expect((after(message) as { text: string }).text).toContain(`OLM says: ${message}`);
  });

  it("a missing service account, which only the condition Installed names", () => {
    const missing = condition("Installed", "Unknown", "Failed", 'service account "demo-installer" not found in namespace "demo"');
    expect(after("installation cannot proceed due to missing ServiceAccount", missing)).toMatchObject({
      state: "stuck",
      text: /is missing in demo.*OLM says: service account "demo-installer" not found/,
    });
  });

  it("a problem that OLM does not try to solve again sooner than one that OLM tries again", () => {
    const blocked = verdict({ extension: extension([condition("Progressing", "False", "Blocked", "broken")]) });
    expect((blocked as { patience: number }).patience).toBeLessThan((after("broken") as { patience: number }).patience);
  });

  it("another installed version than the wanted one", () => {
    expect(verdict({ extension: extension([succeeded, installed], "1.1.0") })).toMatchObject({
      state: "stuck",
      text: /has installed version 1\.1\.0 of demo, not 1\.0\.0/,
    });
  });

  it("a ClusterExtension that does not exist", () => {
    expect(verdict({})).toMatchObject({ state: "stuck", text: "ClusterExtension demo does not exist." });
  });

  it("a Deployment whose pods are refused, with the reason", () => {
    const refused = { type: "ReplicaFailure", status: "True", message: 'pods "demo-" is forbidden: unable to validate against any SCC' };
    const found = deployment({ observedGeneration: 1, conditions: [refused] });
    expect(verdict({ extension: extension([succeeded, installed], "1.0.0"), deployments: [found] })).toMatchObject({
      state: "stuck",
      text: /Deployment demo does not start: pods "demo-" is forbidden/,
    });
  });
});

describe("a catalog's problem comes before OLM's message", () => {
  const found = (...conditions: ObservedCondition[]) =>
    verdict({ extension: extension([retrying("no bundles found")]), catalogs: [{ metadata: { name: "team" }, status: { conditions } }] });

  it("if the catalog does not exist", () => {
    const others = ["one", "two"].map((name) => ({ metadata: { name } }));
    expect(verdict({ extension: extension([]), catalogs: others })).toMatchObject({
      state: "stuck",
      text: "ClusterCatalog team does not exist. The cluster has one, two.",
    });
  });

  it("if the catalog is switched off", () => {
    expect(found(condition("Serving", "False", "UserSpecifiedUnavailable"))).toMatchObject({
      text: /is switched off.*oc patch clustercatalog team/,
    });
  });

  it("if the catalog's image cannot be pulled, with catalogd's reason", () => {
    const serving = condition("Serving", "False", "Unavailable");
    expect(found(serving, retrying("reading manifest: unauthorized"))).toMatchObject({
      state: "stuck",
      text: /does not serve its content \(Retrying: reading manifest: unauthorized\)/,
    });
    expect(found()).toMatchObject({ text: /catalogd has not looked at it yet/ });
  });
});
