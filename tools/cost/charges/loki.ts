import { LOKI_SIZES } from "../../../config/logging/fields";
import { lokiComponents } from "../../../config/logging/sizes";
import { recordValue, type Resource, textValue } from "../../../lib/pulumi/resource";
import type { Charges } from "../charge";
import { volumeTypeOf } from "./volume-class";

/**
 * The volumes that the Loki operator creates for the pods of a LokiStack. The number of ingesters is the number that the newest operator
 * uses.
 */
export function lokiVolumeCharges({ inputs }: Pick<Resource, "inputs">): Charges {
  const spec = recordValue(inputs.spec);
  const size = LOKI_SIZES.find((each) => each === textValue(spec?.size));
  const storageClass = textValue(spec?.storageClassName) ?? "";
  const type = volumeTypeOf(storageClass);
  if (size === undefined || type === undefined) return [`the volumes of Loki (storage class ${storageClass}) aren't included`];
  return lokiComponents(size, undefined).flatMap(({ name, pods, volumesGib }) =>
    volumesGib.map((gib) => ({
      group: "Volumes" as const,
      what: `Volumes of Loki's ${name}, ${type}`,
      price: `volume.${type}` as const,
      units: gib,
      count: pods,
    })),
  );
}
