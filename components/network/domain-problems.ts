import { parseCidr, size } from "../../config/cidr";
import type { Problem } from "../../config/configuration-error";
import type { FoundNetwork, FoundSubnet } from "./found-network";

/** Longest value of a label, and so of a node's label `kubernetes.io/hostname` (kubernetes/apimachinery, `pkg/util/validation/validation.go`, release-1.32: LabelValueMaxLength). */
const longestName = 63;

/** Length of a host name made from an instance's ID: `i-0123456789abcdef0` (EC2 user guide, "EC2 instance hostnames and domains"). */
const resourceNameLength = 19;

/** One label of a DNS name, as a node's name may have it (the same file: IsDNS1123Subdomain). */
const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/**
 * Nodes are named after the first domain of the VPC's DHCP options (openshift/machine-config-operator,
 * `templates/common/aws/files/usr-local-bin-aws-kubelet-nodename.yaml`, main), so that has to be part of a node's name.
 */
export function domainProblems({ vpcId, domain, privateSubnets }: FoundNetwork): Problem[] {
  if (domain === "") return [];
  const host = Math.max(...privateSubnets.map(longestHostName));
  const length = host + 1 + domain.length;
  const wrong = !domain.split(".").every((part) => label.test(part))
    ? "which no node can have in its name"
    : length > longestName
      ? `with which node names get up to ${length} characters, and Kubernetes allows ${longestName}`
      : undefined;
  if (wrong === undefined) return [];
  return [
    {
      key: "vpcId",
      wrong: `names a VPC whose DHCP options have the domain ${domain}, ${wrong}`,
      value: vpcId,
      allowed: `a VPC whose DHCP options have a domain of letters, digits, dashes and dots, with at most ${longestName - 1 - host} characters, or none`,
      fix: "make other DHCP options (aws ec2 create-dhcp-options) and associate them with the VPC (aws ec2 associate-dhcp-options) before the cluster's machines are launched",
    },
  ];
}

/** Length of the longest host name in a subnet: `ip-10-20-31-255`, of the range's last address, or an instance's ID, as always without IPv4 addresses. */
function longestHostName({ cidrBlock, hostnames }: FoundSubnet): number {
  if (hostnames === "resource-name" || cidrBlock === "") return resourceNameLength;
  const range = parseCidr(cidrBlock);
  const last = range.first + size(range) - 1;
  return ["ip", ...[24, 16, 8, 0].map((shift) => Math.floor(last / 2 ** shift) % 256)].join("-").length;
}
