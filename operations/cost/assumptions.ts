interface Assumption {
  readonly value: number;
  readonly unit: string;
  /** What it stands for, and where the number is from. */
  readonly meaning: string;
}

/** What no declaration says, and what a bill depends on all the same. Whole numbers, so that every product is exact. */
export const assumptionTable = {
  hoursPerMonth: { value: 730, unit: "hours", meaning: "a month (AWS Pricing Calculator: 365 days of 24 hours in 12 months)" },
  spotPercent: {
    value: 40,
    unit: "%",
    meaning: "a spot machine's price, of the on-demand price (AWS names savings of up to 90 %; the price list has no spot prices)",
  },
  natGb: { value: 100, unit: "GB", meaning: "passed on by each NAT gateway (this project: image pulls and updates of a small cluster)" },
  networkLcu: { value: 1, unit: "NLCU", meaning: "capacity units of each network balancer in an average hour (this project)" },
  applicationLcu: { value: 1, unit: "LCU", meaning: "capacity units of each application balancer in an average hour (this project)" },
  classicGb: { value: 100, unit: "GB", meaning: "passed on by each Classic balancer (this project)" },
  endpointGb: { value: 10, unit: "GB", meaning: "through each interface endpoint (this project)" },
  bucketGb: { value: 1, unit: "GB", meaning: "kept in each bucket of the stack; raise it for a registry's (this project)" },
  imageCopyGb: { value: 16, unit: "GB", meaning: "snapshot of a copied machine image (CoreOS images are 16 GiB)" },
  logGb: { value: 10, unit: "GB", meaning: "written to and kept in each log group (this project)" },
  fileSystemGb: { value: 100, unit: "GB", meaning: "kept in each EFS file system, all in the Standard class (this project)" },
  webAclMillionRequests: { value: 10, unit: "million requests", meaning: "checked by each web ACL (this project)" },
  clusterBucketGb: { value: 50, unit: "GB", meaning: "kept in the bucket of the cluster's own registry (this project)" },
  clusterVolumeGb: { value: 0, unit: "GB", meaning: "persistent volumes that applications claim, gp3 (a new cluster has none)" },
} as const satisfies Readonly<Record<string, Assumption>>;

export type AssumptionName = keyof typeof assumptionTable;
export type Assumptions = Readonly<Record<AssumptionName, number>>;

export const assumptionNames = Object.keys(assumptionTable) as AssumptionName[];

/** The assumptions with some of them changed. */
export function assume(changes: Partial<Assumptions> = {}): Assumptions {
  const all = Object.fromEntries(assumptionNames.map((name) => [name, changes[name] ?? assumptionTable[name].value])) as Assumptions;
  for (const name of assumptionNames) {
    if (!Number.isSafeInteger(all[name]) || all[name] < 0) throw new Error(`${name} is a whole number from 0, not ${all[name]}`);
  }
  return all;
}

/** Reads `natGb=500`; a text says what is wrong. */
export function readAssumption(text: string): Partial<Assumptions> | string {
  const [, name = "", value = ""] = /^([A-Za-z]+)=(\d+)$/.exec(text) ?? [];
  if (Object.hasOwn(assumptionTable, name)) return { [name]: Number(value) };
  return `${JSON.stringify(text)} is no assumption; one is <name>=<whole number>, with the name ${assumptionNames.join(", ")}`;
}
