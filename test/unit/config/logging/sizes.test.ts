/** The pods and volumes of each size of Loki, and what they request of the nodes. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { parseQuantity } from "../../../../config/access-control/quantity";
import { totalOf } from "../../../../config/capacity/demand";
import { LOKI_SIZES } from "../../../../config/logging/fields";
import { monitoredNamespaces } from "../../../../config/logging/operators";
import { loggingDemands } from "../../../../config/logging/settings";
import { lokiComponents } from "../../../../config/logging/sizes";
import { LOGGING_OPERATOR, LOKI_OPERATOR } from "./example";

const version = { major: 6, minor: 5 };

test.each([
  ["1x.extra-small", 14, 31, 430],
  ["1x.small", 34, 67, 430],
  ["1x.medium", 54, 139, 590],
  ["1x.demo", 0, 0, 40],
] as const)(
  "as in Red Hat's documentation, the pods of %s request %i vCPUs, %i GiB of memory and %i GiB of volumes",
  (size, vcpus, memory, volumes) => {
    const components = lokiComponents(size, version);
    const total = totalOf(components.map((each) => ({ ...each, consumer: each.name, nodes: "worker" })));
    expect([Math.round(total.cpuMillis / 1000), Math.round(total.memoryMib / 1024)]).toEqual([vcpus, memory]);
    expect(components.reduce((sum, { pods, volumesGib }) => sum + pods * volumesGib.reduce((all, gib) => all + gib, 0), 0)).toBe(volumes);
  },
);

test("the sandbox's operator creates pods with the same requests", () => {
  const file = join(__dirname, "../../../../sandbox/cluster/logging/loki-sizes.yaml");
  const imitated = load(readFileSync(file, "utf8")) as Record<
    string,
    Record<string, { replicas: number; requests: { cpu?: string; memory?: string } }>
  >;
  const label = (name: string) =>
    name === "gateway" ? "lokistack-gateway" : name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  for (const size of LOKI_SIZES)
    for (const { name, pods, cpuMillis, memoryMib } of lokiComponents(size, version)) {
      const { replicas, requests } = imitated[size][label(name)];
      const amount = (quantity = "0") => parseQuantity(quantity) ?? NaN;
      expect([size, name, replicas, amount(requests.cpu) * 1000, amount(requests.memory) / 2 ** 20]).toEqual([
        size,
        name,
        pods,
        cpuMillis,
        memoryMib,
      ]);
    }
});

test("from Loki operator 6.6 on, 1x.extra-small has three ingesters instead of two", () => {
  const ingesters = (minor: number) => lokiComponents("1x.extra-small", { major: 6, minor }).find(({ name }) => name === "ingester");
  expect([ingesters(5)?.pods, ingesters(6)?.pods]).toEqual([2, 3]);
});

test("a collector runs on each worker and each infra node, also without Loki", () => {
  const settings = {
    lokiSize: "",
    lokiOnInfraNodes: false,
    logPipelines: [{ name: "all", kinds: ["audit"], outputs: ["a"] }],
    operators: [LOKI_OPERATOR, LOGGING_OPERATOR],
    masterCount: 3,
    workerCount: 4,
    infraCount: 2,
  } as const;
  const pods = (more: object) =>
    loggingDemands({ ...settings, ...more } as never).map(({ consumer, pods: count, nodes }) => [consumer, count, nodes].join(" "));
  expect(pods({})).toEqual(["the collectors of logs 4 worker", "the collectors of logs 2 infra"]);
  expect(pods({ workerCount: 0, infraCount: 0 })).toEqual(["the collectors of logs 3 worker"]);
  expect(pods({ logPipelines: [] })).toEqual([]);
});

test("the Loki operator's namespace is monitored only if Loki is configured, and openshift-operators never", () => {
  const namespaces = (lokiSize: "" | "1x.demo", namespace: string) =>
    monitoredNamespaces({ lokiSize, operators: [{ ...LOKI_OPERATOR, namespace }, LOGGING_OPERATOR] });
  expect(namespaces("1x.demo", "openshift-operators-redhat")).toEqual(["openshift-logging", "openshift-operators-redhat"]);
  expect(namespaces("1x.demo", "openshift-operators")).toEqual(["openshift-logging"]);
  expect(namespaces("", "openshift-operators-redhat")).toEqual(["openshift-logging"]);
});
