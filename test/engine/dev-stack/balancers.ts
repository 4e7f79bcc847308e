import type { LoadBalancerAttribute } from "@aws-sdk/client-elastic-load-balancing-v2";
import { balancerFacts, targetGroupFact } from "../../facts/load-balancers";
import type { ListedBalancer, ListedTargetGroup } from "../kinds";
import type { StandingStack } from "../standing-stack";

/**
 * Targets of each target group: the bootstrap instance and three control plane nodes (openshift/installer,
 * `upi/aws/cloudformation/04_cluster_bootstrap.yaml` and `05_cluster_master_nodes.yaml`, Custom::NLBRegister).
 */
const targetsPerGroup = 4;

/** Compares the load balancers, with every attribute, with `test/facts/load-balancers.ts`. */
export function testBalancers(region: string, standing: () => StandingStack): void {
  const balancers = (): readonly ListedBalancer[] => standing().made(region, "elbv2/load-balancers");
  const groups = (): readonly ListedTargetGroup[] => standing().made(region, "elbv2/target-groups");

  test("are those in test/facts, with their listeners", () => {
    const subnetKinds = new Map(
      standing()
        .made(region, "ec2/subnets")
        .map(({ SubnetId, Tags }) => [SubnetId, standing().suffix(Tags).split("-")[0]]),
    );
    const found = balancers().map((balancer) => ({
      name: balancer.LoadBalancerName,
      type: balancer.Type,
      internal: balancer.Scheme === "internal",
      subnets: balancer.AvailabilityZones?.map(({ SubnetId }) => subnetKinds.get(SubnetId)),
      crossZone: attribute(balancer.Attributes, "load_balancing.cross_zone.enabled"),
      listeners: balancer.Listeners.map(({ Protocol, Port }) => [Protocol, Port]),
    }));
    const expected = balancerFacts.map(({ suffix, internal, subnets, listeners }) => ({
      name: `${standing().infraId}-${suffix}`,
      type: "network",
      internal,
      subnets: [subnets, subnets, subnets],
      crossZone: "true",
      listeners: listeners.map(({ port }) => ["TCP", port]),
    }));
    expect(sorted(found)).toEqual(sorted(expected));
  });

  test("that are internal admit only instances to the machine config server, and everyone to the API", () => {
    const rules = standing().made(region, "ec2/security-group-rules");
    const found = balancers().map(({ Scheme, SecurityGroups = [] }) => {
      const own = rules.filter(({ GroupId = "", IsEgress }) => SecurityGroups.includes(GroupId) && IsEgress === false);
      return [
        Scheme,
        ...own.map(({ CidrIpv4, IpProtocol, FromPort, ToPort }) => [CidrIpv4, IpProtocol, FromPort, ToPort].join(" ")).sort(),
      ];
    });
    const ranges = { "machine-network": "10.0.0.0/16", "0.0.0.0/0": "0.0.0.0/0" };
    const expected = balancerFacts.map(({ internal, lets = [] }) => [
      internal ? "internal" : "internet-facing",
      ...lets.map(([from, port]) => `${ranges[from]} tcp ${port} ${port}`).sort(),
    ]);
    expect(found.sort()).toEqual(expected.sort());
  });

  test("have one target group behind each listener, as in test/facts", () => {
    const byArn = new Map(groups().map((group) => [group.TargetGroupArn, group]));
    expect(byArn.size).toBe(balancerFacts.flatMap(({ listeners }) => listeners).length);
    const found = balancers().flatMap(({ LoadBalancerName, Listeners }) =>
      Listeners.map(({ Port, DefaultActions }) => {
        const group = byArn.get(DefaultActions?.[0]?.TargetGroupArn);
        return { balancer: LoadBalancerName, listener: Port, ...(group && described(group)) };
      }),
    );
    const { protocol, targetType, preserveClientIp, deregistrationDelay, interval, healthyThreshold, unhealthyThreshold } = targetGroupFact;
    const expected = balancerFacts.flatMap(({ suffix, listeners }) =>
      listeners.map(({ port, healthPath }) => ({
        balancer: `${standing().infraId}-${suffix}`,
        listener: port,
        target: [protocol, port, targetType],
        health: ["HTTPS", String(port), healthPath, interval, healthyThreshold, unhealthyThreshold],
        preserveClientIp,
        deregistrationDelay: String(deregistrationDelay),
      })),
    );
    expect(sorted(found)).toEqual(sorted(expected));
  });

  test("have the bootstrap instance and the control plane as targets of each target group, by their addresses", () => {
    const machines = standing()
      .made(region, "ec2/instances")
      .filter(({ Tags }) => /^(bootstrap|master-\d)$/.test(standing().suffix(Tags)))
      .map(({ PrivateIpAddress }) => PrivateIpAddress);
    expect(machines).toHaveLength(targetsPerGroup);
    for (const { Targets, Port } of groups()) {
      expect(Targets.map(({ Id, Port: port }) => `${Id ?? ""}:${port ?? ""}`).sort()).toEqual(
        machines.map((address) => `${address ?? ""}:${Port ?? ""}`).sort(),
      );
    }
  });
}

function described(group: ListedTargetGroup): object {
  return {
    target: [group.Protocol, group.Port, group.TargetType],
    health: [
      group.HealthCheckProtocol,
      group.HealthCheckPort,
      group.HealthCheckPath,
      group.HealthCheckIntervalSeconds,
      group.HealthyThresholdCount,
      group.UnhealthyThresholdCount,
    ],
    preserveClientIp: attribute(group.Attributes, "preserve_client_ip.enabled"),
    deregistrationDelay: attribute(group.Attributes, "deregistration_delay.timeout_seconds"),
  };
}

function attribute(attributes: readonly LoadBalancerAttribute[], key: string): string | undefined {
  return attributes.find(({ Key }) => Key === key)?.Value;
}

/** Sorts listings and the lists in their items, because AWS returns them in any order. */
function sorted(items: readonly object[]): unknown[] {
  const texts = items.map((item) =>
    JSON.stringify({ ...item, ...("listeners" in item && { listeners: [...(item.listeners as unknown[])].sort() }) }),
  );
  return texts.sort().map((text) => JSON.parse(text) as unknown);
}
