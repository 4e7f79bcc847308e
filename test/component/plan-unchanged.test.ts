/** A plan of an unchanged stack finds no change, neither in the declared resources nor in the configuration. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import type { AwsAnswers } from "./program";
import { devResources, exampleResources } from "./stacks";
import type { Resource } from "../../lib/pulumi/resource";
import { planBetween } from "../../tools/plan/diff-commits";
import type { Preview } from "../../lib/pulumi/change";
import { configurationChanges, unknownChanges } from "../../tools/plan/configuration-changes";
import { costOf } from "../../tools/plan/cost";
import { valuesOfHistory, valuesOfPreview } from "../../tools/plan/stack-file";
import { showSummary } from "../../tools/plan/show";
import { summarizePlan } from "../../tools/plan/summary";

const project = join(__dirname, "..", "..");
const examples = readdirSync(join(project, "examples")).map((file) => /^Pulumi\.(.*)\.yaml$/.exec(file)?.[1] ?? file);

/** Keys that some examples need in this test, in addition to the keys in their files. */
const extraKeys: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  // OKD needs no pull secret.
  compact: { distribution: "okd", release: "4.22.0-okd-scos.7" },
  // The files of the stand-in for oc-mirror name the registry of a cluster with this name.
  disconnected: { clusterName: "dev" },
  "existing-vpc": { zones: undefined },
};
/** AWS's answers about the existing VPC of an example. */
const network: AwsAnswers = {
  "aws:ec2/getVpc:getVpc": ({ id }) => ({
    id,
    enableDnsSupport: true,
    enableDnsHostnames: true,
    ownerId: "123456789012",
    cidrBlockAssociations: [{ cidrBlock: "10.20.0.0/16", state: "associated" }],
    dhcpOptionsId: "default",
  }),
  // The VPC has only the configured subnets, and none of them has a cluster's tag.
  "aws:ec2/getSubnets:getSubnets": ({ filters }) => {
    const asked = (filters as { name: string }[]).map(({ name }) => name);
    const configured = [1, 2, 3].flatMap((zone) => [`subnet-0000000${zone}`, `subnet-a000000${zone}`]);
    return { ids: asked.includes("tag-key") || asked.includes("availability-zone") ? [] : configured };
  },
  "aws:ec2/getSubnet:getSubnet": ({ id }) => ({
    id,
    vpcId: "vpc-0123456789abcdef0",
    availabilityZone: `us-east-1${"abc"[Number(String(id).at(-1)) - 1]}`,
    cidrBlock: `10.20.${Number(String(id).at(-1)) + (String(id).includes("-a") ? 10 : 0)}.0/24`,
    availableIpAddressCount: 200,
    tags: {},
  }),
  "aws:ec2/getRouteTables:getRouteTables": () => ({ ids: ["rtb-main", "rtb-public"] }),
  "aws:ec2/getRouteTable:getRouteTable": ({ routeTableId }) =>
    routeTableId === "rtb-main"
      ? { associations: [{ main: true, subnetId: "" }], routes: [{ cidrBlock: "0.0.0.0/0", natGatewayId: "nat-1" }] }
      : {
          associations: [1, 2, 3].map((zone) => ({ main: false, subnetId: `subnet-a000000${zone}` })),
          routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: "igw-1" }],
        },
};

/** Every stack file of the repository, by the name of its stack. */
const stacks: readonly (readonly [name: string, file: string, resources: () => Promise<Resource[]>])[] = [
  ["dev", "Pulumi.dev.yaml", () => devResources()],
  ...examples.map((name) => [name, `examples/Pulumi.${name}.yaml`, () => exampleResources(name, extraKeys[name], network)] as const),
];

/** A preview that creates these resources in an empty stack. */
const creationPreview = (resources: readonly Resource[]): Preview => ({
  steps: resources.map((state) => ({ op: "create", urn: state.urn, newState: { ...state, custom: !state.type.startsWith("okd:") } })),
});

/** A configuration in the formats in which Pulumi prints it (pulumi/pulumi, `pkg/cmd/pulumi`, `stack/stack_history.go` and `config/config.go`, v3.255.0). */
function printedForms(file: string) {
  const { config } = load(readFileSync(join(project, file), "utf8")) as { config: Readonly<Record<string, unknown>> };
  const holdsSecret = (value: unknown) => JSON.stringify(value).includes('"secure"');
  const replaced = (value: unknown, secret: (ciphertext: string) => string): unknown => {
    if (Array.isArray(value)) return value.map((each) => replaced(each, secret));
    if (typeof value !== "object" || value === null) return value;
    if ("secure" in value) return secret(String(value.secure));
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, replaced(each, secret)]));
  };
  const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  const entries = Object.entries(config);
  const decrypted = Object.fromEntries(
    entries.map(([key, value]) => [
      key,
      { value: text(replaced(value, (ciphertext) => `decrypted ${ciphertext}`)), secret: holdsSecret(value) },
    ]),
  );
  return {
    secrets: entries.filter(([, value]) => holdsSecret(value)).map(([key]) => key),
    /** `pulumi stack history --json --show-secrets`, and `pulumi config --json --show-secrets`. */
    decrypted,
    /** `pulumi stack history --json`. */
    hidden: Object.fromEntries(Object.entries(decrypted).map(([key, entry]) => [key, entry.secret ? { secret: true } : entry])),
    /** The configuration in `pulumi preview --json`. */
    masked: Object.fromEntries(entries.map(([key, value]) => [key, text(replaced(value, () => "[secret]"))])),
  };
}

// Each test runs the whole program twice.
jest.setTimeout(300_000);

test.each(stacks)("the plan of %s, unchanged, finds nothing", async (_, file, resources) => {
  const [before, after] = [creationPreview(await resources()), creationPreview(await resources())];
  expect(before.steps?.length).toBeGreaterThan(50);
  const { plan } = planBetween(before, after);
  const { decrypted, masked } = printedForms(file);
  const last = valuesOfHistory([{ config: decrypted }]) ?? {};
  const configuration = configurationChanges(last, valuesOfPreview({ ...plan, config: masked }, JSON.stringify(decrypted)));
  expect(configuration).toEqual([]);
  const cost = costOf(plan, { form: "terminal" });
  const text = showSummary(summarizePlan(plan, { configuration, cost }), "terminal", 4000);
  expect(text).toMatch(/^Nothing changes\.\n/);
  expect(text).not.toMatch(/→ |⚠|ERROR/);
});

test("the plan of a stack with secrets finds a changed secret if it knows the values, and otherwise says that it does not know them", () => {
  const { decrypted, hidden, masked, secrets } = printedForms("Pulumi.dev.yaml");
  expect(secrets).toEqual(["okd-aws:htpasswdUsers"]);
  const changed = { ...decrypted, "okd-aws:htpasswdUsers": { value: '{"anna":"another"}', secret: true } };
  const last = valuesOfHistory([{ config: decrypted }]) ?? {};
  const preview = { steps: [], config: masked };
  expect(configurationChanges(last, valuesOfPreview(preview, JSON.stringify(changed)))).toEqual([
    { key: "htpasswdUsers", before: "[secret]", after: "[secret]" },
  ]);
  const unread = valuesOfHistory([{ config: hidden }]) ?? {};
  expect(configurationChanges(unread, valuesOfPreview(preview))).toEqual([]);
  expect(unknownChanges(unread, valuesOfPreview(preview))).toEqual(["okd-aws:htpasswdUsers"]);
});
