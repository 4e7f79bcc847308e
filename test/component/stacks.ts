/** Stacks of every topology, with the resources as `pulumi stack export` would have them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { devStack } from "./configurations";
import { Program } from "./program";
import type { Resource } from "../../operations/cost/resource";

/** A program's resources with the ids that mocks give them. */
export function exported({ resources }: Program): Resource[] {
  return resources.map(({ urn, type, name, readable, propertyDependencies }) => ({
    ...{ urn, type, inputs: readable, propertyDependencies, id: `${name}-id` },
    outputs: { arn: `arn:stub:${name}`, ...(type === "aws:ec2/instance:Instance" && { privateIp: `private address of ${name}` }) },
  }));
}

/** The dev stack, as README's picture has it. */
export async function devResources(changes: Readonly<Record<string, unknown>> = {}): Promise<Resource[]> {
  return exported(await Program.run(devStack({ installerHost: true, ...changes })));
}

/** An example's stack; what it leaves to be filled in is filled in. */
export async function exampleResources(name: string, changes: Readonly<Record<string, unknown>> = {}): Promise<Resource[]> {
  const text = readFileSync(join(__dirname, "..", "..", "examples", `Pulumi.${name}.yaml`), "utf8");
  const { config } = load(
    text
      .replace("<your-domain>", "okd.example.com")
      .replace("<your-range>", "203.0.113.0/24")
      .replaceAll("<your-proxy>", "http://proxy.example.com:3128"),
  ) as {
    config: Readonly<Record<string, unknown>>;
  };
  const keys = Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace(/^okd-aws:/, ""), value]));
  const zones = () => ({ names: ["a", "b", "c"].map((zone) => `${String(keys["aws:region"])}${zone}`) });
  const program = await Program.run(devStack({ installerHost: true, ...keys, ...changes }), {
    "aws:index/getAvailabilityZones:getAvailabilityZones": zones,
  });
  return exported(program);
}

/** A router shard, as the stack's state has it. */
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
