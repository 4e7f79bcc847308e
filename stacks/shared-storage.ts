import type { CloudRole } from "../components/credentials/cloud-roles";
import type { ClusterApi } from "../components/cluster/cluster-api";
import { SharedVolumes } from "../components/cluster/shared-volumes";
import type { Configuration } from "../config/configuration";
import { minorOf } from "../config/releases/version";
import { needsEfsDriver } from "../config/storage/settings";
import { efsDriverComponents, efsDriverRequests } from "../ignition/efs-driver";
import type { Infrastructure } from "./infrastructure";

/** Declares the volumes on the cluster's file system. */
export function declareSharedVolumes(
  { platform: { sharedStorage } }: Configuration,
  { sharedFileSystem }: Pick<Infrastructure, "sharedFileSystem">,
  api: ClusterApi,
): void {
  if (sharedStorage === undefined || sharedFileSystem === undefined || sharedStorage.volumes.length === 0) return;
  const { server, mountTargets } = sharedFileSystem;
  new SharedVolumes("shared-volumes", { api, volumes: sharedStorage.volumes, server, mountTargets });
}

/**
 * Declares the IAM roles of the EFS operator and its driver. Only a cluster in manual mode needs them, and only for storage classes of type
 * efs. In the other modes the cluster itself makes the credentials.
 */
export function declareEfsDriverRoles(
  { platform, release }: Configuration,
  { cloudCredentials, infraId }: Pick<Infrastructure, "cloudCredentials" | "infraId">,
): readonly CloudRole[] {
  if (cloudCredentials === undefined || !needsEfsDriver(platform.settings.storage.classes)) return [];
  const components = efsDriverComponents(minorOf(release));
  return cloudCredentials.declareFurtherRoles({ components, requests: infraId.apply(efsDriverRequests) });
}
