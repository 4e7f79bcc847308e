import { type Change, type Properties, typesOf } from "./change";

/** How bad a change is when it was not meant, worst first. */
export const severities = ["loses data", "can't be undone", "interrupts", "restarts"] as const;
export type Severity = (typeof severities)[number];

/** What changes mean for who uses the cluster: several of a kind are one meaning. */
export interface Meaning {
  readonly severity: Severity;
  /** A sentence's predicate without the resources: "restarts all masters, one by one". */
  readonly text: string;
  /** The same for a headline. */
  readonly short: string;
}

/** What a headline says where a row has nothing shorter of its own. */
const standing: Readonly<Record<Severity, string>> = {
  "loses data": "loses data",
  "can't be undone": "can't be undone in part",
  interrupts: "interrupts what is in use",
  restarts: "restarts nodes or services",
};

interface Row {
  readonly type: RegExp;
  /** Of a change: its operation, the fields that change, the resource's name and the types of its parents. */
  readonly when: (change: Change) => boolean;
  readonly meaning: (change: Change) => Meaning;
}

const gone = ({ operation }: Change): boolean => operation === "delete" || operation === "replace";
const updates =
  (...fields: readonly string[]) =>
  ({ operation, fields: changed }: Change): boolean =>
    operation === "update" &&
    (fields.length === 0 || changed.some((path) => fields.some((field) => path === field || path.startsWith(`${field}.`))));
const within =
  (type: string) =>
  ({ urn }: Change): boolean =>
    typesOf(urn).includes(type);
const both =
  (...tests: readonly ((change: Change) => boolean)[]) =>
  (change: Change): boolean =>
    tests.every((test) => test(change));
const named =
  (pattern: RegExp) =>
  ({ name }: Change): boolean =>
    pattern.test(name);
const means =
  (severity: Severity, text: string, short: string = standing[severity]) =>
  (): Meaning => ({ severity, text, short });

const isMaster = named(/^masters-\d+$/);
const isWorker = named(/^(workers|infra)-\d+$/);

/**
 * What a change does beyond itself. The first row that fits counts; what no row names does nothing to who uses the cluster, or is as its words say.
 * Minutes are this project's estimates, from what the parts take: an instance of AWS stops and starts in two to three (AWS, "Change the instance type"), a node that
 * restarts comes back in five to ten (openshift/machine-config-operator), a network load balancer is provisioned in three to five.
 */
const rows: readonly Row[] = [
  // Machines
  {
    type: /^aws:ec2\/instance:/,
    when: both(gone, isMaster),
    meaning: means("loses data", "takes a member of etcd away with its data: replace masters one at a time, or the cluster is lost"),
  },
  {
    type: /^aws:ec2\/instance:/,
    when: both(gone, isWorker),
    meaning: means("interrupts", "takes the machine away with everything on its disks: drain its node first (oc adm drain)"),
  },
  {
    type: /^aws:ec2\/instance:/,
    when: both(gone, within("okd:installer:InstallerHost")),
    meaning: means(
      "interrupts",
      "makes the installer host anew: its registry and certificate approver pause for about 5 minutes; the data volume stays",
    ),
  },
  {
    type: /^aws:ec2\/instance:/,
    when: both(updates("instanceType"), isMaster),
    meaning: means(
      "interrupts",
      "stops and starts masters at the same time: interrupts the API for about 5 minutes (one by one: pulumi up --target)",
      "interrupts the API for about 5 minutes",
    ),
  },
  {
    type: /^aws:ec2\/instance:/,
    when: both(updates("instanceType"), isWorker),
    meaning: means(
      "interrupts",
      "stops and starts machines at the same time, without draining: what runs on them is down for about 5 minutes (one by one: pulumi up --target)",
    ),
  },
  {
    type: /^aws:ec2\/instance:/,
    when: updates("instanceType"),
    meaning: means("interrupts", "stops and starts the machine, for about 5 minutes"),
  },
  // Load balancers, names, network
  {
    type: /^aws:(lb|alb)\/(loadBalancer|listener|targetGroup):/,
    when: both(gone, within("okd:network:LoadBalancers")),
    meaning: means("interrupts", "interrupts the API for about 5 minutes", "interrupts the API for about 5 minutes"),
  },
  {
    type: /^aws:(lb|alb)\/targetGroupAttachment:/,
    when: both(gone, within("okd:network:LoadBalancers")),
    meaning: means("interrupts", "takes a machine out of the API's load balancing"),
  },
  {
    type: /^aws:route53\/record:/,
    when: gone,
    meaning: means("interrupts", "takes a name away, for as long as resolvers remember that it is gone"),
  },
  {
    type: /^aws:route53\/zone:/,
    when: gone,
    meaning: means("interrupts", "takes the cluster's private names away: no node finds the API"),
  },
  { type: /^aws:ec2\/(vpc|subnet):/, when: gone, meaning: means("loses data", "takes the network away, and every machine in it") },
  {
    type: /^aws:ec2\/natGateway:/,
    when: gone,
    meaning: means("interrupts", "cuts connections to the internet that are open, and changes the address from which the nodes come"),
  },
  { type: /^aws:ec2\/eip:/, when: gone, meaning: means("can't be undone", "gives a public address back: nobody gets the same one again") },
  // Data
  { type: /^aws:s3\/bucket:/, when: gone, meaning: means("loses data", "deletes a bucket with everything in it") },
  { type: /^aws:ebs\/volume:/, when: gone, meaning: means("loses data", "deletes a volume with its data") },
  {
    type: /^aws:ebs\/volume:|^aws:ec2\/instance:/,
    when: updates("size", "rootBlockDevice"),
    meaning: means("can't be undone", "enlarges disks, which can't be made smaller again"),
  },
  { type: /^aws:kms\/key:/, when: gone, meaning: means("loses data", "ends a key: what it encrypted can't be read any more") },
  {
    type: /^aws:secretsmanager\/secretVersion:/,
    when: gone,
    meaning: means("restarts", "puts a new secret in place: its host fetches it within ten minutes and starts what uses it again"),
  },
  // Identity
  {
    type: /okd:(ClusterIdentity|CredentialsMode)$/,
    when: gone,
    meaning: means("loses data", "makes another cluster: everything is made anew"),
  },
  {
    type: /okd:GeneratedSshKey$/,
    when: gone,
    meaning: means("can't be undone", "makes another ssh key, which machines that run don't know"),
  },
  {
    type: /okd:SigningKey$/,
    when: gone,
    meaning: means("interrupts", "changes the key that service accounts' tokens are signed with: no component reaches AWS"),
  },
  {
    type: /^aws:iam\/(role|rolePolicy|instanceProfile|openIdConnectProvider):/,
    when: gone,
    meaning: means("interrupts", "takes rights from machines or components that run"),
  },
  // The cluster's own objects
  {
    type: /:MachineConfig(Patch)?$/,
    when: () => true,
    meaning: (change) => means("restarts", `restarts ${poolOf(change)} one by one, about 10 minutes each`)(),
  },
  {
    type: /:(KubeletConfig|ContainerRuntimeConfig)(Patch)?$/,
    when: () => true,
    meaning: means("restarts", "restarts the nodes of its pools one by one, about 10 minutes each"),
  },
  {
    type: /:(Image(Digest|Tag)MirrorSet|ImageContentSourcePolicy|ProxyPatch)$/,
    when: () => true,
    meaning: means("restarts", "restarts every node one by one, about 10 minutes each"),
  },
  {
    type: /:ClusterVersionPatch$/,
    when: (change) => desiredVersion(change.after) !== desiredVersion(change.before),
    meaning: (change) =>
      means(
        "can't be undone",
        `updates the cluster to ${desiredVersion(change.after) ?? "another release"}: every node restarts, and there is no way back`,
        "updates the cluster's release, without a way back",
      )(),
  },
  {
    type: /:APIServerPatch$/,
    when: both(({ operation }) => operation !== "delete", touches("spec.encryption")),
    meaning: means("interrupts", "encrypts etcd's content anew and rolls the API servers out, for up to an hour"),
  },
  {
    type: /:(APIServer|KubeAPIServer|OAuth)Patch$/,
    when: () => true,
    meaning: means("restarts", "rolls the API or login servers out one by one, without an interruption"),
  },
  {
    type: /:IngressController$/,
    when: gone,
    meaning: means(
      "interrupts",
      "takes the shard's router and its load balancer away: its applications are down until a new one stands, about 5 minutes",
    ),
  },
  { type: /:IngressController(Patch)?$/, when: updates(), meaning: means("restarts", "rolls the router's pods out one by one") },
  {
    type: /^kubernetes:.*:(Namespace|PersistentVolumeClaim)$/,
    when: gone,
    meaning: means("loses data", "deletes it with everything in it"),
  },
];

/** What a change means beyond itself, or undefined. */
export function meaningOf(change: Change): Meaning | undefined {
  return rows.find(({ type, when }) => type.test(change.type) && when(change))?.meaning(change);
}

/** Whether a field is set, or was: also where the whole object is new. */
function touches(path: string): (change: Change) => boolean {
  const at = (value: Properties): unknown =>
    path.split(".").reduce((found: unknown, key) => (found as Properties | undefined)?.[key], value);
  return ({ before, after }) => JSON.stringify(at(before)) !== JSON.stringify(at(after));
}

function desiredVersion({ spec }: Properties): string | undefined {
  return (spec as { desiredUpdate?: { version?: string } } | undefined)?.desiredUpdate?.version;
}

/** Whom a machine config is for: its label says so, and by custom its name. */
function poolOf({ before, after, name }: Change): string {
  const { metadata } = (Object.keys(after).length > 0 ? after : before) as { metadata?: { labels?: Record<string, string> } };
  const role = metadata?.labels?.["machineconfiguration.openshift.io/role"] ?? /(master|worker)/.exec(name)?.[1];
  return role === undefined ? "the nodes of its pool" : `all ${role}s`;
}
