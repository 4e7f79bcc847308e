import type { Inventory } from "@okd-aws/sandbox/aws";

/** Values that differ for each cluster, because AWS or a random generator chooses them: the pattern and the replacement. */
const given: readonly (readonly [RegExp, string])[] = [
  [/"[0-9a-f]{32}"/g, "digest…"], // an object's
  [/\b([a-z]+(?:-[a-z]+)?)-(?:[0-9a-f]{17}|[0-9a-f]{8})\b/g, "$1-…"], // EC2's ids: vpc-…, eni-attach-…
  [/\b(AROA|AIPA|AIDA|ANPA|AKIA)[A-Z0-9]{12,17}\b/g, "$1…"],
  [/\/hostedzone\/[A-Z0-9]+\b/g, "/hostedzone/…"],
  [/\bZ[A-Z0-9]{10,31}\b/g, "Z…"],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, "uuid…"],
  [/\b(loadbalancer\/net|targetgroup|listener\/net|ELB net)\/([\w<>-]+)\/[0-9a-f/]{16,33}/g, "$1/$2/…"],
  [/\ba[0-9a-f]{31}(?:-\d+)?\b/g, "a…"], // the router's balancer, named after its Service's uid
  [/\b(?:[\w<>…]+-)+[0-9a-f…]+\.elb\b/g, "name….elb"],
  [/\bHTTP:3\d{4}\/healthz\b/g, "HTTP:…/healthz"], // the node port of the router's health check
  [/(?<=-image-registry-[a-z0-9-]+-)[0-9a-f]{20,}\b/g, "…"],
  [/\bterraform-\d{18,}[0-9a-f]*\b/g, "terraform-…"], // the provider's tokens and references
  [/(?<=:secret:[\w<>-]+-)[A-Za-z0-9]{6}\b/g, "…"],
  [/\b((?:installer-host|security-groups|load-balancers-(?:ext|int))-[a-z]+)-[0-9a-f]{7}\b/g, "$1-…"], // the Pulumi engine's own names of security groups
  [/\bsha256:[0-9a-f]{64}\b/g, "sha256:…"],
  [/\b[0-9a-f]{32}\b/g, "digest…"],
  [/\b(k8s-[a-z0-9]+-[a-z0-9]+)-[0-9a-f]{10}\b/g, "$1-…"], // a router's target group: the hash is of its balancer's name and its node port
  [/(?<=\b(?:snapshots|static-resources)\/)\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ/g, "slot…"], // etcd's backup
  [/(?<=\bstatic-resources\/slot…-)[0-9a-f]{16}\b/g, "…"], // the hash of the file's content
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)/g, "time…"],
  [/\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b/g, "mac…"],
  [/\b(ip|ec2)-\d+-\d+-\d+-\d+\b/g, "$1-…"],
  [/\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?:\/32)?\b(?!\/)/g, "address…"],
];

/**
 * Whether a value is omitted because it is random: sizes of objects with certificates and tokens, the number of writes of a parameter, IDs without
 * a pattern.
 */
const isChance = (key: string, value: unknown): boolean =>
  ["Size", "InstanceProfileId"].includes(key) || (key === "Version" && typeof value === "number");

/** Kubernetes chooses node ports at random from this range (the API server's --service-node-port-range, default 30000-32767). */
const isNodePort = (value: unknown): boolean => Number(value) >= 30000 && Number(value) <= 32767;

/**
 * The object with "node port…" in place of each single node port. A range of ports, such as in the rule that opens all node ports, is not replaced.
 */
function withoutNodePorts(item: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const isRange = item.FromPort !== item.ToPort;
  const isPort = (key: string): boolean =>
    ["Port", "HealthCheckPort", "InstancePort"].includes(key) || (["FromPort", "ToPort"].includes(key) && !isRange);
  return Object.fromEntries(Object.entries(item).map(([key, value]) => [key, isPort(key) && isNodePort(value) ? "node port…" : value]));
}

/**
 * The objects of a bucket, without duplicates. There are two causes of duplicates. Two control plane nodes that back up the same slot may both
 * store the static resources (docs/etcd-backup.md). A test run that lasts beyond the next scheduled time stores two slots.
 */
function withoutDuplicates(objects: readonly unknown[]): unknown[] {
  return [...new Map(objects.map((object) => [JSON.stringify(object), object])).values()];
}

/** Attributes of a load balancer with their defaults. AWS always lists them; the emulated AWS lists them only after they were set. */
const defaults: Readonly<Partial<Record<string, string>>> = {
  "access_logs.s3.enabled": "false",
  "secondary_ips.auto_assigned.per_subnet": "0",
  "zonal_shift.config.enabled": "false",
};

function isDefault(item: unknown): boolean {
  const { Key, Value } = (item ?? {}) as { readonly Key?: unknown; readonly Value?: unknown };
  return typeof Key === "string" && Value !== undefined && defaults[Key] === Value;
}

interface Named {
  readonly Tags?: readonly { readonly Key?: string; readonly Value?: string }[];
}

/**
 * The resources of an account without the values that differ for each cluster: infraID, IDs, addresses, times, digests. The ID of a named resource
 * becomes its name, so a comparison still includes the references between resources. One line for each resource.
 */
export function normalized(inventory: Inventory, infraId: string): Record<string, string[]> {
  const names = namesOf(inventory);
  const plain = (text: string): string => {
    const known = text.replace(/\b[a-z]+-[0-9a-f]{8,17}\b/g, (id) => names.get(id) ?? id).replaceAll(infraId, "<infraID>");
    return given.reduce((rest, [pattern, place]) => rest.replace(pattern, place), known);
  };
  return Object.fromEntries(
    Object.entries(inventory).flatMap(([region, kinds]) =>
      Object.entries(kinds).map(([kind, items]) => [`${region} ${kind}`, items.map((item) => JSON.stringify(stable(item, plain))).sort()]),
    ),
  );
}

/** Names by ID of all EC2 resources that have a name. */
function namesOf(inventory: Inventory): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const [kind, items] of Object.values(inventory).flatMap((kinds) => Object.entries(kinds))) {
    if (!kind.startsWith("ec2/")) continue;
    for (const item of items as (Named & Record<string, unknown>)[]) {
      const name = item.Tags?.find(({ Key }) => Key === "Name")?.Value;
      const id = idOf(kind, item);
      if (name !== undefined && id !== undefined) names.set(id, name);
    }
  }
  return names;
}

const idKeys: Readonly<Partial<Record<string, string>>> = {
  "ec2/addresses": "AllocationId",
  "ec2/instances": "InstanceId",
  "ec2/internet-gateways": "InternetGatewayId",
  "ec2/nat-gateways": "NatGatewayId",
  "ec2/route-tables": "RouteTableId",
  "ec2/security-groups": "GroupId",
  "ec2/subnets": "SubnetId",
  "ec2/volumes": "VolumeId",
  "ec2/vpc-endpoints": "VpcEndpointId",
  "ec2/vpcs": "VpcId",
};

function idOf(kind: string, item: Record<string, unknown>): string | undefined {
  const key = idKeys[kind];
  return key === undefined ? undefined : (item[key] as string | undefined);
}

/**
 * The value with each text replaced by `plain`, with node ports replaced, and without defaults, random values and a bucket's duplicate objects. Lists
 * and keys are sorted after the replacement, so their order does not depend on the original texts.
 */
function stable(value: unknown, plain: (text: string) => string): unknown {
  if (typeof value === "string") return plain(value);
  if (Array.isArray(value)) {
    return value
      .filter((item) => !isDefault(item))
      .map((item) => [JSON.stringify(stable(item, plain)), stable(item, plain)] as const)
      .sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))
      .map(([, item]) => item);
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(withoutNodePorts(value as Record<string, unknown>))
      .filter(([key, item]) => !isChance(key, item))
      .map(([key, item]) => [plain(key), stable(item, plain)] as const)
      .map(([key, item]) => [key, key === "Objects" ? withoutDuplicates(item as unknown[]) : item] as const)
      .sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0)),
  );
}
