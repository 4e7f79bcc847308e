import type { Settings } from "../schema";
import { withoutEmpty } from "../without-empty";

/**
 * Default number of pods of the image registry on AWS (openshift/cluster-image-registry-operator, `pkg/operator/bootstrap.go`).
 */
export const REGISTRY_REPLICAS = 2;

export interface ImageRegistrySettings {
  readonly managementState?: string;
  readonly replicas?: number;
  readonly bucket?: { readonly name: string; readonly region: string; readonly kmsKeyArn?: string };
}

export interface StorageSettings {
  readonly classes: Settings["storageClasses"];
  /** KMS key for storage classes without their own key. */
  readonly kmsKeyArn?: string;
}

/** Whether a class needs the driver of the AWS EFS CSI operator. */
export function needsEfsDriver(classes: readonly { readonly type: string }[]): boolean {
  return classes.some(({ type }) => type === "efs");
}

/** @param region region of the cluster and of the bucket */
export function imageRegistry(settings: Settings, region: string): ImageRegistrySettings {
  const { imageRegistryReplicas: replicas, imageRegistryBucket: bucket } = settings;
  return {
    ...withoutEmpty({ managementState: settings.imageRegistryState }),
    ...(replicas > 0 && { replicas }),
    ...(bucket !== "" && { bucket: { name: bucket, region, ...withoutEmpty({ kmsKeyArn: settings.imageRegistryKmsKeyArn }) } }),
  };
}

export function storage(settings: Settings): StorageSettings {
  return { classes: settings.storageClasses, ...withoutEmpty({ kmsKeyArn: settings.volumeKmsKeyArn }) };
}
