import type { DhcpOptions } from "@aws-sdk/client-ec2";

/** A DNS name as Kubernetes writes it: in lower case, without the dot at its end. */
export function normalized(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}

/**
 * The domains in a VPC's DHCP options: `domain-name` may list several, separated by spaces. `[""]` where the options name none.
 *
 * Amazon VPC user guide, "DHCP option set concepts"; openshift/machine-api-provider-aws, `pkg/actuators/machine/machine_scope.go`
 * (release-4.19): getCustomDomainFromDHCP.
 */
export function domainsOf(options: DhcpOptions | undefined): string[] {
  const values = options?.DhcpConfigurations?.find(({ Key }) => Key === "domain-name")?.Values ?? [];
  const domains = values.flatMap(({ Value = "" }) => Value.split(/\s+/)).map(normalized);
  const named = [...new Set(domains.filter((domain) => domain !== ""))];
  return named.length === 0 ? [""] : named;
}

/**
 * Every name under which a machine's kubelet may register. The kubelet takes the metadata's `local-hostname`, which ends with the domain of
 * the VPC's DHCP options, while EC2's `PrivateDnsName` keeps AWS's own domain. Of several names it takes the first, cuts the dot at the end
 * and lowers the letters.
 *
 * openshift/machine-config-operator, `templates/common/aws/files/usr-local-bin-aws-kubelet-nodename.yaml` (main); kubernetes/component-helpers,
 * `node/util/hostname.go` (release-1.32): GetHostname lowers it. The Machine API gives a Machine the same names
 * (openshift/machine-api-provider-aws, `pkg/actuators/machine/utils.go`, release-4.19: extractNodeAddresses).
 *
 * @param privateDnsName EC2's; empty for a terminated machine, which has no names
 * @param domains of the VPC's DHCP options, from {@link domainsOf}
 */
export function nodeNames(privateDnsName: string, domains: readonly string[]): string[] {
  const own = normalized(privateDnsName);
  if (own === "") return [];
  const host = own.split(".")[0];
  return [...new Set([own, ...domains.map((domain) => normalized(`${host}.${domain}`))])];
}
