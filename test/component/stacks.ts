/** Stacks of every topology, with their resources in the form of `pulumi stack export`. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { devStack, servicesSecretKeys, servicesStack } from "./configurations";
import { type AwsAnswers, Program, stored } from "./program";
import type { Resource } from "../../lib/pulumi/resource";

/** A program's resources, with the ids that mocks assign. */
export function exported({ resources }: Program): Resource[] {
  return resources.map(({ urn, type, name, readable, propertyDependencies }) => ({
    ...{ urn, type, inputs: readable, propertyDependencies, id: `${name}-id` },
    outputs: { arn: `arn:stub:${name}`, ...(type === "aws:ec2/instance:Instance" && { privateIp: `private address of ${name}` }) },
  }));
}

/** The resources of the dev stack, as in README's picture. */
export async function devResources(changes: Readonly<Record<string, unknown>> = {}): Promise<Resource[]> {
  return exported(await Program.run(devStack({ installerHost: true, ...changes })));
}

/** The resources of the stack with all services. */
export async function servicesResources(): Promise<Resource[]> {
  // The cloud credential operator writes this Secret, which the program reads.
  stored["logging-minted"] = { data: { aws_access_key_id: "aWQ=", aws_secret_access_key: "a2V5" } };
  return exported(await Program.run(servicesStack(), {}, servicesSecretKeys));
}

/** Values for the placeholders of the examples. */
const filled: Readonly<Record<string, string>> = {
  "<your-domain>": "okd.example.com",
  "<your-range>": "203.0.113.0/24",
  "<your-proxy>": "http://proxy.example.com:3128",
  "<your-vpc>": "vpc-0123456789abcdef0",
  "<your-vpc-range>": "10.20.0.0/16",
  "<your-master-role>": "okd-master",
  "<your-worker-role>": "okd-worker",
  "<your-boundary>": "arn:aws:iam::123456789012:policy/boundary",
  "<your-key>": "arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef",
  ...Object.fromEntries(
    ["private", "public"].flatMap((kind) =>
      [1, 2, 3].map((zone) => [`<your-${kind}-subnet-${zone}>`, `subnet-${kind === "public" ? "a" : "0"}000000${zone}`]),
    ),
  ),
};

/** The resources of an example, with its placeholders filled. */
export async function exampleResources(
  name: string,
  changes: Readonly<Record<string, unknown>> = {},
  found: AwsAnswers = {},
): Promise<Resource[]> {
  const text = readFileSync(join(__dirname, "..", "..", "examples", `Pulumi.${name}.yaml`), "utf8");
  const complete = Object.entries(filled).reduce((rest, [placeholder, value]) => rest.replaceAll(placeholder, value), text);
  const { config } = load(complete) as { config: Readonly<Record<string, unknown>> };
  const keys = Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace(/^okd-aws:/, ""), value]));
  const zones = () => ({ names: ["a", "b", "c"].map((zone) => `${String(keys["aws:region"])}${zone}`) });
  const program = await Program.run(devStack({ installerHost: true, releaseImage: undefined, ...keys, ...changes }), {
    "aws:index/getAvailabilityZones:getAvailabilityZones": zones,
    ...found,
  });
  return exported(program);
}

/** A router shard in the form of the stack's state. */
export function shard(name: string, domain: string, scope: "External" | "Internal", ranges: readonly string[] = []): Resource {
  return {
    type: "kubernetes:operator.openshift.io/v1:IngressController",
    urn: `urn:pulumi:dev::okd-aws::kubernetes:operator.openshift.io/v1:IngressController::router-${name}`,
    inputs: {
      metadata: { name, namespace: "openshift-ingress-operator" },
      spec: {
        domain,
        endpointPublishingStrategy: { type: "LoadBalancerService", loadBalancer: { scope, allowedSourceRanges: ranges } },
      },
    },
  };
}
