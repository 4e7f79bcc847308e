/** The content of a stack's picture, drawn from the resources that the program declares. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { topologyOf } from "../../tools/topology/topology";
import { devResources, servicesResources, shard } from "./stacks";
import type { Resource } from "../../lib/pulumi/resource";
import { readArguments } from "../../tools/topology/cli";
import { pictureForComment } from "../../tools/topology/comment";
import { mermaid } from "../../tools/topology/mermaid";
import type { Diagram } from "../../tools/topology/model";
import { svg } from "../../tools/topology/svg";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

let resources: Resource[];
let topology: Diagram;
beforeAll(async () => {
  resources = await devResources();
  topology = topologyOf(resources);
});

test("zones, subnets and instances have the program's order and nesting", () => {
  expect(topology.cluster).toBe("dev.okd.example.com");
  expect(topology.network).toBe("VPC 10.0.0.0/16");
  const shown = topology.zones.map(({ name, subnets }) => [
    name,
    ...subnets.map(
      ({ name: subnet, nat, machines }) =>
        `${subnet}${nat ? " NAT" : ""}: ${machines.map(({ count, group, public: open }) => `${count} ${group}${open ? " public" : ""}`).join(", ")}`,
    ),
  ]);
  expect(shown).toEqual([
    ["us-east-1a", "public 10.0.0.0/20 NAT: 1 bootstrap public, 1 installer host public", "private 10.0.48.0/20: 1 masters, 1 workers"],
    ["us-east-1b", "public 10.0.16.0/20 NAT: ", "private 10.0.64.0/20: 1 masters, 1 workers"],
    ["us-east-1c", "public 10.0.32.0/20 NAT: ", "private 10.0.80.0/20: 1 masters, 1 workers"],
  ]);
});

test("load balancers list their ports and the instances behind each port, the public load balancer first", () => {
  expect(topology.balancers).toEqual([
    { name: expect.stringMatching(/-ext$/) as string, public: true, listeners: [{ port: "tcp 6443", targets: ["bootstrap", "masters"] }] },
    {
      name: expect.stringMatching(/-int$/) as string,
      public: false,
      listeners: [
        { port: "tcp 6443", targets: ["bootstrap", "masters"] },
        { port: "tcp 22623", targets: ["bootstrap", "masters"] },
      ],
    },
  ]);
  expect(topology.publicNames).toEqual(["api.dev.okd.example.com"]);
});

test("flows contain every rule once, with flows from outside first", () => {
  const rules = resources.filter(({ type }) => type === "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
  expect(topology.flows.reduce((sum, { ports }) => sum + ports.length, 0)).toBe(rules.length);
  expect(topology.flows.filter(({ outside }) => outside)).toEqual([
    { from: "198.51.100.0/24", to: "bootstrap", outside: true, ports: ["tcp 22", "tcp 19531"] },
    { from: "198.51.100.0/24", to: "installer host", outside: true, ports: ["tcp 22"] },
    { from: "0.0.0.0/0", to: "internal load balancer", outside: true, ports: ["tcp 6443"] },
  ]);
  expect(topology.flows.find(({ from, to }) => from === "masters" && to === "workers")?.ports).toEqual(
    "esp,tcp 9000-9999,tcp 10250,tcp 30000-32767,udp 500,udp 4500,udp 4789,udp 6081,udp 9000-9999,udp 30000-32767".split(","),
  );
});

test("a preview of a new stack, in which no id is known, makes the same picture", () => {
  const ids = /-id$|^arn:stub:|^private address of/;
  const hidden = (value: unknown): unknown =>
    typeof value === "string" && ids.test(value)
      ? unknown
      : Array.isArray(value)
        ? value.map(hidden)
        : typeof value === "object" && value !== null
          ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, hidden(inner)]))
          : value;
  const planned = resources.map(({ inputs, ...rest }) => {
    return { ...rest, id: undefined, outputs: {}, inputs: hidden(inputs) as Record<string, unknown> };
  });
  expect(topologyOf(planned)).toEqual(topology);
});

test("a state whose inputs refer to each other only by ids makes the same picture, in any order", () => {
  const stripped = resources.map((resource) => ({ ...resource, propertyDependencies: undefined })).reverse();
  expect(topologyOf(stripped)).toEqual(topology);
});

test("subnets of an existing VPC are known from the instances in them, and their zones after the instances exist", () => {
  const subnets = /^aws:ec2\/(subnet|vpc|natGateway):/;
  const found = resources
    .filter(({ type }) => !subnets.test(type))
    .map((resource) => {
      const { type, inputs, outputs } = resource;
      const placed = { inputs: { ...inputs, subnetId: "subnet-0a1b" }, outputs: { ...outputs, availabilityZone: "eu-west-1a" } };
      return { ...resource, propertyDependencies: undefined, ...(type === "aws:ec2/instance:Instance" && placed) };
    });
  const { network, zones } = topologyOf(found);
  expect(network).toBe("existing VPC");
  expect(zones.map(({ name, subnets: some }) => [name, ...some.map((one) => `${one.name} ${one.public ? "public" : "private"}`)])).toEqual([
    ["eu-west-1a", "subnet-0a1b public", "subnet-0a1b private"],
  ]);
});

test("the default router is public if the API is, and shards are as declared", () => {
  const more = [
    ...resources,
    shard("partners", "partners.example.com", "External", ["203.0.113.0/24"]),
    shard("inner", "in.example.com", "Internal"),
  ];
  expect(topologyOf(more).routers).toEqual([
    { name: "default", domain: "*.apps.dev.okd.example.com", public: true, ranges: [] },
    { name: "inner", domain: "*.in.example.com", public: false, ranges: [] },
    { name: "partners", domain: "*.partners.example.com", public: true, ranges: ["203.0.113.0/24"] },
    // The dev stack's private shard.
    { name: "private", domain: "*.private.dev.okd.example.com", public: false, ranges: [] },
    { name: "public", domain: "*.public.dev.okd.example.com", public: true, ranges: [] },
  ]);
});

describe("the services", () => {
  let all: Diagram;
  beforeAll(async () => {
    all = topologyOf(await servicesResources());
  });
  const service = (name: string) => all.services.find((each) => each.name === name);

  test("of the stack with everything are listed before its operators, each of which has its version", () => {
    expect(all.services.map(({ name }) => name)).toEqual([
      "etcd backup",
      "Velero",
      "shared storage",
      "monitoring",
      "Grafana",
      "logging",
      "Elasticsearch and Kibana",
      "example application",
      "operator cluster-logging (cluster-logging.v6.5.0)",
      "operator cluster-observability-operator (cluster-observability-operator.v1.2.0)",
      "operator elasticsearch-eck-operator-certified (elasticsearch-eck-operator-certified.v3.5.0)",
      "operator grafana-operator (grafana-operator.v5.22.2)",
      "operator loki-operator (loki-operator.v6.5.0)",
      "operator redhat-oadp-operator (oadp-operator.v1.6.0)",
    ]);
  });

  test("name the bucket or the volumes that hold their data", () => {
    const withData = all.services.filter(({ data }) => data.length > 0);
    expect(Object.fromEntries(withData.map(({ name, data }) => [name, data]))).toEqual({
      "etcd backup": ["bucket dev-x7k2q-etcd-backup", "bucket dev-x7k2q-etcd-resources"],
      Velero: ["bucket dev-x7k2q-velero"],
      "shared storage": ["file system shared-file-system-id"],
      monitoring: [
        "2 volumes of 100 GiB (Prometheus, gp3)",
        "2 volumes of 10 GiB (Alertmanager, gp3)",
        "2 volumes of 50 GiB (Prometheus of the users' projects, gp3)",
      ],
      logging: [
        "bucket dev-x7k2q-loki",
        "a volume of 10 GiB (Loki's compactor, gp3)",
        "a volume of 10 GiB (Loki's indexGateway, gp3)",
        "a volume of 10 GiB (Loki's ingester, gp3)",
        "a volume of 10 GiB (Loki's ingester, gp3)",
      ],
      "Elasticsearch and Kibana": ["3 volumes of 100 GiB (Elasticsearch, gp3)"],
      "example application": ["a volume of 1 GiB"],
    });
  });

  test("have their namespaces and the URLs of their routes", () => {
    expect(service("Velero")).toMatchObject({ namespaces: ["openshift-adp"], urls: [] });
    expect(service("Grafana")).toMatchObject({
      namespaces: ["grafana-operator"],
      urls: ["https://grafana.private.services.okd.example.com/"],
    });
    expect(service("example application")).toMatchObject({
      namespaces: ["okd-aws-example"],
      urls: ["https://guestbook.private.services.okd.example.com/", "https://guestbook.public.services.okd.example.com/"],
    });
  });

  test("are in Mermaid's picture as nodes", () => {
    const names = (text: string) => all.services.filter(({ name }) => text.includes(`["${name}`)).length;
    expect(names(mermaid(all))).toBe(all.services.length);
    expect(names(mermaid({ ...all, services: [] }))).toBe(0);
  });
});

describe("Mermaid", () => {
  test("has an edge for every path in from the internet, and no other edge from the internet", () => {
    const edges = mermaid(topology)
      .split("\n")
      .filter((line) => line.includes("-->|"))
      .map((line) => line.trim().replaceAll(/n\d+/g, "n"));
    expect(edges).toEqual([
      'n -->|"tcp 6443"| n', // The API's load balancer.
      'n -->|"tcp 80, tcp 443"| n', // The default router.
      'n -->|"tcp 80, tcp 443"| n', // The public shard.
      'n -->|"tcp 22, tcp 19531"| n', // From the administrators' range to the bootstrap instance.
      'n -->|"tcp 22"| n', // From the administrators' range to the installer host.
    ]);
  });

  test("is in a folded part of a comment, if the comment has room for it", () => {
    const picture = pictureForComment(topology, 65_536);
    expect(picture).toMatch(/^\n<details>[^]*```mermaid\nflowchart TB\n[^]*\n```\n\n<\/details>\n$/);
    expect(pictureForComment(topology, picture.length)).toBe(picture);
    expect(pictureForComment(topology, picture.length - 1)).toBe("");
  });
});

describe("the command", () => {
  const run = (args: readonly string[], input: string) =>
    spawnSync(join("node_modules", ".bin", "tsx"), ["tools/topology/cli.ts", ...args], {
      input,
      encoding: "utf8",
      cwd: join(__dirname, "..", ".."),
    });

  test("draws the stack of a preview on standard input", () => {
    const steps = resources.map((newState) => ({ op: "create", urn: newState.urn, newState }));
    const { stdout, stderr, status } = run(["--plan", "-", "--format", "svg"], JSON.stringify({ steps }));
    expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
    expect(stdout).toBe(`${svg(topology).source}\n`);
  });

  test("reports invalid arguments, and that there is nothing to draw", () => {
    expect(readArguments([])).toMatch(/the stack is missing/);
    expect(readArguments(["--stack", "dev", "--format", "png"])).toBe("png is not a format; allowed: mermaid or svg");
    expect(readArguments(["--plan", "-", "--state", "-"])).toMatch(/standard input/);
  });

  test("draws SVG into a file *.svg, unless another format is asked for", () => {
    const formatOf = (...args: string[]) => (readArguments(["--stack", "dev", ...args]) as { format: string }).format;
    expect([formatOf(), formatOf("--out", "a.svg"), formatOf("--out", "a.md"), formatOf("--out", "a.svg", "--format", "mermaid")]).toEqual([
      "mermaid",
      "svg",
      "mermaid",
      "mermaid",
    ]);
    expect(run(["--plan", "-"], '{"steps":[]}')).toMatchObject({
      status: 1,
      stdout: "",
      stderr: expect.stringMatching(/^there is nothing to draw/) as string,
    });
    expect(run(["--plan", "-"], "Previewing update")).toMatchObject({ status: 1, stderr: "standard input is not JSON\n" });
  });
});
