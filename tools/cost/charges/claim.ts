import { recordValue, textValue } from "../../../lib/pulumi/resource";
import type { Charge } from "../charge";
import { volumeTypeOf } from "./volume-class";

/** Claims with the same spec. The cluster creates a volume for each of them. */
export interface Claims {
  /** The software that uses the volumes, such as Prometheus, for messages. */
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
  const type = volumeTypeOf(storageClass);
  if (type === undefined) return `the volumes of ${name} (storage class ${storageClass}) aren't included`;
  return { group: "Volumes", what: `Volumes of ${name}, ${type}`, price: `volume.${type}`, units: Number(gib), count };
}
