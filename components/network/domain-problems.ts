import { parseCidr, addressCount } from "../../config/cidr";
import type { ConfigurationProblem } from "../../config/configuration-error";
import type { FoundNetwork, FoundSubnet } from "./found-network";

/**
 * Longest value of a label, and so of a node's label `kubernetes.io/hostname` (kubernetes/apimachinery,
 * `pkg/util/validation/validation.go`, release-1.32: LabelValueMaxLength).
 */
const longestName = 63;

/**
 * Length of a host name that is made from an instance's ID: `i-0123456789abcdef0` (EC2 user guide, "EC2 instance hostnames and domains").
 */
const resourceNameLength = 19;

/** One label of a DNS name, as Kubernetes allows it in a node's name (the same file: IsDNS1123Subdomain). */
const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/**
 * Nodes are named after the first domain of the VPC's DHCP options (openshift/machine-config-operator,
 * `templates/common/aws/files/usr-local-bin-aws-kubelet-nodename.yaml`, main). So this domain must be valid in a node's name.
 */
export function domainProblems({ vpcId, domain, privateSubnets }: FoundNetwork): ConfigurationProblem[] {
  if (domain === "") return [];
  const host = Math.max(...privateSubnets.map(longestHostName));
  const length = host + 1 + domain.length;
  const wrong = !domain.split(".").every((part) => label.test(part))
    ? "which is not valid in a node's name"
    : length > longestName
      ? `with which node names have up to ${length} characters, but Kubernetes allows ${longestName}`
      : undefined;
  if (wrong === undefined) return [];
  return [
    {
      key: "vpcId",
      wrong: `names a VPC whose DHCP options have the domain ${domain}, ${wrong}`,
      value: vpcId,
      allowed: `a VPC whose DHCP options have a domain of letters, digits, dashes and dots with at most ${longestName - 1 - host} characters, or no domain`,
      fix: "create other DHCP options (aws ec2 create-dhcp-options) and associate them with the VPC (aws ec2 associate-dhcp-options) before the cluster's instances are launched",
    },
  ];
}

/**
 * Length of the longest host name in a subnet: from its last IPv4 address (`ip-10-20-31-255`), or from an instance's ID, as always in an
 * IPv6-only subnet.
 */
function longestHostName({ cidrBlock, hostnames }: FoundSubnet): number {
  if (hostnames === "resource-name" || cidrBlock === "") return resourceNameLength;
  const range = parseCidr(cidrBlock);
  const last = range.first + addressCount(range) - 1;
  return ["ip", ...[24, 16, 8, 0].map((shift) => Math.floor(last / 2 ** shift) % 256)].join("-").length;
}
