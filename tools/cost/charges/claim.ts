import { recordValue, textValue } from "../../../lib/pulumi/resource";
import type { Charge } from "../charge";

/** Storage classes of a cluster on AWS by volume type (openshift/csi-operator, `assets/overlays/aws-ebs/generated/standalone`, release-4.19). */
const CLASSES: ReadonlyMap<string, "gp2" | "gp3"> = new Map([
  ["gp3-csi", "gp3"],
  ["gp2-csi", "gp2"],
]);

/** Claims of one kind, for each of which the cluster creates a volume. */
export interface Claims {
  /** To whom the volumes belong, for messages. */
  readonly name: string;
  readonly count: number;
  /** Storage class of claims that name none. */
  readonly defaultClass: string;
}

/** The charge for the volumes of claims with this spec; a note if they can't be priced. */
export function claimCharge(spec: Readonly<Record<string, unknown>> | undefined, { name, count, defaultClass }: Claims): Charge | string {
  const storage = textValue(recordValue(recordValue(spec?.resources)?.requests)?.storage);
  const gib = /^(\d+)Gi$/.exec(storage ?? "")?.[1];
  if (gib === undefined) return `the volumes of ${name} (${storage ?? "without a size"}) aren't included: only sizes in Gi are counted`;
  const storageClass = textValue(spec?.storageClassName) ?? defaultClass;
  const type = CLASSES.get(storageClass);
  if (type === undefined) return `the volumes of ${name} (storage class ${storageClass}) aren't included`;
  return { group: "Volumes", what: `Volumes of ${name}, ${type}`, price: `volume.${type}`, units: Number(gib), count };
}
