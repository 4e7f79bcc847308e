/** An AWS partition: its name in ARNs and the DNS suffix of its services. */
export interface Partition {
  readonly name: "aws" | "aws-cn" | "aws-us-gov" | "aws-iso" | "aws-iso-b" | "aws-iso-e" | "aws-iso-f" | "aws-eusc";
  readonly dnsSuffix: string;
  /** Whether Route 53 has alias records for load balancers: not in GovCloud and the isolated regions. */
  readonly aliasRecords: boolean;
  /** Whether Route 53 has public hosted zones (AWS GovCloud user guide, "Amazon Route 53 in AWS GovCloud (US)": private ones only). */
  readonly publicZones: boolean;
}

/** Region prefixes of the partitions other than `aws` (AWS General Reference, "Partitions"; aws-sdk `partitions.json`). */
const partitions: readonly (readonly [prefix: string, partition: Partition])[] = [
  ["cn-", { name: "aws-cn", dnsSuffix: "amazonaws.com.cn", aliasRecords: true, publicZones: true }],
  ["us-gov-", { name: "aws-us-gov", dnsSuffix: "amazonaws.com", aliasRecords: false, publicZones: false }],
  ["us-iso-", { name: "aws-iso", dnsSuffix: "c2s.ic.gov", aliasRecords: false, publicZones: false }],
  ["us-isob-", { name: "aws-iso-b", dnsSuffix: "sc2s.sgov.gov", aliasRecords: false, publicZones: false }],
  ["eu-isoe-", { name: "aws-iso-e", dnsSuffix: "cloud.adc-e.uk", aliasRecords: false, publicZones: false }],
  ["us-isof-", { name: "aws-iso-f", dnsSuffix: "csp.hci.ic.gov", aliasRecords: false, publicZones: false }],
  ["eusc-", { name: "aws-eusc", dnsSuffix: "amazonaws.eu", aliasRecords: true, publicZones: true }],
];

/** The partition of a region such as `eu-central-1`. */
export function partitionOf(region: string): Partition {
  const found = partitions.find(([prefix]) => region.startsWith(prefix));
  return found?.[1] ?? { name: "aws", dnsSuffix: "amazonaws.com", aliasRecords: true, publicZones: true };
}
