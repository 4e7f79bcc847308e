import { planBetween } from "../../../../tools/plan/diff-commits";
import { changesOf, type Preview, type StepState, type EngineStep } from "../../../../lib/pulumi/change";
import { configurationChanges } from "../../../../tools/plan/configuration-changes";
import { summarizePlan } from "../../../../tools/plan/summary";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const urnOf = (type: string, name: string): string => `urn:pulumi:dev::okd-aws::${type}::${name}`;

/** A preview on an empty stack: it creates all these resources. */
function wanting(...states: readonly (StepState & { readonly urn: string })[]): Preview {
  return { steps: states.map((newState): EngineStep => ({ op: "create", urn: newState.urn, newState })) };
}

function resource(type: string, name: string, state: Omit<StepState, "type" | "urn">): StepState & { readonly urn: string } {
  return { urn: urnOf(type, name), type, custom: true, ...state };
}

const instance = (instanceType: string, more: Partial<StepState> = {}) =>
  resource("okd:machines:MachinePool$aws:ec2/instance:Instance", "workers-0", {
    inputs: { instanceType, userData: unknown, ami: "ami-1" },
    ignoreChanges: ["userData", "ami"],
    ...more,
  });
const real = (state: StepState & { readonly urn: string }): StepState & { readonly urn: string } => ({
  ...state,
  type: state.type.split("$").at(-1) ?? "",
});

function changes(base: Preview, head: Preview): [string, string, readonly string[]][] {
  return changesOf(planBetween(base, head).plan).map(({ operation, name, fields }) => [operation, name, fields]);
}

test("two runs of the same program have no difference, even if the provider chooses random names", () => {
  const group = (name: string) => resource("aws:ec2/securityGroup:SecurityGroup", "masters", { inputs: { name, __defaults: ["name"] } });
  expect(changes(wanting(group("masters-1a2b3c4")), wanting(group("masters-5d6e7f8")))).toEqual([]);
  const named = resource("aws:ec2/securityGroup:SecurityGroup", "masters", { inputs: { name: "other", __defaults: [] } });
  expect(changes(wanting(group("masters-1a2b3c4")), wanting(named))).toEqual([["replace", "masters", ["name"]]]);
});

test("creations, deletions and updates are distinguished, and changes that the program ignores are left out", () => {
  const [one, other] = [
    real(instance("m6i.xlarge")),
    real(instance("m6i.2xlarge", { inputs: { instanceType: "m6i.2xlarge", ami: "ami-2", userData: "x" } })),
  ];
  const gone = resource("aws:ec2/eip:Eip", "old", { inputs: {} });
  const come = resource("aws:ec2/eip:Eip", "new", { inputs: {} });
  expect(changes(wanting(one, gone), wanting(other, come))).toEqual([
    ["create", "new", []],
    ["delete", "old", []],
    ["update", "workers-0", ["instanceType"]],
  ]);
});

test("a change replaces a resource if the provider's schema says so, even for nested properties", () => {
  const disk = (encrypted: boolean) => real(instance("m6i.xlarge", { inputs: { rootBlockDevice: { encrypted, volumeSize: 120 } } }));
  expect(changes(wanting(disk(false)), wanting(disk(true)))).toEqual([["replace", "workers-0", ["rootBlockDevice.encrypted"]]]);
});

test("a change replaces a resource if the program sets replaceOnChanges", () => {
  const router = (domain: string, replicas: number) =>
    resource("kubernetes:operator.openshift.io/v1:IngressController", "shard", {
      inputs: { spec: { domain, replicas } },
      replaceOnChanges: ["spec.domain"],
    });
  expect(changes(wanting(router("a.example", 2)), wanting(router("b.example", 2)))).toEqual([["replace", "shard", ["spec.domain"]]]);
  expect(changes(wanting(router("a.example", 2)), wanting(router("a.example", 3)))).toEqual([["update", "shard", ["spec.replicas"]]]);
});

describe("a resource with an input that the preview does not know", () => {
  const role = (name: string) => resource("aws:iam/role:Role", "role", { inputs: { name } });
  const policy = (source: string) =>
    resource("aws:iam/rolePolicy:RolePolicy", "policy", { inputs: { role: unknown }, propertyDependencies: { role: [source] } });
  const roleUrn = urnOf("aws:iam/role:Role", "role");

  test("is replaced if the resource from which the input comes is replaced", () => {
    expect(changes(wanting(role("a"), policy(roleUrn)), wanting(role("b"), policy(roleUrn)))).toEqual([
      ["replace", "role", ["name"]],
      ["replace", "policy", ["role"]],
    ]);
  });

  test("stays unchanged if the resource from which the input comes is only updated", () => {
    const described = (description: string) => resource("aws:iam/role:Role", "role", { inputs: { name: "a", description } });
    expect(changes(wanting(described("x"), policy(roleUrn)), wanting(described("y"), policy(roleUrn)))).toEqual([
      ["update", "role", ["description"]],
    ]);
  });

  test("changes if the input comes from another resource", () => {
    const other = resource("aws:iam/role:Role", "other", { inputs: { name: "o" } });
    expect(changes(wanting(role("a"), other, policy(roleUrn)), wanting(role("a"), other, policy(other.urn)))).toEqual([
      ["replace", "policy", ["role"]],
    ]);
  });

  test("changes if the input comes from a dynamic resource that is updated, because its outputs may change", () => {
    const credentials = (rotation: string) =>
      resource("pulumi-nodejs:dynamic/okd:RegistryCredentials", "credentials", { inputs: { rotation } });
    const version = resource("aws:secretsmanager/secretVersion:SecretVersion", "version", {
      inputs: { secretString: "[secret]" },
      propertyDependencies: { secretString: [credentials("").urn] },
    });
    expect(changes(wanting(credentials("1"), version), wanting(credentials("2"), version))).toEqual([
      ["replace", "version", ["secretString"]],
      ["update", "credentials", ["rotation"]],
    ]);
  });
});

test("an alias keeps a renamed resource and the resources that depend on it", () => {
  const [old, renamed] = ["old", "new"].map((name) => resource("aws:iam/role:Role", name, { inputs: { name: "role" } }));
  const policy = (source: string) =>
    resource("aws:iam/rolePolicy:RolePolicy", "p", { inputs: { role: unknown }, propertyDependencies: { role: [source] } });
  const base = wanting(old, policy(old.urn));
  expect(changes(base, wanting({ ...renamed, aliases: [old.urn] }, policy(renamed.urn)))).toEqual([]);
  expect(changes(base, wanting(renamed, policy(renamed.urn))).map(([operation, name]) => `${operation} ${name}`)).toEqual([
    "create new",
    "delete old",
    "replace p",
  ]);
});

test("steps of the installation are reported separately, because an installed cluster ignores them", () => {
  const step = (create: string): StepState & { readonly urn: string } => ({
    urn: urnOf("okd:installer:Installation$command:local:Command", "installation-ignition"),
    type: "command:local:Command",
    custom: true,
    inputs: { create },
  });
  const { plan, installationOnly } = planBetween(wanting(step("a")), wanting(step("b")));
  expect(changesOf(plan)).toEqual([]);
  expect(installationOnly).toEqual([step("a").urn]);
  const rule = resource("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "security-groups-bootstrap-from-admins", {
    inputs: {},
  });
  expect(planBetween(wanting(), wanting(rule))).toMatchObject({ plan: { steps: [] }, installationOnly: [rule.urn] });
});

test("a changed release is reported even if no resource changes, because an empty stack has no resource with the release", () => {
  const configuration = configurationChanges({ "okd-aws:release": "4.19.0" }, { "okd-aws:release": "4.19.1" });
  const { headline } = summarizePlan({ steps: [] }, { configuration });
  expect(headline).toBe("Permanently updates the cluster to 4.19.1.");
});

test("the plan of a new cluster has no interruption and no restart", () => {
  const config = resource("kubernetes:machineconfiguration.openshift.io/v1:MachineConfig", "99-master-chrony", { inputs: {} });
  const identity = resource("pulumi-nodejs:dynamic/okd:ClusterIdentity", "cluster", { inputs: {} });
  expect(summarizePlan(wanting(config)).consequences).toHaveLength(1);
  expect(summarizePlan(wanting(identity, config)).consequences).toEqual([]);
});
