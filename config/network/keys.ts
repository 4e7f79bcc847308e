import { choice, integer, key, list, text } from "../key";
import {
  cidrProblem,
  DEFAULT_VPC_CIDR,
  ENDPOINT_SERVICES,
  endpointProblem,
  machineCidrProblem,
  MAX_MACHINE_CIDRS,
  serviceCidrProblem,
  vpcCidrProblem,
  zoneProblem,
} from "./fields";
import { idProblem } from "../resource-id";
import { MAX_ZONES } from "./subnets";

/** Keys for the network. */
export const networkKeys = {
  zones: key(list(zoneProblem, { max: MAX_ZONES }), {
    description:
      "Availability zones of a new VPC, in the order in which instances are spread over them. Required without vpcId; with vpcId, the zones are those of the subnets. Add new zones only at the end of the list: a zone's position decides its subnets.",
    allowed: "one to three availability zones of the region",
    example: '["us-east-1a", "us-east-1b", "us-east-1c"]',
    source: "AWS; openshift/installer, upi/aws/cloudformation (at most three zones)",
    whenEmpty: "the existing subnets' zones",
  }),
  vpcCidr: key(text(vpcCidrProblem, DEFAULT_VPC_CIDR), {
    description: "CIDR block of the new VPC. Each subnet gets a sixteenth of it. Not used with vpcId.",
    allowed: "a private IPv4 CIDR block with a prefix from /16 to /23",
    example: "10.0.0.0/16",
    source: "AWS (VPC user guide); openshift/installer, upi/aws/cloudformation/01_vpc.yaml",
  }),
  vpcId: key(text(idProblem("VPC")), {
    description:
      "Existing VPC to use. The program checks it and changes nothing in it, except that each subnet has two tags for load balancers until the stack is destroyed. If the VPC's DHCP options name a domain, the nodes' names end in this domain (docs/operating.md).",
    allowed: "the ID of a VPC in the cluster's region",
    example: "vpc-0123456789abcdef0",
    source: "AWS (resource IDs)",
    whenEmpty: "a VPC is created",
  }),
  privateSubnetIds: key(list(idProblem("subnet"), { max: MAX_ZONES }), {
    description:
      "Private subnets of the existing VPC for the instances, each in a different zone. Instances are spread over them in this order.",
    allowed: "IDs of one to three subnets",
    example: '["subnet-0123456789abcdef0"]',
    source: "this project",
    whenEmpty: "created with the VPC",
  }),
  publicSubnetIds: key(list(idProblem("subnet"), { max: MAX_ZONES }), {
    description:
      "Public subnets of the existing VPC, one in each zone of the private subnets, for the public load balancer and the bootstrap instance. None with publish Internal.",
    allowed: "IDs of subnets, as many as there are private subnets",
    example: '["subnet-0123456789abcdef1"]',
    source: "this project",
    whenEmpty: "created with the VPC",
  }),
  machineCidr: key(text(machineCidrProblem), {
    description:
      "CIDR block that holds the configured subnets of the existing VPC, or several blocks separated by commas if the subnets are in several blocks of the VPC. Not set with a new VPC, which uses vpcCidr.",
    allowed: `one to ${MAX_MACHINE_CIDRS} IPv4 CIDR blocks that do not overlap and together contain every configured subnet`,
    example: "10.20.0.0/16",
    source: "OpenShift (networking.machineNetwork); AWS (VPC quotas: five CIDR blocks in a VPC)",
    whenEmpty: "vpcCidr",
  }),
  natGateways: key(choice(["per-zone", "single", "none"], "per-zone"), {
    description:
      "NAT gateways of a new VPC: per-zone survives the loss of a zone, single is cheaper, none needs httpsProxy or a mirror. Not used with vpcId.",
    example: "single",
    source: "this project",
  }),
  vpcEndpoints: key(list(endpointProblem, { max: ENDPOINT_SERVICES.length }), {
    description: "AWS services that get an interface endpoint in the private subnets of a new VPC. S3 always gets a gateway endpoint.",
    allowed: `some of ${ENDPOINT_SERVICES.join(", ")}`,
    example: '["ec2", "elasticloadbalancing"]',
    source: "AWS (PrivateLink services); OpenShift (ec2 and elasticloadbalancing in a disconnected network)",
    whenEmpty: "none",
  }),
  publish: key(choice(["External", "Internal"], "External"), {
    description:
      "Who can reach the API and the routes. External: everyone on the internet. Internal: only the VPC and networks connected to it. Can't be changed later.",
    example: "Internal",
    source: "OpenShift (publish)",
  }),
  clusterNetworkCidr: key(text(cidrProblem, "10.128.0.0/14"), {
    description: "CIDR block of pod addresses. Can't be changed later.",
    allowed:
      "an IPv4 CIDR block that does not overlap the CIDR blocks of instances and services, 100.64.0.0/16, 100.88.0.0/16 or 169.254.0.0/16",
    example: "10.128.0.0/14",
    source: "OpenShift (networking.clusterNetwork; internal networks of OVN-Kubernetes)",
  }),
  clusterNetworkHostPrefix: key(integer(16, 26, 23), {
    description: "Prefix length of each node's block of pod addresses: /23 holds 510 pods. Can't be changed later.",
    example: "23",
    source: "OpenShift (networking.clusterNetwork.hostPrefix); a block smaller than /26 has no room for the pods of a control plane node",
  }),
  serviceNetworkCidr: key(text(serviceCidrProblem, "172.30.0.0/16"), {
    description: "CIDR block of service addresses. Can't be changed later.",
    allowed:
      "an IPv4 CIDR block from /12 to /24 that does not overlap the CIDR blocks of instances and pods, 100.64.0.0/16, 100.88.0.0/16 or 169.254.0.0/16",
    example: "172.30.0.0/16",
    source: "OpenShift (networking.serviceNetwork)",
  }),
} as const;
