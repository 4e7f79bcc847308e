import { choice, integer, key, list, text } from "../key";
import { ENDPOINT_SERVICES, endpointFlaw } from "../rules/egress";
import { idFlaw } from "../rules/ids";
import { cidrFlaw, machineCidrFlaw, MOST_MACHINE_RANGES, serviceCidrFlaw, vpcCidrFlaw } from "../rules/ranges";
import { DEFAULT_VPC_CIDR } from "../rules/vpc";
import { zoneFlaw } from "../rules/zones";
import { MOST_ZONES } from "../subnets";

/** Where the machines are and how traffic gets to them. */
export const networkKeys = {
  zones: key(list(zoneFlaw, { most: MOST_ZONES }), {
    description:
      "Availability zones of a new VPC, in the order in which machines are spread over them. Required without vpcId; with it the subnets' zones count. A further zone goes to the end of the list: a zone's place decides its subnets.",
    allowed: "one to three availability zones of the region",
    example: '["us-east-1a", "us-east-1b", "us-east-1c"]',
    source: "AWS; openshift/installer, upi/aws/cloudformation (three zones at most)",
    whenEmpty: "the existing subnets' zones",
  }),
  vpcCidr: key(text(vpcCidrFlaw, DEFAULT_VPC_CIDR), {
    description: "Range of the VPC that is made. Each subnet gets a sixteenth of it. Not used with vpcId.",
    allowed: "a private IPv4 range with a prefix from /16 to /23",
    example: "10.0.0.0/16",
    source: "AWS (VPC user guide); openshift/installer, upi/aws/cloudformation/01_vpc.yaml",
  }),
  vpcId: key(text(idFlaw("VPC")), {
    description:
      "Existing VPC to use. It is checked and never changed; its subnets get the two tags that load balancers need, until the stack is destroyed. Its DHCP options may name a domain: nodes are then called after it (docs/operating.md).",
    allowed: "the ID of a VPC of the region",
    example: "vpc-0123456789abcdef0",
    source: "AWS (resource IDs)",
    whenEmpty: "a VPC is made",
  }),
  privateSubnetIds: key(list(idFlaw("subnet"), { most: MOST_ZONES }), {
    description: "Private subnets of the existing VPC, each in another zone. The machines are in them, spread in this order.",
    allowed: "IDs of one to three subnets",
    example: '["subnet-0123456789abcdef0"]',
    source: "this project",
    whenEmpty: "made with the VPC",
  }),
  publicSubnetIds: key(list(idFlaw("subnet"), { most: MOST_ZONES }), {
    description:
      "Public subnets of the existing VPC, one in each zone of the private ones, for the public load balancer and the bootstrap machine. None with publish Internal.",
    allowed: "IDs of subnets, as many as there are private ones",
    example: '["subnet-0123456789abcdef1"]',
    source: "this project",
    whenEmpty: "made with the VPC",
  }),
  machineCidr: key(text(machineCidrFlaw), {
    description:
      "Range of the existing VPC's machines, or several ranges with commas between, where the configured subnets are in several ranges of the VPC. With a new VPC it is vpcCidr and not set here.",
    allowed: `one to ${MOST_MACHINE_RANGES} IPv4 ranges that share no address and together hold every configured subnet`,
    example: "10.20.0.0/16",
    source: "OpenShift (networking.machineNetwork); AWS (VPC quotas: five ranges in a VPC)",
    whenEmpty: "vpcCidr",
  }),
  natGateways: key(choice(["per-zone", "single", "none"], "per-zone"), {
    description:
      "NAT gateways of a new VPC: one per zone survives the loss of a zone, a single one is cheaper, none needs httpsProxy or a mirror. Not used with vpcId.",
    example: "single",
    source: "this project",
  }),
  vpcEndpoints: key(list(endpointFlaw, { most: ENDPOINT_SERVICES.length }), {
    description: "Services that get an interface endpoint in the private subnets of a new VPC. S3 always has a gateway endpoint.",
    allowed: `some of ${ENDPOINT_SERVICES.join(", ")}`,
    example: '["ec2", "elasticloadbalancing"]',
    source: "AWS (PrivateLink services); OpenShift (ec2 and elasticloadbalancing in a disconnected network)",
    whenEmpty: "none",
  }),
  publish: key(choice(["External", "Internal"], "External"), {
    description:
      "External: API and routes can be reached from the internet. Internal: from the VPC and what is connected to it only. Can't be changed later.",
    example: "Internal",
    source: "OpenShift (publish)",
  }),
  clusterNetworkCidr: key(text(cidrFlaw, "10.128.0.0/14"), {
    description: "Range of pod addresses. Can't be changed later.",
    allowed: "an IPv4 range apart from those of machines and services, and from 100.64.0.0/16, 100.88.0.0/16 and 169.254.0.0/16",
    example: "10.128.0.0/14",
    source: "OpenShift (networking.clusterNetwork; ranges of OVN-Kubernetes)",
  }),
  clusterNetworkHostPrefix: key(integer(16, 26, 23), {
    description: "Length of the block of pod addresses that each node gets: /23 holds 510 pods. Can't be changed later.",
    example: "23",
    source: "OpenShift (networking.clusterNetwork.hostPrefix); below /26 a master's own pods no longer fit",
  }),
  serviceNetworkCidr: key(text(serviceCidrFlaw, "172.30.0.0/16"), {
    description: "Range of service addresses. Can't be changed later.",
    allowed:
      "an IPv4 range from /12 to /24 apart from those of machines and pods, and from 100.64.0.0/16, 100.88.0.0/16 and 169.254.0.0/16",
    example: "172.30.0.0/16",
    source: "OpenShift (networking.serviceNetwork)",
  }),
} as const;
