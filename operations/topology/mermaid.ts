import type { Flow, MachineGroup, Topology } from "./model";

/** Ports that one edge tells: more are summed up; this project's choice. */
const MOST_PORTS = 3;

/** The picture for a comment or a README, in Mermaid's language. */
export function mermaid({ network, zones, balancers, flows, routers }: Topology): string {
  const ids = new Ids();
  const internet = "internet((internet))";
  const outsiders = [...new Set(flows.filter(({ outside }) => outside).map(({ from }) => from))];
  const lines = [
    "flowchart TB",
    `  ${internet}`,
    ...outsiders.map((range) => `  ${ids.of(`range ${range}`)}([${quoted(range)}])`),
    `  subgraph ${ids.of("network")}[${quoted(network)}]`,
    ...balancers.map(
      ({ name, public: open }) => `    ${ids.of(`balancer ${name}`)}{{${quoted(`${name}${open ? " (public)" : " (internal)"}`)}}}`,
    ),
    ...zones.flatMap(({ name, nat, publicSubnet, privateSubnet, publicMachines, privateMachines }) => [
      `    subgraph ${ids.of(`zone ${name}`)}[${quoted(name)}]`,
      ...subnet(`public ${publicSubnet ?? ""}`, name, "public", publicSubnet, publicMachines, nat, ids),
      ...subnet(`private ${privateSubnet ?? ""}`, name, "private", privateSubnet, privateMachines, false, ids),
      "    end",
    ]),
    ...routers.map(
      ({ name, domain, public: open }) =>
        `    ${ids.of(`router ${name}`)}[/${quoted(`router ${name} (*.${domain})${open ? "" : ", internal"}`)}/]`,
    ),
    "  end",
    ...balancers.flatMap(({ name, public: open, listeners, targets }) => [
      ...(open ? [`  internet -->|${quoted(listeners.join(", "))}| ${ids.of(`balancer ${name}`)}`] : []),
      ...targets.flatMap((group) => ids.machines(group).map((id) => `  ${ids.of(`balancer ${name}`)} --> ${id}`)),
    ]),
    ...routers
      .filter(({ public: open }) => open)
      .map(({ name }) => `  internet -->|${quoted("tcp 80, tcp 443")}| ${ids.of(`router ${name}`)}`),
    ...flows.filter(({ outside }) => outside).flatMap((flow) => outsideEdges(flow, ids)),
  ];
  return `${lines.join("\n")}\n`;
}

function subnet(
  title: string,
  zone: string,
  kind: string,
  range: string | undefined,
  machines: readonly MachineGroup[],
  nat: boolean,
  ids: Ids,
): string[] {
  if (range === undefined && machines.length === 0) return [];
  return [
    `      subgraph ${ids.of(`${kind} ${zone}`)}[${quoted(title.trim())}]`,
    ...(nat ? [`        ${ids.of(`nat ${zone}`)}[${quoted("NAT")}]`] : []),
    ...machines.map(
      ({ group, count, instanceTypes }) =>
        `        ${ids.machine(group, zone)}[${quoted(`${count} × ${group} (${instanceTypes.join(", ")})`)}]`,
    ),
    "      end",
  ];
}

function outsideEdges({ from, to, ports }: Flow, ids: Ids): string[] {
  const some = ports.length > MOST_PORTS ? `${ports.slice(0, MOST_PORTS).join(", ")}, …` : ports.join(", ");
  return ids.machines(to).map((id) => `  ${ids.of(`range ${from}`)} -->|${quoted(some)}| ${id}`);
}

/** Ids by what they stand for: Mermaid's own words can't be ids, nor can most signs be in them. */
class Ids {
  private readonly known = new Map<string, string>();
  private readonly groups = new Map<string, string[]>();

  of(what: string): string {
    const id = this.known.get(what) ?? `n${this.known.size}`;
    this.known.set(what, id);
    return id;
  }

  machine(group: string, zone: string): string {
    const id = this.of(`machines ${group} ${zone}`);
    this.groups.set(group, [...(this.groups.get(group) ?? []), id]);
    return id;
  }

  machines(group: string): readonly string[] {
    return this.groups.get(group) ?? [];
  }
}

/** A text that Mermaid takes as it is, whatever is in it. */
function quoted(text: string): string {
  return `"${text.replaceAll(/["#;<>&\n]/g, (sign) => `#${sign.charCodeAt(0)};`)}"`;
}
