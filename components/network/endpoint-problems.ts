import type { Problem } from "../../config/configuration-error";
import type { FoundEndpoint } from "./found-endpoints";
import type { FoundNetwork } from "./found-network";

export interface EndpointNeeds {
  readonly region: string;
  /** Ranges of the machines. */
  readonly machineCidrs: readonly string[];
  /** Short names of the services that machines call, besides S3. */
  readonly services: readonly string[];
}

/** Endpoints that a found network lacks, where its private subnets lead nowhere else; empty when it has what machines need. */
export function endpointProblems(network: FoundNetwork, endpoints: readonly FoundEndpoint[], needs: EndpointNeeds): Problem[] {
  const cutOff = network.privateSubnets.filter(({ leadsOut }) => !leadsOut);
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
): Problem[] {
  const ways = endpoints.filter(({ service }) => service === "s3");
  if (ways.some(({ kind, privateDns }) => kind === "Interface" && privateDns)) return [];
  const gateway = ways.find(({ kind }) => kind === "Gateway");
  const without = tables.filter((id) => !gateway?.routeTableIds.includes(id));
  if (without.length === 0) return [];
  const service = `com.amazonaws.${region}.s3`;
  if (gateway !== undefined) {
    const wrong = `names a VPC whose gateway endpoint ${gateway.id} of ${service} is not in ${without.join(" and ")}, and machines there have no other way to S3`;
    const fix = `aws ec2 modify-vpc-endpoint --region ${region} --vpc-endpoint-id ${gateway.id} --add-route-table-ids ${without.join(" ")}`;
    return [problem(vpcId, wrong, fix)];
  }
  const wrong = `names a VPC without a gateway endpoint of ${service}, and its machines have no other way to S3`;
  const fix = `aws ec2 create-vpc-endpoint --region ${region} --vpc-id ${vpcId} --service-name ${service} --route-table-ids ${without.join(" ")}`;
  return [problem(vpcId, wrong, fix)];
}

function interfaceProblems(
  { vpcId, privateSubnets }: FoundNetwork,
  endpoints: readonly FoundEndpoint[],
  service: string,
  { region, machineCidrs }: EndpointNeeds,
): Problem[] {
  const found = endpoints.find((each) => each.service === service && each.kind === "Interface");
  if (found?.privateDns === true) return [];
  const name = `com.amazonaws.${region}.${service}`;
  if (found !== undefined) {
    const wrong = `names a VPC whose interface endpoint ${found.id} of ${name} has no private DNS, so that nobody who calls ${service} comes to it`;
    const fix = `aws ec2 modify-vpc-endpoint --region ${region} --vpc-endpoint-id ${found.id} --private-dns-enabled`;
    return [problem(vpcId, wrong, fix)];
  }
  const wrong = `names a VPC without an interface endpoint of ${name}, and its machines have no other way to call it`;
  const subnets = privateSubnets.map(({ id }) => id).join(" ");
  const group = `<a group that lets tcp 443 in from ${machineCidrs.join(" and ")}>`;
  const create = `aws ec2 create-vpc-endpoint --region ${region} --vpc-id ${vpcId} --vpc-endpoint-type Interface --service-name ${name}`;
  return [problem(vpcId, wrong, `${create} --private-dns-enabled --subnet-ids ${subnets} --security-group-ids ${group}`)];
}

function problem(vpcId: string, wrong: string, command: string): Problem {
  return {
    key: "vpcId",
    wrong,
    value: vpcId,
    allowed: "with mirror restricted or air-gapped a VPC with the endpoints of docs/disconnected.md, or with another way out",
    fix: `${command}, or set httpsProxy`,
  };
}
