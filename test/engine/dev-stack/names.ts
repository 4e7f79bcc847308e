import { type ListedZone, worldwide } from "../kinds";
import type { StandingStack } from "../standing-stack";

/**
 * Tests the names of the API in both zones (openshift/installer, `upi/aws/cloudformation/02_cluster_infra.yaml`, ExternalApiServerRecord
 * and InternalApiServerRecord).
 */
export function testNames(region: string, baseDomain: string, clusterDomain: string, standing: () => StandingStack): void {
  const zones = (): readonly ListedZone[] => standing().made(worldwide, "route53/zones");
  const aliases = (zoneName: string): Record<string, string | undefined> => {
    const targets = new Map(
      standing()
        .made(region, "elbv2/load-balancers")
        .map(({ DNSName, Tags }) => [DNSName, standing().suffix(Tags)]),
    );
    const records = zones().find(({ Name }) => Name === `${zoneName}.`)?.Records ?? [];
    return Object.fromEntries(
      records
        .filter(({ Type }) => Type !== "NS" && Type !== "SOA")
        .map(({ Name, Type, AliasTarget }) => [`${Type ?? ""} ${Name ?? ""}`, targets.get(AliasTarget?.DNSName)]),
    );
  };

  test("are the API's name in the public zone, an alias of the external load balancer", () => {
    expect(aliases(baseDomain)).toEqual({ [`A api.${clusterDomain}.`]: "ext" });
  });

  test("are both of the API's names in the private zone, aliases of the internal load balancer", () => {
    expect(aliases(clusterDomain)).toEqual({ [`A api.${clusterDomain}.`]: "int", [`A api-int.${clusterDomain}.`]: "int" });
    const zone = zones().find(({ Name }) => Name === `${clusterDomain}.`);
    const vpcs = standing().made(region, "ec2/vpcs");
    expect([zone?.Config?.PrivateZone, zone?.VPCs.map(({ VPCId }) => VPCId)]).toEqual([true, vpcs.map(({ VpcId }) => VpcId)]);
  });
}
