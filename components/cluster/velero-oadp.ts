import { monitoredNamespace } from "../../cluster-objects/monitored-namespace";
import { OADP_NAMESPACE } from "../../config/velero/oadp";
import type * as pulumi from "@pulumi/pulumi";
import { CREDENTIALS } from "../../cluster-objects/velero/names";
import { NO_DEFAULT_SELECTOR } from "../../cluster-objects/velero/node-agent";
import { DATA_PROTECTION, dataProtectionApplication, OADP_TOKEN, veleroRoleSecret } from "../../cluster-objects/velero/oadp";
import { veleroCredentialsRequest } from "../../cluster-objects/velero/storage";
import { roleCredentials } from "../../ignition/cloud-roles";
import { readyWhenField } from "./cluster-api";
import type { VeleroRunArgs, VeleroRuntime } from "./velero-parts";

export interface OadpArgs extends VeleroRunArgs {
  /** The resource that exists when the operator runs. */
  readonly operator: pulumi.Resource;
}

/**
 * Runs Velero on OpenShift. The operator OADP creates the server and the location from a DataProtectionApplication. The operator's entry in
 * `operators` has installed the namespace and Velero's CRDs, so these stay on delete.
 */
export function runOadp({ settings, storage, region, parts, operator, infraRoles = [] }: OadpArgs): VeleroRuntime {
  const { namespace, oadp, snapshots, placement, repositoryPassword } = settings;
  const monitored = parts.patch("namespace", monitoredNamespace(OADP_NAMESPACE, repositoryPassword && NO_DEFAULT_SELECTOR), [operator]);
  // Runs on delete, after the DataProtectionApplication is deleted. It waits until the garbage collector has then deleted the server.
  const removal = parts.command("removal", "velero-removal", { delete: { namespace, keepsKinds: true } }, [operator, monitored]);
  const { roleArn, statements, bucket } = storage;
  const names = { name: "okd-aws-velero", secret: CREDENTIALS.secret, namespace };
  // For kopia Velero asks STS without the region of the location (vmware-tanzu/velero, `pkg/repository/config/aws.go`: GetS3Credentials,
  // release-1.14 to release-1.18), so the file has the region.
  const credentials =
    roleArn === undefined
      ? parts.object("credentials", readyWhenField(".status.provisioned", veleroCredentialsRequest(names, statements)), [removal])
      : parts.object("credentials", veleroRoleSecret(roleArn.apply((arn) => roleCredentials({ tokenPath: OADP_TOKEN }, arn, region))), [
          removal,
        ]);
  const location = { bucket, region, ...(roleArn === undefined && { credentials: CREDENTIALS }) };
  const server = parts.object("data-protection", dataProtectionApplication(settings, location), [
    removal,
    credentials,
    ...parts.monitoring(monitored),
    ...parts.repositories([removal]),
    ...(placement ? infraRoles : []),
  ]);
  const request = { namespace, name: DATA_PROTECTION };
  // The wait runs again for a new version of the operator, which creates the server again or refuses the DataProtectionApplication.
  const nodeAgent = repositoryPassword !== undefined;
  const triggers = [
    JSON.stringify({ version: oadp?.version ?? null, snapshots, placement: placement ?? null, ...(nodeAgent && { nodeAgent }) }),
  ];
  const ready = parts.command("ready", "velero-oadp", { create: request, triggers }, [server]);
  return { removal, ready: [ready] };
}
