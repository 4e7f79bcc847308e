import { OWN_LOCATION } from "../../config/velero/fields";
import { OADP_NAMESPACE } from "../../config/velero/oadp";
import { NODE_AGENT_REQUESTS, VELERO_REQUESTS, type VeleroConfiguration } from "../../config/velero/settings";
import { resourceRequests } from "../../config/capacity/demand";
import type { ApiObject } from "../object";
import { placementFields } from "../tolerations";
import { EVERY_NODE } from "./node-agent";
import { ROLE_CREDENTIALS, VELERO_LIMITS } from "./names";
import { type BackupBucket, locationSpec } from "./storage";

/** Name of the DataProtectionApplication. OADP refuses a second one in its namespace (openshift/oadp-operator, `internal/controller/validator.go`, oadp-1.5). */
export const DATA_PROTECTION = "okd-aws";

/** The file in which OADP mounts the token of Velero's service account, with the audience `openshift` (openshift/oadp-operator, `internal/controller/velero.go`, oadp-1.5). */
export const OADP_TOKEN = "/var/run/secrets/openshift/serviceaccount/token";

/**
 * Deletes the object in the background. OADP continues to reconcile an object that is being deleted, and creates its deleted dependents
 * again (openshift/oadp-operator, `internal/controller/dataprotectionapplication_controller.go`: Reconcile, and `predicate.go`, oadp-1.5).
 * With deletion in the foreground, the provider's default (pulumi/pulumi-kubernetes, `provider/pkg/metadata/overrides.go`:
 * DeletionPropagation), the object stays as long as it has dependents, so the deletion might never end.
 */
const DELETED_IN_BACKGROUND = { "pulumi.com/deletionPropagationPolicy": "background" };

/**
 * The object that makes OADP run Velero with the plugins for AWS, for OpenShift and, if snapshots are configured, for CSI, and the node agent
 * if the repositories have a password. The object contains the location of the cluster's own backups (openshift/oadp-operator, `api/v1alpha1/dataprotectionapplication_types.go`, oadp-1.4 and
 * oadp-1.5). Images are not backed up: for images OADP would require a prefix in the bucket, and a registry with access to the location's
 * Secret.
 */
export function dataProtectionApplication(
  { snapshots, placement, repositoryPassword }: Pick<VeleroConfiguration, "snapshots" | "placement" | "repositoryPassword">,
  location: BackupBucket,
): ApiObject {
  const podConfig = {
    resourceAllocations: { requests: resourceRequests(VELERO_REQUESTS), limits: VELERO_LIMITS },
    ...(placement && placementFields(placement)),
  };
  const nodeAgent = {
    enable: true,
    uploaderType: "kopia",
    podConfig: { resourceAllocations: { requests: resourceRequests(NODE_AGENT_REQUESTS) }, tolerations: EVERY_NODE },
  };
  return {
    apiVersion: "oadp.openshift.io/v1alpha1",
    kind: "DataProtectionApplication",
    metadata: { name: DATA_PROTECTION, namespace: OADP_NAMESPACE, annotations: DELETED_IN_BACKGROUND },
    spec: {
      backupImages: false,
      configuration: {
        velero: { defaultPlugins: ["aws", "openshift", ...(snapshots ? ["csi"] : [])], podConfig },
        ...(repositoryPassword && { nodeAgent }),
      },
      backupLocations: [{ name: OWN_LOCATION, velero: locationSpec(location, "ReadWrite") }],
    },
  };
}

/**
 * The Secret that names Velero's role, for credentials mode manual. OADP mounts it for every location without its own Secret. The Secret's
 * content is not secret.
 *
 * @param file an AWS configuration file, or an output with one
 */
export function veleroRoleSecret(file: unknown): ApiObject {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: ROLE_CREDENTIALS.secret, namespace: OADP_NAMESPACE },
    type: "Opaque",
    stringData: { [ROLE_CREDENTIALS.key]: file },
  };
}
