import { format, median, table } from "../../../bench/measurement";
import { measurementsOf } from "../../../bench/campaigns/installation";
import { longestChain, secondsOf, type ChainResource, waitsByType } from "../../../bench/wait-chain";

const resource = (urn: string, type: string, ...dependencies: string[]): ChainResource => ({ urn, type, custom: true, dependencies });

describe("the bench's longest chain of waits", () => {
  const span = (type: string, start: number, end: number) => ({ urn: `${type}-${start}`, type, start, end });

  it("takes the fastest creation of each resource type as the type's wait, and leaves out types that need less than a second", () => {
    const waits = waitsByType([span("balancer", 3, 70), span("balancer", 5, 65.5), span("rule", 1, 1.2), span("rule", 1, 9)]);
    expect([...waits]).toEqual([["balancer", 60.5]]);
  });

  it("is the longest path through the dependencies, also through resources without a wait", () => {
    const resources = [
      resource("vpc", "vpc"),
      resource("subnet", "subnet", "vpc"),
      resource("balancer", "balancer", "subnet"),
      resource("zone", "zone", "vpc"),
      resource("record", "record", "zone", "balancer"),
    ];
    const waits = new Map(Object.entries({ vpc: 10, balancer: 60, zone: 15, record: 15 }));
    const chain = longestChain(resources, waits);
    expect(chain.map(({ urn }) => urn)).toEqual(["vpc", "balancer", "record"]);
    expect(secondsOf(chain)).toBe(85);
  });

  it("goes through parent components", () => {
    const component = { urn: "component", type: "vpc", custom: false, dependencies: ["first"] };
    const resources = [resource("first", "vpc"), component, { ...resource("child", "vpc"), parent: "component" }];
    expect(secondsOf(longestChain(resources, new Map([["vpc", 10]])))).toBe(20);
  });
});

describe("the bench's measurements", () => {
  it("have a median of the runs", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
  });

  it("name the limit that is exceeded", () => {
    const measurements = [
      { name: "a", value: 2.301, unit: "×", limit: 2.3 },
      { name: "b", value: 351.2, unit: "MB", limit: 350, note: "peak" },
      { name: "c", value: 152, unit: "" },
    ] as const;
    expect(table(measurements).split("\n").slice(2)).toEqual([
      "| a | 2.30 × | ≤ 2.30 × **broken** |  |",
      "| b | 351 MB | ≤ 350 MB **broken** | peak |",
      "| c | 152 |  |  |",
    ]);
    expect(format(1.234, "s")).toBe("1.23 s");
  });
});

describe("the bench's measurements of an installation", () => {
  const span = (name: string, start: number, end: number, type = "command:local:Command") => ({
    urn: `urn:pulumi:dev::okd-aws::${type}::${name}`,
    type,
    start,
    end,
  });
  const instance = "aws:ec2/instance:Instance";

  it("give the times of workers since the last control plane instance, and the times of the installation's steps", () => {
    const spans = [
      span("installation-ignition", 5, 8),
      span("installer-host-machine", 60, 200, instance),
      span("masters-0", 60, 71, instance),
      span("workers-0", 103, 113, instance),
      span("infra-0", 103.5, 114, instance),
      span("bootstrap-complete", 80, 100),
      span("bootstrap-complete-result", 100, 102),
      span("install-complete", 114, 120),
      span("installed", 120, 120.5),
      span("router-shards-public", 121, 132, "kubernetes:operator.openshift.io/v1:IngressController"),
    ];
    const measurements = new Map(measurementsOf(130, spans).map(({ name, value }) => [name, value]));
    expect(measurements.get("from running machines to installed")).toBe(120 - 71);
    expect(measurements.get("the installation's own steps")).toBe(5.5);
    expect(measurements.get("from installed to configured")).toBe(12);
    expect(measurements.get("waiting for bootstrap-complete")).toBe(20);
  });

  it("are empty for an update that installed nothing", () => {
    expect(() => measurementsOf(130, [span("masters-0", 60, 71, instance)])).toThrow("no cluster was installed");
  });
});
