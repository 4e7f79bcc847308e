import type { ImageRegistrySettings } from "../../config/platform/cluster-settings";
import type { ApiObject } from "../object";

/** Fields of the image registry's `Config cluster`, whole; undefined where none is set. */
export function imageRegistrySettings({ managementState, replicas, bucket }: ImageRegistrySettings): ApiObject | undefined {
  const spec = {
    ...(managementState !== undefined && { managementState }),
    ...(replicas !== undefined && { replicas }),
    ...(bucket && {
      storage: {
        // The operator must not take away a bucket that it hasn't made.
        managementState: "Unmanaged",
        s3: {
          bucket: bucket.name,
          region: bucket.region,
          encrypt: true,
          ...(bucket.kmsKeyArn !== undefined && { keyID: bucket.kmsKeyArn }),
        },
      },
    }),
  };
  if (Object.keys(spec).length === 0) return undefined;
  return { apiVersion: "imageregistry.operator.openshift.io/v1", kind: "Config", metadata: { name: "cluster" }, spec };
}

/** When unused images are pruned; the rest of `ImagePruner cluster` stays. */
export function imagePruner(schedule: string): ApiObject {
  return { apiVersion: "imageregistry.operator.openshift.io/v1", kind: "ImagePruner", metadata: { name: "cluster" }, spec: { schedule } };
}
