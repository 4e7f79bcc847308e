import { assumedCharge, type ComputeCharges, hourly } from "../charge";
import { listValue, propertyValue, textValue } from "../../../lib/pulumi/resource";

/** An Elastic IP costs the same whether it is used or not. An Elastic IP from the account's own CIDR block costs nothing. */
export const addressCharges: ComputeCharges = (resource, assumptions) => {
  const pool = textValue(resource.inputs.publicIpv4Pool) ?? "amazon";
  return pool === "amazon" ? [hourly("Network", "Public IPv4 addresses", "address.hour", assumptions)] : [];
};

/** The charges of a NAT gateway. Its address is an Elastic IP, which is charged separately. */
export const natGatewayCharges: ComputeCharges = (_, assumptions) => [
  hourly("Network", "NAT gateways", "nat.hour", assumptions),
  assumedCharge("Network", "NAT gateways, data", "nat.gb", "natGb", assumptions),
];

/** An interface endpoint is charged per zone; a gateway endpoint costs nothing. */
export const endpointCharges: ComputeCharges = (resource, assumptions) => {
  const type = textValue(resource.inputs.vpcEndpointType) ?? "Gateway";
  if (type === "Gateway") return [];
  if (type !== "Interface") return [`endpoints of type ${type} are not in the price table`];
  const subnets = propertyValue(resource, "subnetIds");
  if (!Array.isArray(subnets)) return ["the endpoint's zones aren't known"];
  return [
    hourly("Network", "Interface endpoints, in each zone", "endpoint.hour", assumptions, listValue(subnets).length),
    assumedCharge("Network", "Interface endpoints, data", "endpoint.gb", "endpointGb", assumptions),
  ];
};

/**
 * The cost of flow logs to a log group is estimated with the log group. The cost of other flow logs depends on the amount of data, which is
 * unknown in advance.
 */
export const flowLogCharges: ComputeCharges = (resource) => {
  const destination = textValue(resource.inputs.logDestinationType) ?? "cloud-watch-logs";
  return destination === "cloud-watch-logs" ? [] : [`how much is delivered to ${destination} isn't known`];
};
