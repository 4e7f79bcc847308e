import { listValue, recordValue, type Resource } from "../../../lib/pulumi/resource";
import type { Charges } from "../charge";
import { claimCharge } from "./claim";

/** The volumes of the nodes of an Elasticsearch cluster. */
export function elasticVolumeCharges({ inputs }: Resource, defaultClass: string): Charges {
  return listValue(recordValue(inputs.spec)?.nodeSets).flatMap((each) => {
    const set = recordValue(each);
    const count = typeof set?.count === "number" ? set.count : 1;
    return listValue(set?.volumeClaimTemplates).map((claim) =>
      claimCharge(recordValue(recordValue(claim)?.spec), { name: "Elasticsearch", count, defaultClass }),
    );
  });
}
