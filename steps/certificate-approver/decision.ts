import { normalizeDnsName } from "./node-names";
import { examineRequest, quoteForMessage, refusal, type CertificateRequest, type Claim, type Refusal } from "./request";

/** An EC2 instance. */
export interface ClusterInstance {
  readonly id: string;
  /** All names under which the instance's kubelet may register: see `nodeNames`. Empty for a terminated instance. */
  readonly nodeNames: readonly string[];
  /** `pending`, `running`, `stopped`, … */
  readonly state: string;
  readonly vpcId: string;
  readonly tags: Readonly<Partial<Record<string, string>>>;
  /** Time of the first launch; a stop and a start don't make an instance new. */
  readonly launched: Date;
  /** All private and public DNS names of the instance; in lower case, without a final dot. */
  readonly names: readonly string[];
  readonly addresses: readonly string[];
}

/** The cluster's values with which the approver compares a CSR. */
export interface DecisionParameters {
  readonly infraId: string;
  readonly vpcId: string;
  /** Age in seconds up to which an instance may get its first certificate. */
  readonly oldestMachineSeconds: number;
  /** `Name` tags of the cluster's instances that are never nodes: the bootstrap instance, the installer host. */
  readonly notNodes: readonly string[];
}

export interface Approval {
  readonly approved: true;
  readonly node: string;
  /** Message for the CSR's condition: why it was approved. */
  readonly message: string;
}

/**
 * Whether a kubelet's CSR may be approved: a pure function of its arguments.
 *
 * A client CSR is the first CSR of an instance, and all instances share the identity that creates it. So the instance must be new, and none of its
 * names may be the name of a node; anything else is a takeover attempt. A serving CSR comes from a node that has proven its name, so only the names
 * and addresses in the CSR are checked.
 *
 * @param machines instances from EC2; they may include instances of other clusters
 * @param nodes names of existing nodes; only the possible names of the instance are needed
 */
export async function decideOnRequest(
  request: CertificateRequest,
  machines: readonly ClusterInstance[],
  nodes: ReadonlySet<string>,
  now: Date,
  parameters: DecisionParameters,
): Promise<Approval | Refusal> {
  const claim = await examineRequest(request);
  if ("approved" in claim) return claim;
  const machine = findMachine(claim, machines, parameters);
  return "approved" in machine ? machine : decideOnClaim(claim, machine, nodes, now, parameters);
}

/** The second half of {@link decideOnRequest}, for an instance that `findMachine` has found. */
export function decideOnClaim(
  claim: Claim,
  machine: ClusterInstance,
  nodes: ReadonlySet<string>,
  now: Date,
  parameters: DecisionParameters,
): Approval | Refusal {
  const refused = claim.kind === "client" ? refuseNewcomer(machine, nodes, now, parameters) : refuseForeignNames(claim, machine);
  const proof = claim.kind === "client" ? "is new to the cluster" : "every name and address is its own";
  return refused ?? { approved: true, node: claim.node, message: `${machine.id} runs in ${machine.vpcId} under this name, and ${proof}` };
}

/** The running instance of the cluster that a claim refers to, or why there is none. */
export function findMachine(
  { node }: Claim,
  machines: readonly ClusterInstance[],
  parameters: DecisionParameters,
): ClusterInstance | Refusal {
  const ofCluster = machines.filter(
    ({ vpcId, tags }) => vpcId === parameters.vpcId && `kubernetes.io/cluster/${parameters.infraId}` in tags,
  );
  const [machine, another] = ofCluster.filter(({ nodeNames }) => nodeNames.includes(node)) as [ClusterInstance?, ClusterInstance?];
  if (machine === undefined)
    return refusal(
      "NoSuchMachine",
      `no instance of cluster ${parameters.infraId} in ${parameters.vpcId} has the private DNS name ${quoteForMessage(node)}, neither in AWS's domain nor in a domain of the VPC's DHCP options`,
    );
  if (another !== undefined)
    return refusal("AmbiguousMachine", `${machine.id} and ${another.id} both have the name ${quoteForMessage(node)}`);
  if (machine.state !== "running") return refusal("MachineNotRunning", `${machine.id} is ${machine.state}`);
  if (parameters.notNodes.includes(machine.tags.Name ?? ""))
    return refusal("NotANode", `${machine.id} (${machine.tags.Name ?? ""}) is not meant to be a node`);
  return machine;
}

function refuseNewcomer(
  machine: ClusterInstance,
  nodes: ReadonlySet<string>,
  now: Date,
  parameters: DecisionParameters,
): Refusal | undefined {
  const node = machine.nodeNames.find((name) => nodes.has(name));
  if (node !== undefined)
    return refusal("NodeExists", `${machine.id} is already node ${quoteForMessage(node)}: it already has its first certificate`);
  const age = Math.round((now.getTime() - machine.launched.getTime()) / 1000);
  // The negated comparison also refuses NaN.
  if (!(age <= parameters.oldestMachineSeconds))
    return refusal(
      "MachineTooOld",
      `${machine.id} was launched ${age} s ago; an instance gets its first certificate only within ${parameters.oldestMachineSeconds} s`,
    );
  return undefined;
}

function refuseForeignNames({ names, addresses }: Claim, machine: ClusterInstance): Refusal | undefined {
  const name = names.find((each) => !machine.names.includes(normalizeDnsName(each)));
  if (name !== undefined) return refusal("ForeignName", `${quoteForMessage(name)} is not a name of ${machine.id}`);
  const address = addresses.find((each) => !machine.addresses.includes(each));
  if (address !== undefined) return refusal("ForeignAddress", `${quoteForMessage(address)} is not an address of ${machine.id}`);
  return undefined;
}
