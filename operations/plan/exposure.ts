import type { Change, Properties } from "./change";
import { holdsUnknown } from "./changed-paths";

/** Something that can be reached, or done, by whom it couldn't before; or the other way round. */
export interface Exposure {
  readonly kind: "opened" | "closed";
  /** "opens tcp 22 of installer-host-group to 203.0.113.0/24" */
  readonly text: string;
  /** To everybody, or everything. */
  readonly wide: boolean;
}

/** What a list of things of a resource exposes: each a text that differs when it is another thing. */
type Reader = (properties: Properties, change: Change) => readonly Exposed[];
interface Exposed {
  readonly text: string;
  readonly wide: boolean;
}

const readers: readonly (readonly [RegExp, Reader])[] = [
  [/^aws:vpc\/securityGroupIngressRule:/, ingress],
  [/^aws:ec2\/securityGroupRule:/, ingress],
  [/^aws:ec2\/instance:/, publicAddress],
  [/^aws:ec2\/eip:/, (_, { name }) => [{ text: `a public address (${name})`, wide: false }]],
  [/^aws:(lb|alb)\/loadBalancer:/, balancer],
  [/^aws:iam\/rolePolicy:/, (properties, { name }) => actions(properties.policy, name)],
  [/^aws:s3\/bucketPolicy:/, bucketPolicy],
  [/^aws:s3\/bucketPublicAccessBlock:/, publicAccess],
  [/:IngressController(Patch)?$/, router],
  [/:ClusterRoleBinding$/, binding],
];

/** What a change opens and closes: what it exposes afterwards against what it exposed before. */
export function exposureOf(change: Change): Exposure[] {
  const reader = readers.find(([type]) => type.test(change.type))?.[1];
  if (reader === undefined) return [];
  const read = (properties: Properties) => (Object.keys(properties).length === 0 ? [] : reader(properties, change));
  const [before, after] = [read(change.before), read(change.after)];
  const without = (some: readonly Exposed[], others: readonly Exposed[]) =>
    some.filter(({ text }) => !others.some((other) => other.text === text));
  return [
    ...without(after, before).map((exposed): Exposure => ({ kind: "opened", ...exposed })),
    ...without(before, after).map((exposed): Exposure => ({ kind: "closed", ...exposed })),
  ];
}

function ingress(
  { cidrIpv4, cidrIpv6, cidrBlocks, referencedSecurityGroupId, ipProtocol, protocol, fromPort, toPort }: Properties,
  { name }: Change,
): Exposed[] {
  const ranges = [cidrIpv4, cidrIpv6, ...(Array.isArray(cidrBlocks) ? (cidrBlocks as unknown[]) : [])].filter(
    (range) => typeof range === "string",
  );
  const words =
    String(ipProtocol ?? protocol) === "-1" ? "everything" : `${String(ipProtocol ?? protocol)} ${portsOf(fromPort, toPort)}`.trim();
  const group = name.replace(/-from-.*$/, "");
  if (ranges.length === 0 && referencedSecurityGroupId !== undefined)
    return [{ text: `${words} of ${group} to another group (${name})`, wide: false }];
  return ranges.map((range) => ({ text: `${words} of ${group} to ${range}`, wide: /\/0$/.test(range) }));
}

function portsOf(from: unknown, to: unknown): string {
  if (typeof from !== "number" || typeof to !== "number" || from === -1) return "";
  return from === to ? String(from) : `${from}-${to}`;
}

function publicAddress({ associatePublicIpAddress }: Properties, { name }: Change): Exposed[] {
  return associatePublicIpAddress === true ? [{ text: `a public address of ${name}`, wide: false }] : [];
}

function balancer({ internal, name: balancerName }: Properties, { name }: Change): Exposed[] {
  return internal === true
    ? []
    : [
        {
          text: `a load balancer on the internet (${typeof balancerName === "string" && !holdsUnknown(balancerName) ? balancerName : name})`,
          wide: true,
        },
      ];
}

/** Actions that a policy allows; a policy that isn't known yet allows nothing that could be told. */
function actions(policy: unknown, name: string): Exposed[] {
  return statementsOf(policy).flatMap(({ Effect, Action, Resource }) =>
    Effect === "Deny"
      ? []
      : [Action]
          .flat()
          .map((action) => ({ text: `${String(action)} for ${name}${resources(Resource)}`, wide: /\*$/.test(String(action)) })),
  );
}

function resources(resource: unknown): string {
  const named = [resource].flat().filter((each) => typeof each === "string");
  return named.length === 0 || named.includes("*") ? " on everything" : ` on ${named.join(", ")}`;
}

function bucketPolicy({ policy, bucket }: Properties, { name }: Change): Exposed[] {
  return statementsOf(policy)
    .filter(({ Effect, Principal }) => Effect !== "Deny" && JSON.stringify(Principal ?? "").includes('"*"'))
    .map(({ Action }) => ({
      text: `${[Action].flat().join(", ")} of bucket ${typeof bucket === "string" ? bucket : name} to everybody`,
      wide: true,
    }));
}

interface Statement {
  readonly Effect?: string;
  readonly Action?: unknown;
  readonly Resource?: unknown;
  readonly Principal?: unknown;
}

function statementsOf(policy: unknown): readonly Statement[] {
  try {
    const { Statement: statements } = (typeof policy === "string" ? JSON.parse(policy) : (policy ?? {})) as {
      Statement?: Statement | Statement[];
    };
    return statements === undefined ? [] : [statements].flat();
  } catch {
    return []; // not known yet
  }
}

function publicAccess(properties: Properties, { name }: Change): Exposed[] {
  const open = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"].filter(
    (key) => properties[key] !== true,
  );
  return open.map((key) => ({ text: `${key} off for ${name}`, wide: true }));
}

interface Strategy {
  readonly type?: string;
  readonly loadBalancer?: { readonly scope?: string; readonly allowedSourceRanges?: readonly string[] };
}

function router({ spec, metadata }: Properties): Exposed[] {
  const { endpointPublishingStrategy: strategy, domain } = (spec ?? {}) as { endpointPublishingStrategy?: Strategy; domain?: string };
  if (strategy?.loadBalancer?.scope !== "External") return [];
  const { name = "" } = (metadata ?? {}) as { name?: string };
  const ranges = strategy.loadBalancer.allowedSourceRanges ?? [];
  const to = ranges.length === 0 ? "the internet" : ranges.join(", ");
  return [{ text: `router ${name}${domain === undefined ? "" : ` (*.${domain})`} to ${to}`, wide: ranges.length === 0 }];
}

function binding({ roleRef, subjects }: Properties): Exposed[] {
  const { name = "" } = (roleRef ?? {}) as { name?: string };
  const list = Array.isArray(subjects) ? (subjects as { kind?: string; name?: string }[]) : [];
  return list.map((subject) => ({
    text: `role ${name} for ${(subject.kind ?? "").toLowerCase()} ${subject.name ?? ""}`,
    wide: name === "cluster-admin",
  }));
}
