import { propertyValue, recordValue, type Resource, textValue, wholeNumberValue } from "../../lib/pulumi/resource";
import type { Markup } from "../../lib/markup";
import type { Diagram } from "../topology/model";
import { section, tableMarkup } from "./section";

/** The instances by group, and the number of all other resources by type. */
export function inventorySection(resources: readonly Resource[], { zones }: Diagram): Markup {
  const machines = zones.flatMap((zone) =>
    zone.subnets.flatMap((subnet) =>
      subnet.machines.map(({ group, count, instanceTypes }) => [group, zone.name, subnet.name, instanceTypes.join(", "), count]),
    ),
  );
  const volumes = resources
    .filter(({ type }) => type === "aws:ebs/volume:Volume")
    .map((volume) => wholeNumberValue(propertyValue(volume, "size")) ?? 0);
  const roots = resources
    .filter(({ type }) => type === "aws:ec2/instance:Instance")
    .map((machine) => wholeNumberValue(recordValue(machine.inputs.rootBlockDevice)?.volumeSize) ?? 0);
  const counts = new Map<string, number>();
  for (const { type } of resources) if (isReal(type)) counts.set(type, (counts.get(type) ?? 0) + 1);
  const rows = [...counts].sort(([one], [other]) => (one < other ? -1 : 1)).map(([type, count]) => [shortType(type), count]);
  const sum = [...volumes, ...roots].reduce((total, size) => total + size, 0);
  return section(
    "Inventory",
    tableMarkup(["Instances", "Zone", "Subnet", "Type", "Count"], machines, [4]),
    tableMarkup(["Resources", "Count"], [...rows, ["GiB of volumes", sum]], [1]),
  );
}

/** Whether resources of this type exist outside of Pulumi: components, providers, commands and dynamic resources do not. */
function isReal(type: string): boolean {
  return !/^(okd:|pulumi:|command:|pulumi-nodejs:)/.test(type);
}

/** A short form of a type, such as "aws ec2 Instance" or "kubernetes apps/v1 Deployment". */
function shortType(type: string): string {
  const [provider, module, name] = type.split(":");
  return [provider, provider === "aws" ? module.split("/")[0] : module, textValue(name) ?? ""].join(" ").trim();
}
