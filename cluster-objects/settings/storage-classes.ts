import { needsEfsDriver, type StorageSettings } from "../../config/storage/settings";
import type { ApiObject } from "../object";

type Class = StorageSettings["classes"][number];

/** Annotation of the default class, with the value "true". */
export const IS_DEFAULT = "storageclass.kubernetes.io/is-default-class";

/** Defaults for classes that leave a field out. */
export interface StorageClassDefaults {
  /** KMS key of EBS volumes. */
  readonly kmsKeyArn?: string | undefined;
  /** ID of the cluster's EFS file system: a string or an output. */
  readonly fileSystemId?: unknown;
}

/** A storage class for volumes of the driver that the settings name. */
export function storageClass(settings: Class, defaults: StorageClassDefaults): ApiObject {
  return {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: settings.name, annotations: { [IS_DEFAULT]: String(settings.default === true) } },
    reclaimPolicy: settings.reclaimPolicy ?? "Delete",
    ...driver(settings, defaults),
  };
}

/** Makes the installer's class non-default if the configuration has a default class: of two default classes the newer one would win. */
export function installerStorageClass(classes: readonly Class[]): ApiObject | undefined {
  if (!classes.some((each) => each.default === true)) return undefined;
  return {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: "gp3-csi", annotations: { [IS_DEFAULT]: "false" } },
  };
}

/** Sets the KMS key with which the EBS operator's own classes encrypt volumes. */
export function ebsDriver(kmsKeyARN: string): ApiObject {
  return {
    apiVersion: "operator.openshift.io/v1",
    kind: "ClusterCSIDriver",
    metadata: { name: "ebs.csi.aws.com" },
    spec: { driverConfig: { driverType: "AWS", aws: { kmsKeyARN } } },
  };
}

/** Makes the EFS operator deploy its driver, if a class needs it. The operator itself comes from a catalog. */
export function efsDriver(classes: readonly Class[]): ApiObject | undefined {
  if (!needsEfsDriver(classes)) return undefined;
  return {
    apiVersion: "operator.openshift.io/v1",
    kind: "ClusterCSIDriver",
    metadata: { name: "efs.csi.aws.com" },
    spec: { managementState: "Managed" },
  };
}

function driver(settings: Class, { kmsKeyArn, fileSystemId }: StorageClassDefaults): object {
  switch (settings.type) {
    case "ebs": {
      const key = settings.kmsKeyArn ?? kmsKeyArn;
      return {
        provisioner: "ebs.csi.aws.com",
        allowVolumeExpansion: true,
        // The volume must be created in the zone of the pod that uses it.
        volumeBindingMode: "WaitForFirstConsumer",
        parameters: {
          type: "gp3",
          encrypted: "true",
          "csi.storage.k8s.io/fstype": settings.fileSystem ?? "ext4",
          ...(key !== undefined && { kmsKeyId: key }),
          ...(settings.iops !== undefined && { iops: String(settings.iops) }),
          ...(settings.throughput !== undefined && { throughput: String(settings.throughput) }),
        },
      };
    }
    case "efs":
      return {
        provisioner: "efs.csi.aws.com",
        volumeBindingMode: "Immediate",
        parameters: {
          provisioningMode: "efs-ap",
          fileSystemId: settings.fileSystemId ?? fileSystemId,
          directoryPerms: settings.directoryPerms ?? "700",
          basePath: "/dynamic_provisioning",
          ...(settings.gidRangeStart !== undefined && { gidRangeStart: String(settings.gidRangeStart) }),
          ...(settings.gidRangeEnd !== undefined && { gidRangeEnd: String(settings.gidRangeEnd) }),
        },
        mountOptions: ["tls"],
      };
    case "nfs":
      return {
        provisioner: "nfs.csi.k8s.io",
        volumeBindingMode: "Immediate",
        parameters: { server: settings.server, share: settings.share },
        ...(settings.mountOptions && { mountOptions: settings.mountOptions }),
      };
  }
}
