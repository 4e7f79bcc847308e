import type { SecurityGroup } from "@aws-sdk/client-ec2";
import { furtherGroupFacts } from "../../facts/further-groups";
import { egressFacts, espInTheEc2Api, ingressFacts } from "../../facts/security-groups";
import type { StandingStack } from "../standing-stack";

/** The names of the security groups in `test/facts/security-groups.ts`, by the suffix of their names in EC2. */
const groupNames: Readonly<Partial<Record<string, string>>> = {
  "master-sg": "masters",
  "worker-sg": "workers",
  "bootstrap-sg": "bootstrap",
};

/** The CIDR blocks that have these names in `test/facts/security-groups.ts`. */
export interface Ranges {
  readonly "machine-network": string;
  readonly admins: string;
}

/** Compares the rules of the security groups, in both directions, with `test/facts/security-groups.ts`. */
export function testSecurityGroups(region: string, ranges: Ranges, standing: () => StandingStack): void {
  const groups = (): readonly SecurityGroup[] => standing().made(region, "ec2/security-groups");
  const nameOf = (id: string | undefined): string => {
    const group = groups().find(({ GroupId }) => GroupId === id);
    const suffix = standing().suffix(group?.Tags);
    return groupNames[suffix] ?? group?.GroupName ?? "a group of somebody else's";
  };
  const rules = (isEgress: boolean): string[] =>
    standing()
      .made(region, "ec2/security-group-rules")
      .filter(({ GroupId, IsEgress }) => IsEgress === isEgress && Object.values(groupNames).includes(nameOf(GroupId)))
      .map((rule) => {
        const { ReferencedGroupInfo, CidrIpv4, CidrIpv6, PrefixListId } = rule;
        const peer = ReferencedGroupInfo === undefined ? (CidrIpv4 ?? CidrIpv6 ?? PrefixListId) : nameOf(ReferencedGroupInfo.GroupId);
        return line(nameOf(rule.GroupId), peer, rule.IpProtocol, rule.FromPort, rule.ToPort);
      })
      .sort();

  test("allow the incoming traffic in test/facts, and no other", () => {
    const expected = ingressFacts.map(([to, from, protocol, first, last]) => {
      const peer = from === "machine-network" || from === "admins" ? ranges[from] : from;
      return line(to, peer, protocol === "esp" ? espInTheEc2Api : protocol, first, last);
    });
    expect(rules(false)).toEqual(expected.sort());
  });

  test("allow all outgoing traffic", () => {
    expect(rules(true)).toEqual(egressFacts.map((group) => line(group, "0.0.0.0/0", "-1", null, null)).sort());
  });

  test("are only those in the tables of test/facts", () => {
    const further = groups().filter(({ GroupId }) => !Object.values(groupNames).includes(nameOf(GroupId)));
    for (const { Tags, GroupName } of further) expect(Object.keys(furtherGroupFacts)).toContain(standing().suffix(Tags) || GroupName);
    expect(groups().length - further.length).toBe(3);
  });
}

/** `-1` and a missing port both mean all ports. */
function line(to: string, from: string | undefined, protocol: string | undefined, first?: number | null, last?: number | null): string {
  const port = (value: number | null | undefined): string =>
    value === undefined || value === null || value === -1 ? "all" : String(value);
  return `${to} ${String(from)} ${String(protocol)} ${port(first)}-${port(last)}`;
}
