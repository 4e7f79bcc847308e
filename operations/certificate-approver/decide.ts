import { normalized } from "./node-names";
import { examine, quoted, refusal, type CertificateRequest, type Claim, type Refusal } from "./request";

/** A machine of EC2's inventory. */
export interface Machine {
  readonly id: string;
  /** Every name that its kubelet may register under: see `nodeNames`. None once it is terminated. */
  readonly nodeNames: readonly string[];
  /** `pending`, `running`, `stopped`, … */
  readonly state: string;
  readonly vpcId: string;
  readonly tags: Readonly<Partial<Record<string, string>>>;
  /** When it was first launched; a stop and a start don't make a machine new. */
  readonly launched: Date;
  /** All its DNS names and addresses, private and public; names in lower case, without a dot at the end. */
  readonly names: readonly string[];
  readonly addresses: readonly string[];
}

/** What the decisions are held to. */
export interface Rules {
  readonly infraId: string;
  readonly vpcId: string;
  /** Age in seconds up to which a machine may ask for its first certificate. */
  readonly oldestMachineSeconds: number;
  /** `Name` tags of the cluster's machines that never are nodes: the bootstrap machine, the installer host. */
  readonly notNodes: readonly string[];
}

export interface Approval {
  readonly approved: true;
  readonly node: string;
  /** Why, for the request's condition. */
  readonly message: string;
}

/**
 * Whether a kubelet's certificate request may be approved: a pure function of what is known at that moment.
 *
 * A client request is a machine's first and comes under an identity that all machines share, so its machine must be new and must not be a node
 * yet, under any of its names; anything else is a takeover attempt (reference, section 7.6). A serving request comes from a node that has
 * proven its name, so only the names and addresses are in question.
 *
 * @param machines EC2's inventory; machines of other clusters may be among them
 * @param nodes names of the nodes that exist; it is enough to know about those that the machine may have
 */
export async function decide(
  request: CertificateRequest,
  machines: readonly Machine[],
  nodes: ReadonlySet<string>,
  now: Date,
  rules: Rules,
): Promise<Approval | Refusal> {
  const claim = await examine(request);
  if ("approved" in claim) return claim;
  const machine = findMachine(claim, machines, rules);
  return "approved" in machine ? machine : judge(claim, machine, nodes, now, rules);
}

/** The second half of {@link decide}, for a machine that `findMachine` has found. */
export function judge(claim: Claim, machine: Machine, nodes: ReadonlySet<string>, now: Date, rules: Rules): Approval | Refusal {
  const refused = claim.kind === "client" ? refuseNewcomer(machine, nodes, now, rules) : refuseForeign(claim, machine);
  const proof = claim.kind === "client" ? "is new to the cluster" : "every name and address is its own";
  return refused ?? { approved: true, node: claim.node, message: `${machine.id} runs in ${machine.vpcId} under this name, and ${proof}` };
}

/** The running machine of the cluster that a claim is about, or why there is none. */
export function findMachine({ node }: Claim, machines: readonly Machine[], rules: Rules): Machine | Refusal {
  const ofCluster = machines.filter(({ vpcId, tags }) => vpcId === rules.vpcId && `kubernetes.io/cluster/${rules.infraId}` in tags);
  const [machine, another] = ofCluster.filter(({ nodeNames }) => nodeNames.includes(node)) as [Machine?, Machine?];
  if (machine === undefined)
    return refusal(
      "NoSuchMachine",
      `no machine of cluster ${rules.infraId} in ${rules.vpcId} has the private DNS name ${quoted(node)}, neither in AWS's domain nor in one of the VPC's DHCP options`,
    );
  if (another !== undefined) return refusal("AmbiguousMachine", `${machine.id} and ${another.id} both have the name ${quoted(node)}`);
  if (machine.state !== "running") return refusal("MachineNotRunning", `${machine.id} is ${machine.state}`);
  if (rules.notNodes.includes(machine.tags.Name ?? ""))
    return refusal("NotANode", `${machine.id} (${machine.tags.Name ?? ""}) is not meant to be a node`);
  return machine;
}

function refuseNewcomer(machine: Machine, nodes: ReadonlySet<string>, now: Date, rules: Rules): Refusal | undefined {
  const node = machine.nodeNames.find((name) => nodes.has(name));
  if (node !== undefined)
    return refusal("NodeExists", `${machine.id} is already node ${quoted(node)}: its first certificate was given out`);
  const age = Math.round((now.getTime() - machine.launched.getTime()) / 1000);
  // Also refuses what is not a number.
  if (!(age <= rules.oldestMachineSeconds))
    return refusal(
      "MachineTooOld",
      `${machine.id} was launched ${age} s ago; a first certificate is given within ${rules.oldestMachineSeconds} s`,
    );
  return undefined;
}

function refuseForeign({ names, addresses }: Claim, machine: Machine): Refusal | undefined {
  const name = names.find((each) => !machine.names.includes(normalized(each)));
  if (name !== undefined) return refusal("ForeignName", `${quoted(name)} is not a name of ${machine.id}`);
  const address = addresses.find((each) => !machine.addresses.includes(each));
  if (address !== undefined) return refusal("ForeignAddress", `${quoted(address)} is not an address of ${machine.id}`);
  return undefined;
}
