import * as pulumi from "@pulumi/pulumi";
import type { Naming } from "../../components/naming";
import type { SharedFileSystem } from "../../components/storage/shared-file-system";
import type { Configuration } from "../../config/configuration";
import { ConfigurationError, type ConfigurationProblem } from "../../config/configuration-error";
import type { NewFileSystem } from "../../config/efs/settings";
import { removeCommand, setCommand } from "../../config/problem";
import { valueIfKnown } from "../../lib/pulumi/known-value";
import { askEfs, findFileSystem } from "./efs";

/**
 * Refuses a preview that would create a file system although AWS has one with its creation token: the update would fail with FileSystemAlreadyExists
 * (EFS API reference, CreateFileSystem). This happens in two cases: the stack no longer manages a file system that was kept in AWS
 * (efsKeepFileSystem), or a setting changed that AWS can't change, so that Pulumi wants to replace the file system.
 *
 * Nothing is checked if the preview knows the file system's ID, because the file system is in the state and is not replaced, or if it does not know
 * the token, because the cluster is new.
 *
 * @throws ConfigurationError that names the existing file system and the fix
 */
export async function refuseExistingCreationToken(
  { region, platform: { sharedStorage } }: Configuration,
  naming: Naming,
  sharedFileSystem: SharedFileSystem | undefined,
): Promise<void> {
  const created = sharedFileSystem?.created;
  if (!pulumi.runtime.isDryRun() || created === undefined || sharedStorage?.fileSystem.kind !== "new") return;
  const [id, token] = await Promise.all([valueIfKnown(created.id), valueIfKnown(naming.name("efs"))]);
  if (id !== undefined || token === undefined) return;
  const found = await askEfs(region, (client) => findFileSystem(client, { CreationToken: token }));
  if (found !== undefined) throw new ConfigurationError([secondFileSystemProblem(found, sharedStorage.fileSystem)], pulumi.getStack());
}

/** The parts of AWS's description that the message depends on. */
type FoundFileSystem = { readonly [Part in "FileSystemId" | "KmsKeyId" | "PerformanceMode"]?: string };

/** The problem that a file system with the cluster's creation token exists: its settings differ, or it is not in the state. */
export function secondFileSystemProblem(
  { FileSystemId: id = "", KmsKeyId: key = "", PerformanceMode: mode = "" }: FoundFileSystem,
  settings: Pick<NewFileSystem, "kmsKeyArn" | "kmsKeyIsShared" | "performanceMode">,
): ConfigurationProblem {
  if (!settings.kmsKeyIsShared && settings.kmsKeyArn !== key)
    return {
      key: "efsKmsKeyArn",
      wrong: `is not the key of the cluster's file system ${id}, which AWS can't change`,
      value: settings.kmsKeyArn ?? "",
      allowed: key,
      fix: setCommand("efsKmsKeyArn", key),
    };
  if (settings.performanceMode !== mode)
    return {
      key: "efsPerformanceMode",
      wrong: `is not the mode of the cluster's file system ${id}, which AWS can't change`,
      value: settings.performanceMode,
      allowed: mode,
      fix: setCommand("efsPerformanceMode", mode),
    };
  return {
    key: "efsFileSystem",
    wrong: `is true, but the cluster's file system ${id} exists in AWS and not in the stack's state`,
    value: "true",
    allowed: `efsFileSystemId ${id}, or a new file system after ${id} is deleted`,
    fix: `${removeCommand("efsFileSystem")}, then ${setCommand("efsFileSystemId", id)}; after an interrupted update use make recover instead`,
  };
}
