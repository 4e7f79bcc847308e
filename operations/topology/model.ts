import { list, record, type Resource, text } from "../cost/resource";

/** A resource with what its picture needs besides: where it was made, and what it was made of. */
export interface Placed extends Resource {
  readonly id?: string;
  /** URNs of what each input comes from; known before the input itself is. */
  readonly propertyDependencies?: Readonly<Record<string, readonly string[]>>;
}

/** A zone's part of the network; machines by group ("masters", "installer host"), with how many there are. */
export interface Zone {
  readonly name: string;
  readonly publicSubnet?: string;
  readonly privateSubnet?: string;
  /** Whether a NAT gateway stands in its public subnet. */
  readonly nat: boolean;
  readonly publicMachines: readonly MachineGroup[];
  readonly privateMachines: readonly MachineGroup[];
}

export interface MachineGroup {
  readonly group: string;
  readonly count: number;
  readonly instanceTypes: readonly string[];
}

export interface Balancer {
  readonly name: string;
  readonly public: boolean;
  /** "tcp 6443", sorted. */
  readonly listeners: readonly string[];
  /** Groups of machines behind it, sorted. */
  readonly targets: readonly string[];
}

/** What security groups let through: from whom, to which group's machines, on which ports. */
export interface Flow {
  readonly from: string;
  readonly to: string;
  /** "tcp 6443", "udp 4789", "icmp"; sorted. */
  readonly ports: readonly string[];
  /** From addresses outside the network. */
  readonly outside: boolean;
}

/** What a stack is made of, as a person draws it. */
export interface Topology {
  readonly network: string;
  readonly zones: readonly Zone[];
  readonly balancers: readonly Balancer[];
  readonly flows: readonly Flow[];
  /** Names that the internet resolves. */
  readonly publicNames: readonly string[];
  /** Routers that the cluster makes: their domain, and whether the internet reaches them. */
  readonly routers: readonly { readonly name: string; readonly domain: string; readonly public: boolean }[];
  readonly buckets: number;
}

/** The picture's content, from a stack's resources. Order of the resources doesn't matter. */
export function topologyOf(resources: readonly Placed[]): Topology {
  const stack = new Stack(resources);
  const [vpc] = stack.all(/^aws:ec2\/vpc:/);
  const machines = stack.machines();
  const range = (vpc as Placed | undefined) && text(vpc.inputs.cidrBlock);
  return {
    network: vpc === undefined ? "existing VPC" : `VPC ${range ?? ""}`.trim(),
    zones: stack.zones(machines),
    balancers: stack.balancers(),
    flows: stack.flows(range),
    publicNames: stack.publicNames(),
    routers: stack.routers(),
    buckets: stack.all(/^aws:s3\/bucket:/).length,
  };
}

interface Machine {
  readonly group: string;
  readonly instanceType: string;
  readonly subnet: Placed | undefined;
  readonly zone: string | undefined;
}

/** A stack's resources, and how they hang together: by the ids in their inputs, or, while these aren't known, by what the inputs come from. */
class Stack {
  private readonly byUrn: ReadonlyMap<string, Placed>;
  private readonly byId: ReadonlyMap<string, Placed>;

  constructor(private readonly resources: readonly Placed[]) {
    this.byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
    this.byId = new Map(
      resources.flatMap((resource) => [resource.id, text(resource.outputs?.arn)].flatMap((id) => (id ? [[id, resource] as const] : []))),
    );
  }

  all(type: RegExp): Placed[] {
    return this.resources.filter((resource) => type.test(resource.type)).sort((one, other) => (one.urn < other.urn ? -1 : 1));
  }

  machines(): Machine[] {
    return this.all(/^aws:ec2\/instance:/).map((machine) => {
      const subnet = this.referenced(machine, "subnetId");
      const zone =
        text(subnet?.inputs.availabilityZone) ?? text(machine.inputs.availabilityZone) ?? text(machine.outputs?.availabilityZone);
      return { group: groupOf(machine.urn), instanceType: text(machine.inputs.instanceType) ?? "", subnet, zone };
    });
  }

  zones(machines: readonly Machine[]): Zone[] {
    const subnets = this.all(/^aws:ec2\/subnet:/);
    const nats = this.all(/^aws:ec2\/natGateway:/).map((nat) => this.referenced(nat, "subnetId")?.urn);
    const names = [...new Set([...subnets.map(({ inputs }) => text(inputs.availabilityZone)), ...machines.map(({ zone }) => zone)])];
    return names
      .flatMap((name) => name ?? [])
      .sort()
      .map((name) => {
        const own = subnets.filter(({ inputs }) => text(inputs.availabilityZone) === name);
        const [publicSubnet, privateSubnet] = [own.find(isPublic), own.find((subnet) => !isPublic(subnet))];
        const here = machines.filter(({ zone }) => zone === name);
        const [outside, inside] = [
          here.filter(({ subnet }) => subnet && isPublic(subnet)),
          here.filter(({ subnet }) => !(subnet && isPublic(subnet))),
        ];
        return {
          name,
          ...ranged("publicSubnet", publicSubnet),
          ...ranged("privateSubnet", privateSubnet),
          nat: nats.includes(publicSubnet?.urn) && publicSubnet !== undefined,
          publicMachines: grouped(outside),
          privateMachines: grouped(inside),
        };
      });
  }

  balancers(): Balancer[] {
    const listeners = this.all(/^aws:(lb|alb)\/listener:/);
    const attachments = this.all(/^aws:(lb|alb)\/targetGroupAttachment:/);
    return this.all(/^aws:(lb|alb)\/loadBalancer:/).map((balancer) => {
      const own = listeners.filter((listener) => this.referenced(listener, "loadBalancerArn")?.urn === balancer.urn);
      const groups = own.flatMap((listener) => this.targetGroupsOf(listener));
      const targets = attachments.filter((attachment) => groups.includes(this.referenced(attachment, "targetGroupArn")?.urn ?? ""));
      return {
        name: text(balancer.inputs.name) ?? nameOf(balancer.urn),
        public: balancer.inputs.internal !== true,
        listeners: unique(own.map(({ inputs }) => `${String(inputs.protocol).toLowerCase()} ${String(inputs.port)}`)),
        targets: unique(targets.map(({ urn }) => groupOfTarget(urn))),
      };
    });
  }

  flows(range: string | undefined): Flow[] {
    const flows = new Map<string, { from: string; to: string; ports: Set<string>; outside: boolean }>();
    for (const rule of this.all(/^aws:vpc\/securityGroupIngressRule:/)) {
      const to = this.groupName(rule, "securityGroupId");
      const address = text(rule.inputs.cidrIpv4) ?? text(rule.inputs.cidrIpv6);
      const from = address ?? this.groupName(rule, "referencedSecurityGroupId");
      const key = `${from} ${to}`;
      const outside = address !== undefined && address !== range && rangeIsOutside(rule.urn);
      const flow = flows.get(key) ?? { from, to, ports: new Set<string>(), outside };
      flow.ports.add(portsOf(rule));
      flows.set(key, flow);
    }
    return [...flows.entries()]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([, { ports, ...flow }]) => ({ ...flow, ports: [...ports].sort() }));
  }

  publicNames(): string[] {
    const records = this.all(/^aws:route53\/record:/).filter(({ urn }) => nameOf(urn).endsWith("-public"));
    return unique(records.flatMap(({ inputs }) => text(inputs.name) ?? []));
  }

  routers(): Topology["routers"] {
    return this.all(/:IngressController$/).map(({ inputs }) => {
      const { name = "" } = (record(inputs.metadata) ?? {}) as { name?: string };
      const spec = (record(inputs.spec) ?? {}) as { domain?: string; endpointPublishingStrategy?: { loadBalancer?: { scope?: string } } };
      return { name, domain: text(spec.domain) ?? "", public: spec.endpointPublishingStrategy?.loadBalancer?.scope === "External" };
    });
  }

  private targetGroupsOf(listener: Placed): string[] {
    const byAction = list(listener.inputs.defaultActions).flatMap((action) => {
      const arn = text(record(action)?.targetGroupArn);
      return arn === undefined ? [] : [this.byId.get(arn)?.urn ?? ""];
    });
    const byDependency = (listener.propertyDependencies?.defaultActions ?? []).filter((urn) => /targetGroup:TargetGroup::/.test(urn));
    return unique([...byAction, ...byDependency]);
  }

  private groupName(rule: Placed, property: string): string {
    const group = this.referenced(rule, property);
    // The engine may know neither, of a group that another stack made.
    return group === undefined ? (text(rule.inputs[property]) ?? "another group") : groupWords(nameOf(group.urn));
  }

  private referenced({ inputs, propertyDependencies }: Placed, property: string): Placed | undefined {
    const [urn] = propertyDependencies?.[property] ?? [];
    const byUrn = propertyDependencies?.[property]?.length === 1 ? this.byUrn.get(urn) : undefined;
    return byUrn ?? this.byId.get(text(inputs[property]) ?? "");
  }
}

export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** A machine's group, in words: pools by their name, the rest by their component. */
function groupOf(urn: string): string {
  return groupWords(nameOf(urn).replace(/-(\d+|machine|host)$/, (end) => (end === "-host" ? end : "")));
}

function groupOfTarget(urn: string): string {
  const target = nameOf(urn).replace(/^.*-(aext|aint|sint)-/, "");
  return target.startsWith("master-") ? "masters" : groupWords(target.replace(/-\d+$/, ""));
}

function groupWords(name: string): string {
  return name.replace(/^security-groups-/, "").replace(/^installer-host(-group|-machine)?$/, "installer host");
}

function isPublic({ urn }: Placed): boolean {
  return nameOf(urn).includes("-public-");
}

/** Rules for the machines' own range are named so, whatever that range is. */
function rangeIsOutside(urn: string): boolean {
  return !nameOf(urn).includes("-from-machine-network");
}

function ranged(key: "publicSubnet" | "privateSubnet", subnet: Placed | undefined): Partial<Record<typeof key, string>> {
  return subnet === undefined ? {} : { [key]: text(subnet.inputs.cidrBlock) ?? "" };
}

function portsOf({ inputs }: Placed): string {
  const { fromPort, toPort } = inputs;
  const protocol = text(inputs.ipProtocol) ?? "";
  const name = protocol === "-1" ? "everything" : protocol === "50" ? "esp" : protocol;
  if (typeof fromPort !== "number" || typeof toPort !== "number" || fromPort < 0) return name;
  return fromPort === toPort ? `${name} ${fromPort}` : `${name} ${fromPort}-${toPort}`;
}

function grouped(machines: readonly Machine[]): MachineGroup[] {
  return unique(machines.map(({ group }) => group)).map((group) => {
    const own = machines.filter((machine) => machine.group === group);
    return { group, count: own.length, instanceTypes: unique(own.map(({ instanceType }) => instanceType)) };
  });
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}
