import { type ImageRegistrySettings, REGISTRY_REPLICAS } from "../../config/storage/settings";
import type { ApiObject } from "../object";

/**
 * The patch of the image registry's `Config cluster` with every configured field; undefined if nothing is configured. `replicas` is always
 * set, because the object requires it.
 */
export function imageRegistrySettings({ managementState, replicas, bucket }: ImageRegistrySettings): ApiObject | undefined {
  if (managementState === undefined && replicas === undefined && bucket === undefined) return undefined;
  const spec = {
    ...(managementState !== undefined && { managementState }),
    replicas: replicas ?? REGISTRY_REPLICAS,
    ...(bucket && {
      storage: {
        // The operator must not delete a bucket that it has not created.
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
  return { apiVersion: "imageregistry.operator.openshift.io/v1", kind: "Config", metadata: { name: "cluster" }, spec };
}

/** Schedule of the image pruner; other fields of `ImagePruner cluster` stay unchanged. */
export function imagePruner(schedule: string): ApiObject {
  return { apiVersion: "imageregistry.operator.openshift.io/v1", kind: "ImagePruner", metadata: { name: "cluster" }, spec: { schedule } };
}
