import type { ClusterService, DiagramLoadBalancer, MachineGroup, Router, DiagramSubnet, Diagram } from "./model";
import { exposedPorts } from "./exposed";
import { countText, serviceFacts } from "./words";

/** The diagram in Mermaid's language, for a comment or a README. */
export function mermaid({ network, zones, balancers, routers, flows, services }: Diagram): string {
  const ids = new Ids();
  const internet = ids.of("internet");
  const inNetwork = [
    ...balancers.map((one) => `${ids.of(`balancer ${one.name}`)}{{${quote(balancerText(one))}}}`),
    ...routers.map((one) => `${ids.of(`router ${one.name}`)}{{${quote(routerText(one))}}}`),
    ...zones.flatMap((zone) => [
      `subgraph ${ids.of(`zone ${zone.name}`)}[${quote(zone.name)}]`,
      ...zone.subnets.flatMap((subnet) => subnetLines(subnet, zone.name, ids)).map(indent),
      "end",
    ]),
  ];
  const groups = zones.flatMap((zone) =>
    zone.subnets.flatMap((subnet) =>
      subnet.machines.map((machines) => ({ machines, id: ids.of(machineKey(zone.name, subnet, machines)) })),
    ),
  );
  const exposed = groups.flatMap(({ machines, id }) => exposedPorts(machines, flows).map(({ from, ports }) => ({ from, ports, id })));
  const ranges = [...new Set(exposed.map(({ from }) => from))].sort();
  const lines = [
    `${internet}((internet))`,
    ...ranges.map((range) => `${ids.of(`range ${range}`)}([${quote(range)}])`),
    `subgraph ${ids.of("network")}[${quote(network)}]`,
    ...inNetwork.map(indent),
    "end",
    ...serviceLines(services, ids),
    ...balancers.flatMap(({ name, public: open, listeners }) => [
      ...(open ? [`${internet} -->|${quote(listeners.map(({ port }) => port).join(", "))}| ${ids.of(`balancer ${name}`)}`] : []),
      ...groups
        .filter(({ machines }) => listeners.some(({ targets }) => targets.includes(machines.group)))
        .map(({ id }) => `${ids.of(`balancer ${name}`)} --> ${id}`),
    ]),
    ...routers
      .filter((router) => router.public)
      .map(({ name }) => `${internet} -->|${quote("tcp 80, tcp 443")}| ${ids.of(`router ${name}`)}`),
    ...exposed.map(({ from, ports, id }) => `${ids.of(`range ${from}`)} -->|${quote(ports.join(", "))}| ${id}`),
  ];
  return ["flowchart TB", ...lines.map(indent), ""].join("\n");
}

const indent = (line: string) => `  ${line}`;

function balancerText({ name, public: open }: DiagramLoadBalancer): string {
  return `${name} (${open ? "public" : "internal"})`;
}

function routerText({ name, domain, public: open }: Router): string {
  return `router ${name}, ${[domain, open ? "public" : "internal"].filter((part) => part !== "").join(", ")}`;
}

function machineKey(zone: string, subnet: DiagramSubnet, { group }: MachineGroup): string {
  return JSON.stringify([zone, subnet.name, group]);
}

function subnetLines(subnet: DiagramSubnet, zone: string, ids: Ids): string[] {
  const inside = [
    ...(subnet.nat ? [`${ids.of(`nat ${zone} ${subnet.name}`)}[${quote("NAT gateway")}]`] : []),
    ...subnet.machines.map((machines) => `${ids.of(machineKey(zone, subnet, machines))}[${quote(countText(machines))}]`),
  ];
  const id = ids.of(`subnet ${zone} ${subnet.name}`);
  // Mermaid does not draw an empty subgraph.
  if (inside.length === 0) return [`${id}[${quote(subnet.name)}]`];
  return [`subgraph ${id}[${quote(subnet.name)}]`, ...inside.map(indent), "end"];
}

/** The services below each other; without them Mermaid would put them side by side in one long row. */
function serviceLines(services: readonly ClusterService[], ids: Ids): string[] {
  if (services.length === 0) return [];
  const nodes = services.map((service) => ids.of(`service ${service.name}`));
  return [
    `subgraph ${ids.of("services")}[${quote("services in the cluster")}]`,
    "  direction TB",
    ...services.map((service, index) => `  ${nodes[index]}[${quote([service.name, ...serviceFacts(service)].join(", "))}]`),
    "end",
    `${ids.of("network")} ~~~ ${ids.of("services")}`,
  ];
}

/**
 * Generates the IDs of the nodes. Names can't be IDs: Mermaid's keywords are not allowed as IDs, and most characters are not allowed in
 * IDs.
 */
class Ids {
  private readonly known = new Map<string, string>();

  of(what: string): string {
    const id = this.known.get(what) ?? `n${this.known.size}`;
    this.known.set(what, id);
    return id;
  }
}

/** Quotes a text for Mermaid: every character that could have a meaning is replaced by an entity. */
function quote(text: string): string {
  return `"${text.replaceAll(/[^\p{L}\p{N} .,:/()+×=-]/gu, (sign) => `#${sign.codePointAt(0) ?? 0};`)}"`;
}
