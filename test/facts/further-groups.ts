/** Security groups other than those of the control plane, the workers and the bootstrap instance: the name without the infraID, and the purpose. */
export const furtherGroupFacts: Readonly<Record<string, string>> = {
  default: "AWS makes it with each VPC, and it can't be deleted; no machine carries it",
  "int-sg": "the internal load balancer's: the API from everywhere, the machine config server from the machines",
  "installer-host-sg": "the installer host's: ssh from adminCidrs, the registry from the machines",
  "vpc-endpoints":
    "where vpcEndpoints are configured, or nodes have no way to the internet: lets the VPC's range reach their interfaces, tcp 443",
};
