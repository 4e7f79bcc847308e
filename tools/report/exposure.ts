import type { Resource } from "../../lib/pulumi/resource";
import type { Markup } from "../../lib/markup";
import { exposureOf } from "../plan/exposure";
import { exposedPorts } from "../topology/exposed";
import type { Diagram } from "../topology/model";
import { resourceName } from "../../lib/pulumi/urn";
import { alert, note, section, tableMarkup } from "./section";

const BUCKETS = /^aws:s3\/(bucketPolicy|bucketPublicAccessBlock):/;

/**
 * Everything that can be reached from outside of the network: through load balancers and routers, at instances' public addresses, and in
 * buckets.
 */
export function exposureSection(resources: readonly Resource[], topology: Diagram): Markup {
  const { balancers, routers, zones, flows } = topology;
  const machines = zones.flatMap(({ subnets }) => subnets.flatMap((subnet) => subnet.machines));
  const rows = [
    ...balancers
      .filter((balancer) => balancer.public)
      .map(({ name, listeners }) => [
        `load balancer ${name}`,
        listeners.map(({ port, targets }) => `${port} → ${targets.join(", ")}`).join("; "),
        alert("everybody"),
      ]),
    ...routers
      .filter((router) => router.public)
      .map(({ name, domain, ranges }) => [
        `router ${name} ${domain}`,
        "tcp 80, tcp 443",
        ranges.length === 0 ? alert("everybody") : ranges.join(", "),
      ]),
    ...machines.flatMap((group) =>
      exposedPorts(group, flows).map(({ from, ports }) => [group.group, ports.join(", "), /\/0$/.test(from) ? alert("everybody") : from]),
    ),
    ...resources
      .filter(({ type }) => BUCKETS.test(type))
      .flatMap(({ urn, type, inputs }) => {
        const change = {
          operation: "create",
          urn,
          type,
          name: resourceName(urn),
          before: {},
          after: inputs,
          fields: [],
          protected: false,
        } as const;
        return exposureOf(change)
          .filter(({ kind }) => kind === "opened")
          .map(({ text }) => ["bucket", text, alert("everybody")]);
      }),
  ];
  const open = machines.filter((group) => group.public).flatMap(({ securityGroups }) => securityGroups);
  const inner = flows.filter(({ outside, to }) => outside && !open.includes(to));
  return section(
    "Exposure",
    tableMarkup(["What", "Where", "Open to"], rows),
    ...(inner.length === 0
      ? []
      : [
          note(
            "Security groups also allow this traffic to instances and load balancers without a public address, which can only be reached over a private network:",
          ),
          tableMarkup(
            ["What", "Where", "Open to"],
            inner.map(({ from, to, ports }) => [to, ports.join(", "), from]),
          ),
        ]),
  );
}
