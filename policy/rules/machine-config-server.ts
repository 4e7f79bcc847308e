import { describeIngress, ingressOf, ingressTypes, opensPort } from "../ingress";
import { isRangeWithin } from "../source-ranges";
import { listOrNone, oneOf, policyRule } from "../rule";

/**
 * Ports of the machine config server, with and without TLS. It gives ignition configs, which contain secrets, to everyone who can reach it.
 */
export const machineConfigPorts: readonly number[] = [22623, 22624];

/** Private addresses (RFC 1918): the default, if the pack's configuration does not have the instances' CIDR blocks. */
const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

export const machineConfigServer = policyRule({
  name: "machine-config-server",
  description: "Only instances can reach the machine config server.",
  defaults: { machineRanges: privateRanges },
  appliesTo: oneOf(ingressTypes),
  check: (resource, { machineRanges }) =>
    ingressOf(resource).flatMap((ingress) => {
      const port = machineConfigPorts.find((each) => opensPort(ingress, each));
      const ranges = ingress.ranges.filter((range) => !isRangeWithin(range, machineRanges));
      if (port === undefined || ranges.length === 0) return [];
      return {
        wrong: `opens port ${port} of the machine config server, which returns secrets of the cluster, to sources other than instances`,
        value: describeIngress(ingress, ranges),
        allowed: `the instances' CIDR blocks: ${listOrNone(machineRanges)}`,
        fix: "use the instances' CIDR block (vpcCidr or machineCidr) or security group as the source, or remove the port",
      };
    }),
});
