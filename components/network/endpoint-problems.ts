import type { ConfigurationProblem } from "../../config/configuration-error";
import type { FoundEndpoint } from "./found-endpoints";
import type { FoundNetwork } from "./found-network";

export interface EndpointNeeds {
  readonly region: string;
  /** CIDR blocks of the cluster's instances. */
  readonly machineCidrs: readonly string[];
  /** Short names of the services that nodes call, in addition to S3. */
  readonly services: readonly string[];
}

/** Missing or unusable endpoints of an existing network. Only private subnets without a route out of the VPC need endpoints. */
export function endpointProblems(network: FoundNetwork, endpoints: readonly FoundEndpoint[], needs: EndpointNeeds): ConfigurationProblem[] {
  const cutOff = network.privateSubnets.filter(({ leavesVpc }) => !leavesVpc);
  if (cutOff.length === 0) return [];
  const tables = [...new Set(cutOff.flatMap(({ routeTableId }) => routeTableId ?? []))].sort();
  return [
    ...gatewayProblems(network, endpoints, tables, needs),
    ...needs.services.flatMap((service) => interfaceProblems(network, endpoints, service, needs)),
  ];
}

function gatewayProblems(
  { vpcId }: FoundNetwork,
  endpoints: readonly FoundEndpoint[],
  tables: readonly string[],
  { region }: EndpointNeeds,
): ConfigurationProblem[] {
  const ways = endpoints.filter(({ service }) => service === "s3");
  if (ways.some(({ kind, privateDns }) => kind === "Interface" && privateDns)) return [];
  const gateway = ways.find(({ kind }) => kind === "Gateway");
  const without = tables.filter((id) => !gateway?.routeTableIds.includes(id));
  if (without.length === 0) return [];
  const service = `com.amazonaws.${region}.s3`;
  if (gateway !== undefined) {
    const wrong = `names a VPC whose gateway endpoint ${gateway.id} of ${service} is not in ${without.join(" and ")}, and instances there have no other route to S3`;
    const fix = `aws ec2 modify-vpc-endpoint --region ${region} --vpc-endpoint-id ${gateway.id} --add-route-table-ids ${without.join(" ")}`;
    return [problem(vpcId, wrong, fix)];
  }
  const wrong = `names a VPC without a gateway endpoint of ${service}, and its instances have no other route to S3`;
  const fix = `aws ec2 create-vpc-endpoint --region ${region} --vpc-id ${vpcId} --service-name ${service} --route-table-ids ${without.join(" ")}`;
  return [problem(vpcId, wrong, fix)];
}

function interfaceProblems(
  { vpcId, privateSubnets }: FoundNetwork,
  endpoints: readonly FoundEndpoint[],
  service: string,
  { region, machineCidrs }: EndpointNeeds,
): ConfigurationProblem[] {
  const found = endpoints.find((each) => each.service === service && each.kind === "Interface");
  if (found?.privateDns === true) return [];
  const name = `com.amazonaws.${region}.${service}`;
  if (found !== undefined) {
    const wrong = `names a VPC whose interface endpoint ${found.id} of ${name} has no private DNS, so calls to ${service} do not reach it`;
    const fix = `aws ec2 modify-vpc-endpoint --region ${region} --vpc-endpoint-id ${found.id} --private-dns-enabled`;
    return [problem(vpcId, wrong, fix)];
  }
  const wrong = `names a VPC without an interface endpoint of ${name}, and its instances have no other route to the service`;
  const subnets = privateSubnets.map(({ id }) => id).join(" ");
  const group = `<a security group that allows tcp 443 from ${machineCidrs.join(" and ")}>`;
  const create = `aws ec2 create-vpc-endpoint --region ${region} --vpc-id ${vpcId} --vpc-endpoint-type Interface --service-name ${name}`;
  return [problem(vpcId, wrong, `${create} --private-dns-enabled --subnet-ids ${subnets} --security-group-ids ${group}`)];
}

function problem(vpcId: string, wrong: string, command: string): ConfigurationProblem {
  return {
    key: "vpcId",
    wrong,
    value: vpcId,
    allowed: "with mirror restricted or air-gapped a VPC with the endpoints of docs/disconnected.md, or with another route out",
    fix: `${command}, or set httpsProxy`,
  };
}
