/** Security groups besides the masters', the workers' and the bootstrap machine's: name without the infraID, and what it is there for. */
export const furtherGroupFacts: Readonly<Record<string, string>> = {
  default: "AWS makes it with each VPC, and it can't be deleted; no machine carries it",
  "int-sg": "the internal load balancer's: the API from everywhere, the machine config server from the machines",
  "installer-host-sg": "the installer host's: ssh from adminCidrs, the registry from the machines",
  "vpc-endpoints":
    "where vpcEndpoints are configured, or nodes have no way to the internet: lets the VPC's range reach their interfaces, tcp 443",
};
