import { type Box, box, type FlowingBox, type TextLine, type TextStyle } from "./box";
import { exposedPorts } from "./exposed";
import type { ClusterService, DiagramLoadBalancer, Flow, MachineGroup, Router, DiagramSubnet, Diagram, DiagramZone } from "./model";
import { unique } from "./unique";
import { countText, serviceFacts } from "./words";

/** Width of the space next to the load balancers for the arrows from the internet. */
export const GUTTER = 20;

/** Least width of a column, so that a line of ports fits; this project's choice. */
const COLUMN = 310;

/**
 * The diagram as nested boxes, with at most `maxColumns` boxes side by side. The project computes the layout itself, because Graphviz and
 * dagre place boxes by their edges, which makes the picture two to six times as wide (docs/decisions/0034-topology-has-its-own-layout.md).
 */
export function layoutDiagram(topology: Diagram, maxColumns: number): Box {
  const { cluster, network, zones, balancers, routers, flows, publicNames, services } = topology;
  const entryPoints = [...balancers.map(balancerBox), ...routers.map(routerBox)];
  const receivers = unique(flows.map(({ to }) => to));
  const columns = Math.min(maxColumns, Math.max(1, zones.length, entryPoints.length, receivers.length));
  const page = box({
    kind: "page",
    lines: cluster === undefined ? [] : [line("heading", cluster)],
    rows: [
      one(
        box({
          kind: "internet",
          open: true,
          lines: [line("strong", "Internet"), ...publicNames.map((name) => line("plain", `resolves ${name}`))],
        }),
      ),
      one(
        box({
          kind: "network",
          lines: [line("strong", network)],
          rows: [
            { boxes: entryPoints, columns, gutter: GUTTER },
            { boxes: zones.map((zone) => zoneBox(zone, flows)), columns },
          ],
        }),
      ),
      ...titledBoxes("services", "Services in the cluster", services.map(serviceBox), columns),
      ...titledBoxes(
        "flows",
        "What security groups let in",
        receivers.map((to) => receiverBox(to, flows)),
        columns,
      ),
    ],
  });
  return page(columns * COLUMN + 48);
}

/** A box with a title around other boxes; nothing without them. */
function titledBoxes(kind: "services" | "flows", title: string, boxes: readonly FlowingBox[], columns: number) {
  return boxes.length === 0 ? [] : [one(box({ kind, lines: [line("strong", title)], rows: [{ boxes, columns }] }))];
}

const one = (flowing: FlowingBox) => ({ boxes: [flowing], columns: 1 });
/** Keeps a port and its protocol on one line. */
const portsText = (ports: readonly string[]) => ports.map((port) => port.replaceAll(" ", "\u00a0")).join(", ");
const line = (style: TextStyle, text: string): TextLine => ({ style, text });

function balancerBox({ name, public: open, listeners }: DiagramLoadBalancer): FlowingBox {
  return box({
    kind: "entry-point",
    open,
    lines: [
      line("strong", name),
      access(open, "load balancer"),
      ...listeners.map(({ port, targets }) => line("plain", `${port} → ${targets.length === 0 ? "nothing" : targets.join(", ")}`)),
    ],
  });
}

function routerBox({ name, domain, public: open, ranges }: Router): FlowingBox {
  return box({
    kind: "entry-point",
    open,
    lines: [
      line("strong", `router ${name}`),
      access(open, "balancer of the cluster"),
      ...(domain === "" ? [] : [line("plain", domain)]),
      line("plain", `tcp 80, tcp 443${ranges.length === 0 ? "" : ` from ${ranges.join(", ")}`}`),
    ],
  });
}

function access(open: boolean, what: string): TextLine {
  return open ? line("alert", `public ${what}`) : line("faint", `internal ${what}`);
}

function zoneBox({ name, subnets }: DiagramZone, flows: readonly Flow[]): FlowingBox {
  return box({
    kind: "zone",
    lines: [line("strong", name)],
    rows: subnets.map((subnet) => one(subnetBox(subnet, flows))),
  });
}

function subnetBox({ name, nat, machines }: DiagramSubnet, flows: readonly Flow[]): FlowingBox {
  return box({
    kind: "subnet",
    lines: [line("faint", nat ? `${name}, NAT gateway` : name)],
    rows: machines.map((group) => one(machineBox(group, flows))),
  });
}

function machineBox(machines: MachineGroup, flows: readonly Flow[]): FlowingBox {
  const exposed = exposedPorts(machines, flows);
  return box({
    kind: "machines",
    open: machines.public,
    lines: [
      line("plain", countText(machines)),
      ...(machines.public ? [line("alert", "public address")] : []),
      ...exposed.map(({ from, ports }) => line("plain", `${portsText(ports)} from ${from}`)),
    ],
  });
}

function serviceBox(service: ClusterService): FlowingBox {
  return box({ kind: "service", lines: [line("strong", service.name), ...serviceFacts(service).map((fact) => line("plain", fact))] });
}

function receiverBox(to: string, flows: readonly Flow[]): FlowingBox {
  const own = flows.filter((flow) => flow.to === to);
  return box({
    kind: "group",
    lines: [
      line("strong", `into ${to}`),
      ...own.flatMap(({ from, ports, outside }) => [
        line(outside ? "alert" : "faint", `from ${from}${outside ? ", outside" : ""}`),
        line("plain", portsText(ports)),
      ]),
    ],
  });
}
