import type * as pulumi from "@pulumi/pulumi";
import { VELERO_DEFINITIONS } from "../../cluster-objects/velero/definitions";
import { CREDENTIALS } from "../../cluster-objects/velero/names";
import { maintenanceConfig, nodeAgentConfig, nodeAgentDaemonSet } from "../../cluster-objects/velero/node-agent";
import { veleroAccount, veleroDeployment, veleroNamespace } from "../../cluster-objects/velero/server";
import { ownLocation, veleroCredentialsRequest } from "../../cluster-objects/velero/storage";
import { tokenAudiences } from "../../ignition/token-issuer";
import { readyWhenField } from "./cluster-api";
import type { VeleroRunArgs, VeleroRuntime } from "./velero-parts";

/** Runs Velero on OKD, without an operator: declares its CRDs, namespace, server, AWS credentials and location. */
export function runVelero(args: VeleroRunArgs): VeleroRuntime {
  const { settings, storage, region, parts } = args;
  const { namespace } = settings;
  const kinds = VELERO_DEFINITIONS.map((definition) => parts.object(definition.metadata.name.split(".")[0], definition));
  const declared = parts.object("namespace", veleroNamespace(settings));
  // Runs on delete, after the server is deleted and before the CRDs and the namespace are deleted.
  const removal = parts.command("removal", "velero-removal", { delete: { namespace, keepsKinds: false } }, [...kinds, declared]);
  const servers = serversOf(args, [removal, ...parts.monitoring(declared)]);
  const location = parts.object("location", ownLocation({ bucket: storage.bucket, region }, namespace), [removal]);
  return { removal, ready: [...servers, location] };
}

/** The Deployment, with its account and its AWS credentials, and the node agent. */
function serversOf(
  { settings, region, infraRoles = [], parts, storage: { statements, roleArn } }: VeleroRunArgs,
  after: readonly pulumi.Resource[],
): pulumi.CustomResource[] {
  const { account, binding } = veleroAccount();
  const needed = [parts.object("account", account, after), parts.object("binding", binding)];
  if (roleArn === undefined) {
    const names = { name: "okd-aws-velero", secret: CREDENTIALS.secret, namespace: settings.namespace };
    // If the cloud credential operator refuses, this CredentialsRequest fails, and its conditions have the reason. Otherwise the server would
    // fail, without the reason.
    needed.push(parts.object("credentials", readyWhenField(".status.provisioned", veleroCredentialsRequest(names, statements)), after));
  }
  const credentials =
    roleArn === undefined
      ? { kind: "secret" as const }
      : { kind: "role" as const, arn: roleArn, audience: tokenAudiences.applications, region };
  const ready = [...after, ...needed];
  const withFiles = settings.repositoryPassword !== undefined;
  const agent = withFiles
    ? [parts.object("node-agent", nodeAgentDaemonSet(credentials), [...ready, parts.object("node-agent-config", nodeAgentConfig(), after)])]
    : [];
  const repositories = withFiles ? [...parts.repositories(after), parts.object("maintenance-config", maintenanceConfig(), after)] : [];
  const server = parts.object("server", veleroDeployment(settings, credentials), [
    ...ready,
    ...repositories,
    ...(settings.placement ? infraRoles : []),
  ]);
  return [server, ...agent];
}
