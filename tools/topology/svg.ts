import { element, type Markup } from "../../lib/markup";
import { type Box, fonts, type PlacedLine } from "./box";
import { GUTTER, layoutDiagram } from "./layout";
import type { Diagram } from "./model";

/** Maximum number of columns: three zones side by side, as most clusters have. */
const COLUMNS = 3;

/** Margin of the diagram. */
const MARGIN = 8;

/** The diagram as a complete SVG file, in the reader's light or dark colour scheme. */
export function svg(topology: Diagram, columns = COLUMNS): Markup {
  const page = layoutDiagram(topology, columns);
  const [width, height] = [page.width + 2 * MARGIN, Math.ceil(page.height) + 2 * MARGIN];
  const name = `Topology of ${topology.cluster ?? "the stack"}`;
  return element(
    "svg",
    { xmlns: "http://www.w3.org/2000/svg", class: "topology", viewBox: `0 0 ${width} ${height}`, width, height, role: "img" },
    element("title", {}, name),
    element("style", {}, styles),
    element("rect", { class: "paper", width, height }),
    ...drawBox(page, MARGIN, MARGIN),
    ...arrows(page),
  );
}

/** Colours of both schemes. Text has a contrast of at least 4.5 on every background (WCAG 2.2, criterion 1.4.3). */
const light = {
  ...{ paper: "#ffffff", network: "#f4f6f8", zone: "#ffffff", subnet: "#f4f6f8", card: "#ffffff" },
  ...{ edge: "#c3ccd5", ink: "#1d2733", faint: "#5a6675", alert: "#a8380d", glow: "#fdf1ea" },
};
const dark: typeof light = {
  ...{ paper: "#14191f", network: "#1a2129", zone: "#14191f", subnet: "#1f2730", card: "#14191f" },
  ...{ edge: "#455260", ink: "#e4e9ee", faint: "#a0acb8", alert: "#ff9d6b", glow: "#35211a" },
};

const styles = `${[
  ...Object.entries(fonts).map(
    ([style, { size, bold }]) => `.topology .${style}{font:${bold ? "bold " : ""}${size}px system-ui,sans-serif}`,
  ),
  ".topology rect{stroke-width:1}",
  ".topology .arrow{fill:none;stroke-width:1.5}",
  ...colours(light),
].join("")}@media screen and (prefers-color-scheme:dark){${colours(dark).join("")}}`;

function colours({ paper, network, zone, subnet, card, edge, ink, faint, alert, glow }: typeof light): string[] {
  const fills = {
    network,
    zone,
    subnet,
    "entry-point": card,
    machines: card,
    services: network,
    service: card,
    flows: network,
    group: card,
  };
  return [
    `.topology text{fill:${ink}}`,
    `.topology .faint{fill:${faint}}`,
    `.topology .alert{fill:${alert}}`,
    `.topology rect{stroke:${edge}}`,
    `.topology .paper,.topology .page>rect{fill:${paper};stroke:none}`,
    ...Object.entries(fills).map(([kind, fill]) => `.topology .${kind}>rect{fill:${fill}}`),
    `.topology .open>rect{fill:${glow};stroke:${alert}}`,
    `.topology .arrow{stroke:${alert}}`,
    `.topology .head{fill:${alert}}`,
  ];
}

function drawBox(given: Box, left: number, top: number): Markup[] {
  const [x, y] = [left + given.x, top + given.y];
  const { width, height, kind, open } = given;
  return [
    element(
      "g",
      { class: open ? `${kind} open` : kind },
      element("rect", { x: round(x), y: round(y), width: round(width), height: round(height), rx: 6 }),
      ...given.lines.map((line) => text(line, x, y)),
      ...given.boxes.flatMap((inner) => drawBox(inner, x, y)),
    ),
  ];
}

function text({ text: content, style, x, y }: PlacedLine, left: number, top: number): Markup {
  return element("text", { class: style, x: round(left + x), y: round(top + y) }, content);
}

/** Arrows from the internet along the gutters to each load balancer and router that it reaches. */
function arrows(page: Box): Markup[] {
  const internet = page.boxes.find(({ kind }) => kind === "internet");
  const network = page.boxes.find(({ kind }) => kind === "network");
  if (internet === undefined || network === undefined) return [];
  const from = MARGIN + internet.y + internet.height;
  return network.boxes
    .filter(({ kind, open }) => kind === "entry-point" && open)
    .flatMap((entryPoint) => {
      const [x, y] = [MARGIN + network.x + entryPoint.x, MARGIN + network.y + entryPoint.y + GUTTER];
      return [
        element("path", { class: "arrow", d: `M${round(x - GUTTER / 2)} ${round(from)}V${round(y)}H${round(x - 5)}` }),
        element("path", { class: "head", d: `M${round(x)} ${round(y)}l-6 -4v8z` }),
      ];
    });
}

const round = (value: number): number => Math.round(value * 10) / 10;
