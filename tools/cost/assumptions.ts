interface Assumption {
  readonly value: number;
  readonly unit: string;
  /** Meaning of the assumption, and the source of its value. */
  readonly meaning: string;
}

/** Quantities that a bill depends on, but that no declaration contains. They are whole numbers, so that every product is exact. */
export const assumptionTable = {
  hoursPerMonth: { value: 730, unit: "hours", meaning: "a month (AWS Pricing Calculator: 365 days of 24 hours in 12 months)" },
  spotPercent: {
    value: 40,
    unit: "%",
    meaning:
      "price of a spot instance as a part of the on-demand price (AWS names savings of up to 90 %; the price list has no spot prices)",
  },
  natGb: { value: 100, unit: "GB", meaning: "processed by each NAT gateway (this project: image pulls and updates of a small cluster)" },
  networkLcu: { value: 1, unit: "NLCU", meaning: "capacity units of each Network Load Balancer in an average hour (this project)" },
  applicationLcu: { value: 1, unit: "LCU", meaning: "capacity units of each Application Load Balancer in an average hour (this project)" },
  classicGb: { value: 100, unit: "GB", meaning: "processed by each Classic Load Balancer (this project)" },
  endpointGb: { value: 10, unit: "GB", meaning: "processed by each interface endpoint (this project)" },
  bucketGb: { value: 1, unit: "GB", meaning: "stored in each bucket of the stack; raise it for a registry's bucket (this project)" },
  imageCopyGb: { value: 16, unit: "GB", meaning: "snapshot of a copied machine image (CoreOS images are 16 GiB)" },
  logGb: { value: 10, unit: "GB", meaning: "written to and stored in each log group (this project)" },
  fileSystemGb: { value: 100, unit: "GB", meaning: "stored in each EFS file system, all in the Standard class (this project)" },
  webAclMillionRequests: { value: 10, unit: "million requests", meaning: "checked by each web ACL (this project)" },
  clusterBucketGb: { value: 50, unit: "GB", meaning: "stored in the bucket of the cluster's own registry (this project)" },
  clusterVolumeGb: { value: 0, unit: "GB", meaning: "persistent volumes that applications claim, gp3 (a new cluster has none)" },
} as const satisfies Readonly<Record<string, Assumption>>;

export type AssumptionName = keyof typeof assumptionTable;
export type Assumptions = Readonly<Record<AssumptionName, number>>;

export const assumptionNames = Object.keys(assumptionTable) as AssumptionName[];

/** The assumptions with some values changed. */
export function assume(changes: Partial<Assumptions> = {}): Assumptions {
  const all = Object.fromEntries(assumptionNames.map((name) => [name, changes[name] ?? assumptionTable[name].value])) as Assumptions;
  for (const name of assumptionNames) {
    if (!Number.isSafeInteger(all[name]) || all[name] < 0) throw new Error(`${name} must be a whole number from 0, not ${all[name]}`);
  }
  return all;
}

/** Reads an assumption such as `natGb=500`; returns an error message if it is wrong. */
export function readAssumption(text: string): Partial<Assumptions> | string {
  const [, name = "", value = ""] = /^([A-Za-z]+)=(\d+)$/.exec(text) ?? [];
  if (Object.hasOwn(assumptionTable, name)) return { [name]: Number(value) };
  return `${JSON.stringify(text)} is not an assumption; write <name>=<whole number> with one of the names ${assumptionNames.join(", ")}`;
}
