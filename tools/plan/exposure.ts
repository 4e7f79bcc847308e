import type { ResourceChange, ResourceProperties } from "../../lib/pulumi/change";
import { holdsUnknown } from "./changed-paths";
import type { Exposed } from "./exposed";
import { attachmentExposure, bucketPolicyExposure, policyExposure, roleExposure } from "./exposed-rights";

/** Access that a change opens or closes. */
export interface Exposure {
  readonly kind: "opened" | "closed";
  /** "opens tcp 22 of installer-host-group to 203.0.113.0/24" */
  readonly text: string;
  /** Whether the access is for everybody, or to everything. */
  readonly wide: boolean;
}

/** Returns the things that a resource with these properties exposes. */
type Reader = (properties: ResourceProperties, change: ResourceChange) => readonly Exposed[];

const publicAccessBlock = /^aws:s3\/bucketPublicAccessBlock:/;

const readers: readonly (readonly [RegExp, Reader])[] = [
  [/^aws:vpc\/securityGroupIngressRule:/, ingress],
  [/^aws:ec2\/securityGroupRule:/, (properties, change) => (properties.type === "egress" ? [] : ingress(properties, change))],
  [/^aws:ec2\/(s|defaultS)ecurityGroup:/, inlineIngress],
  [/^aws:ec2\/instance:/, publicAddress],
  [/^aws:ec2\/eip:/, (_, { name }) => [{ text: `a public address (${name})`, wide: false }]],
  [/^aws:(lb|alb)\/loadBalancer:/, balancer],
  [/^aws:iam\/(rolePolicy|userPolicy|groupPolicy|policy):/, (properties, { name }) => policyExposure(properties.policy, name)],
  [/^aws:iam\/(role|user|group)?[pP]olicyAttachment(sExclusive)?:/, attachmentExposure],
  [/^aws:iam\/role:/, roleExposure],
  [/^aws:s3\/bucketPolicy:/, bucketPolicyExposure],
  [publicAccessBlock, publicAccess],
  [/:IngressController(Patch)?$/, router],
  [/:ClusterRoleBinding$/, binding],
];

/** The access that a change opens and closes: the difference between the exposed things after and before. */
export function exposureOf(change: ResourceChange): Exposure[] {
  const reader = readers.find(([type]) => type.test(change.type))?.[1];
  if (reader === undefined) return [];
  const exists = (properties: ResourceProperties) => Object.keys(properties).length > 0;
  const read = (properties: ResourceProperties) => (exists(properties) ? reader(properties, change) : []);
  const before = read(change.before);
  // Deleting a public access block has the same effect as switching off all four of its settings.
  const after = publicAccessBlock.test(change.type) && exists(change.before) ? reader(change.after, change) : read(change.after);
  const without = (some: readonly Exposed[], others: readonly Exposed[]) =>
    some.filter(({ text }) => !others.some((other) => other.text === text));
  const come = without(after, before);
  const gone = without(before, after);
  const exposures = (kind: Exposure["kind"], some: readonly Exposed[]) => some.map(({ text, wide }): Exposure => ({ kind, text, wide }));
  return [
    ...exposures("opened", [...come.filter(({ denied }) => denied !== true), ...gone.filter(({ denied }) => denied === true)]),
    // A new resource closes nothing.
    ...exposures("closed", [
      ...gone.filter(({ denied }) => denied !== true),
      ...come.filter(({ denied }) => denied === true && exists(change.before)),
    ]),
  ];
}

/**
 * Returns a function that tells whether a change deletes a part of a bucket or role that the plan deletes, too. Such a change exposes
 * nothing. If the name of the bucket or role is not known yet, the function returns false.
 */
export function isDeletedWithOwner(changes: readonly ResourceChange[]): (change: ResourceChange) => boolean {
  const owners = changes.filter(({ operation, type }) => operation === "delete" && /^aws:(s3\/bucket|iam\/role):/.test(type));
  const gone = new Set(owners.map(({ before: { bucket, name } }) => bucket ?? name));
  return ({ operation, type, before: { bucket, role: owner } }) => {
    const of = /^aws:s3\/bucketP/.test(type) ? bucket : /^aws:iam\/rolePolicy:/.test(type) ? owner : undefined;
    return operation === "delete" && typeof of === "string" && !holdsUnknown(of) && gone.has(of);
  };
}

function ingress(
  { referencedSecurityGroupId, ipProtocol, protocol, fromPort, toPort, ...sources }: ResourceProperties,
  { name }: ResourceChange,
): Exposed[] {
  const { cidrIpv4, cidrIpv6, cidrBlocks, ipv6CidrBlocks, prefixListId, prefixListIds } = sources;
  const ranges = textsOf([cidrIpv4, cidrIpv6, cidrBlocks, ipv6CidrBlocks]);
  const lists = textsOf([prefixListId, prefixListIds]).map((id) =>
    holdsUnknown(id) ? "a prefix list that isn't known yet" : `prefix list ${id}`,
  );
  const words =
    String(ipProtocol ?? protocol) === "-1" ? "everything" : `${String(ipProtocol ?? protocol)} ${portsOf(fromPort, toPort)}`.trim();
  const [group] = name.split("-from-");
  if (ranges.length + lists.length === 0 && referencedSecurityGroupId !== undefined)
    return [{ text: `${words} of ${group} to another group (${name})`, wide: false }];
  // The entries of a prefix list are not part of the plan, so it counts as wide.
  return [
    ...ranges.map((range) => ({ text: `${words} of ${group} to ${range}`, wide: range.endsWith("/0") })),
    ...lists.map((list) => ({ text: `${words} of ${group} to ${list}`, wide: true })),
  ];
}

function inlineIngress({ ingress: rules }: ResourceProperties, change: ResourceChange): Exposed[] {
  return Array.isArray(rules) ? (rules as (ResourceProperties | null)[]).flatMap((rule) => ingress(rule ?? {}, change)) : [];
}

function textsOf(values: readonly unknown[]): string[] {
  return values.flat().filter((value) => typeof value === "string");
}

function portsOf(from: unknown, to: unknown): string {
  if (typeof from !== "number" || typeof to !== "number" || from === -1) return "";
  return from === to ? String(from) : `${from}-${to}`;
}

function publicAddress({ associatePublicIpAddress }: ResourceProperties, { name }: ResourceChange): Exposed[] {
  return associatePublicIpAddress === true ? [{ text: `a public address of ${name}`, wide: false }] : [];
}

function balancer({ internal, name: balancerName }: ResourceProperties, { name }: ResourceChange): Exposed[] {
  return internal === true
    ? []
    : [
        {
          text: `a load balancer on the internet (${typeof balancerName === "string" && !holdsUnknown(balancerName) ? balancerName : name})`,
          wide: true,
        },
      ];
}

function publicAccess(properties: ResourceProperties, { name }: ResourceChange): Exposed[] {
  const open = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"].filter(
    (key) => properties[key] !== true,
  );
  return open.map((key) => ({ text: `public access to ${name} (${key})`, wide: true }));
}

interface Strategy {
  readonly type?: string;
  readonly loadBalancer?: { readonly scope?: string; readonly allowedSourceRanges?: readonly string[] };
}

function router({ spec, metadata }: ResourceProperties): Exposed[] {
  const { endpointPublishingStrategy: strategy, domain } = (spec ?? {}) as { endpointPublishingStrategy?: Strategy; domain?: string };
  if (strategy?.loadBalancer?.scope !== "External") return [];
  const { name = "" } = (metadata ?? {}) as { name?: string };
  const ranges = strategy.loadBalancer.allowedSourceRanges ?? [];
  const to = ranges.length === 0 ? "the internet" : ranges.join(", ");
  return [{ text: `router ${name}${domain === undefined ? "" : ` (*.${domain})`} to ${to}`, wide: ranges.length === 0 }];
}

function binding({ roleRef, subjects }: ResourceProperties): Exposed[] {
  const { name = "" } = (roleRef ?? {}) as { name?: string };
  const list = Array.isArray(subjects) ? (subjects as { kind?: string; name?: string }[]) : [];
  return list.map((subject) => ({
    text: `role ${name} for ${(subject.kind ?? "").toLowerCase()} ${subject.name ?? ""}`,
    wide: name === "cluster-admin",
  }));
}
