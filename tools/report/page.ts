import type { Estimate } from "../cost/estimate";
import type { Resource } from "../../lib/pulumi/resource";
import { element } from "../../lib/markup";
import { svg } from "../topology/svg";
import { topologyOf } from "../topology/topology";
import { backupBuckets, type Backups, backupsSection } from "./backups";
import { type Certificates, certificatesSection } from "./certificates";
import { costSection } from "./cost";
import { exposureSection } from "./exposure";
import { inventorySection } from "./inventory";
import { outputsSection } from "./outputs";
import { section } from "./section";
import { servicesSection } from "./services";
import { style } from "./style";

/** The data of a report. */
export interface ReportData {
  readonly stack: string;
  readonly resources: readonly Resource[];
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly estimate: Estimate | undefined;
  readonly certificates: Certificates;
  readonly backups: Backups;
  readonly now: Date;
}

/** The report as one HTML file without scripts or external resources. */
export function page({ stack, resources, outputs, estimate, certificates, backups, now }: ReportData): string {
  const topology = topologyOf(resources);
  const title = topology.cluster ?? stack;
  const document = element(
    "html",
    { lang: "en" },
    element(
      "head",
      {},
      element("meta", { charset: "utf-8" }),
      element("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
      // With this policy the browser loads and executes nothing, even if untrusted content gets into the page.
      element("meta", { "http-equiv": "Content-Security-Policy", content: "default-src 'none'; style-src 'unsafe-inline'" }),
      element("title", {}, `${title}: report`),
      element("style", {}, style),
    ),
    element(
      "body",
      {},
      element(
        "header",
        {},
        element("h1", {}, title),
        element("p", { class: "note" }, `Stack ${stack}, state of ${now.toISOString().slice(0, 16).replace("T", " ")} UTC`),
      ),
      outputsSection(outputs, stack),
      section("Topology", element("div", { class: "wide" }, svg(topology)), element("div", { class: "narrow" }, svg(topology, 1))),
      exposureSection(resources, topology),
      inventorySection(resources, topology),
      servicesSection(topology),
      costSection(estimate),
      certificatesSection(certificates, now),
      backupsSection(backups, backupBuckets(resources)),
    ),
  );
  return `<!doctype html>\n${document.source}\n`;
}
