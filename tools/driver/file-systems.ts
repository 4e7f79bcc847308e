import { removeCommand, setCommand } from "../../config/problem";
import { forStack } from "../../config/configuration-error";

/** The parts of a resource in the state that decide what a destroy does to it. */
export interface DestroyedResource {
  readonly type: string;
  readonly id?: string;
  /** Whether the resource stays in AWS. */
  readonly retainOnDelete?: boolean;
}

const FILE_SYSTEM = "aws:efs/fileSystem:FileSystem";

/** IDs of the EFS file systems that a destroy deletes with all data. */
export function deletedFileSystems(resources: readonly DestroyedResource[]): string[] {
  return resources.flatMap(({ type, id, retainOnDelete }) =>
    type === FILE_SYSTEM && id !== undefined && retainOnDelete !== true ? [id] : [],
  );
}

/**
 * The reason why a stack must not be rebuilt: the old file system stays in AWS with the data, but the rebuilt cluster would get a new,
 * empty file system, and applications would start with the empty one. Undefined if the configuration names the file system for the rebuilt
 * cluster.
 */
export function lostFileSystem(
  resources: readonly DestroyedResource[],
  { stack, efsFileSystemId }: { readonly stack: string; readonly efsFileSystemId: string | undefined },
): string | undefined {
  const kept = resources.find(({ type, retainOnDelete }) => type === FILE_SYSTEM && retainOnDelete === true)?.id;
  if (kept === undefined || (efsFileSystemId ?? "") !== "") return undefined;
  return [
    `the file system ${kept} would stay in AWS with its data, and the rebuilt cluster would get a new, empty one.`,
    `To use ${kept} again: ${forStack(`${removeCommand("efsFileSystem")}, then ${setCommand("efsFileSystemId", kept)}`, stack)}; then run the same command again.`,
    `To start with an empty one: make destroy, then make up.`,
  ].join("\n");
}
