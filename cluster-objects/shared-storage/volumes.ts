import type { SharedVolume } from "../../config/efs/settings";
import type { ApiObject } from "../object";

/**
 * Mount options that AWS recommends on Linux (EFS user guide, "Recommended NFS mount settings"). `_netdev` is left out, because it applies
 * only to /etc/fstab.
 */
const MOUNT_OPTIONS = ["nfsvers=4.1", "rsize=1048576", "wsize=1048576", "hard", "timeo=600", "retrans=2", "noresvport"];

/**
 * Empty, so that neither the volume nor the claim belongs to a storage class. For a claim without the field, the API server sets the
 * default class, and then the claim would not match the volume (kubernetes/website,
 * `content/en/docs/concepts/storage/persistent-volumes.md`, main).
 */
const NO_CLASS = "";

/** Any number of pods on any nodes may read and write. */
const ACCESS_MODES = ["ReadWriteMany"];

/**
 * A volume that the kubelet mounts with its own NFS client. It is reserved for its claim, and its data stays when the claim is deleted.
 *
 * @param server host name of the file system: a string or an output
 */
export function nfsVolume({ name, path, size, claim }: SharedVolume, server: unknown): ApiObject {
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name },
    spec: {
      capacity: { storage: size },
      accessModes: ACCESS_MODES,
      persistentVolumeReclaimPolicy: "Retain",
      storageClassName: NO_CLASS,
      mountOptions: MOUNT_OPTIONS,
      claimRef: { namespace: claim.namespace, name: claim.name },
      nfs: { server, path },
    },
  };
}

/**
 * Bytes that a claim requests. A volume of any size satisfies a claim of one byte. If the claim requested the volume's size, that size could never
 * change: the API server refuses to change the storage request of a bound claim without a class (kubernetes/kubernetes,
 * `plugin/pkg/admission/storage/persistentvolume/resize/admission.go`, master: allowResize).
 */
const REQUESTED = "1";

/** The claim of a volume. */
export function volumeClaim({ name, claim }: SharedVolume): ApiObject {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: claim.name, namespace: claim.namespace },
    spec: { accessModes: ACCESS_MODES, storageClassName: NO_CLASS, volumeName: name, resources: { requests: { storage: REQUESTED } } },
  };
}
