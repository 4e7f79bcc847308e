/** Security groups other than those of the control plane, the workers and the bootstrap instance: the name without the infraID, and the purpose. */
export const furtherGroupFacts: Readonly<Record<string, string>> = {
  default: "the VPC's default security group: AWS creates it with the VPC, nobody can delete it, and no instance has it",
  "int-sg": "the internal load balancer's: it allows the API from everywhere, and the machine config server from the instances",
  "installer-host-sg": "the installer host's: it allows SSH from adminCidrs, and the registry from the instances",
  "vpc-endpoints":
    "exists if vpcEndpoints are configured or nodes have no egress: it allows tcp 443 from the VPC's CIDR block to the endpoints' network interfaces",
};
