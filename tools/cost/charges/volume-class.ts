/**
 * The volume type of each storage class that every cluster on AWS has (openshift/csi-operator,
 * `assets/overlays/aws-ebs/generated/standalone`, release-4.19).
 */
const CLASSES: ReadonlyMap<string, "gp2" | "gp3"> = new Map([
  ["gp3-csi", "gp3"],
  ["gp2-csi", "gp2"],
]);

/** The type of the volumes of a storage class; undefined if it is not one of the cluster's own classes. */
export function volumeTypeOf(storageClass: string): "gp2" | "gp3" | undefined {
  return CLASSES.get(storageClass);
}
