import type { ImageRegistrySettings } from "../../config/platform/cluster-settings";
import { REGISTRY_REPLICAS } from "../../config/platform/infra-nodes";
import type { ApiObject } from "../object";

/** Fields of the image registry's `Config cluster`, whole; undefined where none is set. The number of instances it can't be without. */
export function imageRegistrySettings({ managementState, replicas, bucket }: ImageRegistrySettings): ApiObject | undefined {
  if (managementState === undefined && replicas === undefined && bucket === undefined) return undefined;
  const spec = {
    ...(managementState !== undefined && { managementState }),
    replicas: replicas ?? REGISTRY_REPLICAS,
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
  return { apiVersion: "imageregistry.operator.openshift.io/v1", kind: "Config", metadata: { name: "cluster" }, spec };
}

/** When unused images are pruned; the rest of `ImagePruner cluster` stays. */
export function imagePruner(schedule: string): ApiObject {
  return { apiVersion: "imageregistry.operator.openshift.io/v1", kind: "ImagePruner", metadata: { name: "cluster" }, spec: { schedule } };
}
