import type { DhcpOptions } from "@aws-sdk/client-ec2";

/** A DNS name in Kubernetes' form: lower case, without the final dot. */
export function normalizeDnsName(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}

/**
 * The domains in a VPC's DHCP options: `domain-name` may contain several, separated by spaces. `[""]` if there are none.
 *
 * Amazon VPC user guide, "DHCP option set concepts"; openshift/machine-api-provider-aws, `pkg/actuators/machine/machine_scope.go`
 * (release-4.19): getCustomDomainFromDHCP.
 */
export function domainsOf(options: DhcpOptions | undefined): string[] {
  const values = options?.DhcpConfigurations?.find(({ Key }) => Key === "domain-name")?.Values ?? [];
  const domains = values.flatMap(({ Value = "" }) => Value.split(/\s+/)).map(normalizeDnsName);
  const named = [...new Set(domains.filter((domain) => domain !== ""))];
  return named.length === 0 ? [""] : named;
}

/**
 * All names under which an instance's kubelet may register. The kubelet uses `local-hostname` of the instance metadata, which ends with the domain of the
 * VPC's DHCP options, while EC2's `PrivateDnsName` always has AWS's own domain. If `local-hostname` has several names, the kubelet takes the first
 * name, removes the final dot and converts the name to lower case.
 *
 * openshift/machine-config-operator, `templates/common/aws/files/usr-local-bin-aws-kubelet-nodename.yaml` (main); kubernetes/component-helpers,
 * `node/util/hostname.go` (release-1.32): GetHostname converts it to lower case. The Machine API gives a Machine the same names
 * (openshift/machine-api-provider-aws, `pkg/actuators/machine/utils.go`, release-4.19: extractNodeAddresses).
 *
 * @param privateDnsName EC2's `PrivateDnsName`; empty for a terminated instance, which has no names
 * @param domains domains in the VPC's DHCP options, from {@link domainsOf}
 */
export function nodeNames(privateDnsName: string, domains: readonly string[]): string[] {
  const own = normalizeDnsName(privateDnsName);
  if (own === "") return [];
  const host = own.split(".")[0];
  return [...new Set([own, ...domains.map((domain) => normalizeDnsName(`${host}.${domain}`))])];
}
