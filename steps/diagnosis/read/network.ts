import {
  DescribeVpcAttributeCommand,
  paginateDescribeNatGateways,
  paginateDescribeRouteTables,
  paginateDescribeSecurityGroups,
  paginateDescribeVpcEndpoints,
} from "@aws-sdk/client-ec2";
import { readDhcpOptions } from "../../certificate-approver/inventory";
import { domainsOf } from "../../certificate-approver/node-names";
import type { Attempts } from "../attempts";
import type { InstanceEvidence, NetworkEvidence } from "../evidence";
import type { DiagnosisTarget } from "../target";
import type { DiagnosisClients } from "./clients";
import { collectPages } from "../../../lib/aws/pages";

/** Reads the instances' VPC with everything that decides about traffic; undefined if neither security groups nor instances name the VPC. */
export async function readNetwork(
  target: DiagnosisTarget,
  machines: Promise<readonly InstanceEvidence[] | undefined>,
  clients: DiagnosisClients,
  attempts: Attempts,
): Promise<NetworkEvidence | undefined> {
  const client = clients.ec2;
  const vpcId = (await vpcOfGroups(target, clients, attempts)) ?? (await machines)?.map(({ instance }) => instance.VpcId).find(Boolean);
  if (vpcId === undefined) return undefined;
  const Filters = [{ Name: "vpc-id", Values: [vpcId] }];
  const attribute = (name: "enableDnsSupport" | "enableDnsHostnames", answer: "EnableDnsSupport" | "EnableDnsHostnames") =>
    attempts.ask("DNS", `${name} of ${vpcId}`, "ec2:DescribeVpcAttribute", async (abortSignal) => {
      const attributes = await client.send(new DescribeVpcAttributeCommand({ VpcId: vpcId, Attribute: name }), { abortSignal });
      return attributes[answer]?.Value;
    });
  const [dnsSupport, dnsHostnames, domains, groups, routeTables, natGateways, endpoints] = await Promise.all([
    attribute("enableDnsSupport", "EnableDnsSupport"),
    attribute("enableDnsHostnames", "EnableDnsHostnames"),
    attempts.ask("certificate approver", `the DHCP options of ${vpcId}`, "ec2:DescribeVpcs and ec2:DescribeDhcpOptions", async (signal) =>
      domainsOf(await readDhcpOptions(client, vpcId, signal)),
    ),
    attempts.ask("security group", "the security groups", "ec2:DescribeSecurityGroups", (abortSignal) =>
      collectPages(paginateDescribeSecurityGroups({ client }, { Filters }, { abortSignal }), (page) => page.SecurityGroups),
    ),
    attempts.ask("route", "the route tables", "ec2:DescribeRouteTables", (abortSignal) =>
      collectPages(paginateDescribeRouteTables({ client }, { Filters }, { abortSignal }), (page) => page.RouteTables),
    ),
    attempts.ask("route", "the NAT gateways", "ec2:DescribeNatGateways", (abortSignal) =>
      collectPages(paginateDescribeNatGateways({ client }, { Filter: Filters }, { abortSignal }), (page) => page.NatGateways),
    ),
    attempts.ask("route", "the VPC's endpoints", "ec2:DescribeVpcEndpoints", (abortSignal) =>
      collectPages(paginateDescribeVpcEndpoints({ client }, { Filters }, { abortSignal }), (page) => page.VpcEndpoints),
    ),
  ]);
  return {
    vpcId,
    ...(dnsSupport !== undefined && { dnsSupport }),
    ...(dnsHostnames !== undefined && { dnsHostnames }),
    ...(domains && { domains }),
    ...(groups && { groups }),
    ...(routeTables && { routeTables }),
    ...(natGateways && { natGateways }),
    ...(endpoints && { endpoints }),
  };
}

/** The VPC of the cluster's security groups, which exist before the instances and outlive them. */
async function vpcOfGroups(
  { infraId }: DiagnosisTarget,
  { ec2: client }: DiagnosisClients,
  attempts: Attempts,
): Promise<string | undefined> {
  const Filters = [{ Name: "tag-key", Values: [`kubernetes.io/cluster/${infraId}`] }];
  const groups = await attempts.ask("security group", "the cluster's security groups", "ec2:DescribeSecurityGroups", (abortSignal) =>
    collectPages(paginateDescribeSecurityGroups({ client }, { Filters }, { abortSignal }), (page) => page.SecurityGroups),
  );
  return groups?.map(({ VpcId }) => VpcId).find(Boolean);
}
