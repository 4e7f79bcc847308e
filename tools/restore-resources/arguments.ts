import { parseArgs } from "node:util";
import { tenantNamespaceProblem } from "../../config/access-control/fields";
import { isDnsLabel } from "../../config/object-name";
import { OWN_LOCATION } from "../../config/velero/fields";
import { VELERO_NAMESPACES } from "../../config/velero/settings";

export const usage = `Restores a namespace from a backup of the cluster's objects, or lists the backups.

  make restore-resources STACK=<stack>                                          lists the backups
  make restore-resources STACK=<stack> BACKUP=<backup> NAMESPACE=<namespace>    restores the namespace

or npx tsx tools/restore-resources/cli.ts --stack <stack>
  --backup <backup>          the backup
  --namespace <namespace>    the namespace in the backup
  --to <namespace>           restores it under another name (TO=<namespace>)
  --location <location>      a location of veleroReadOnlyLocations, with the backups of another cluster (LOCATION=<location>)
  --empty-volumes            goes on although volumes come back empty, because the backup lacks their content (EMPTY_VOLUMES=1)
  --dry-run                  checks everything and restores nothing (DRY_RUN=1)
  --json                     prints the result as JSON

Objects that exist in the cluster stay as they are. Uses the stack's kubeconfig.
Exit code 0: listed, or restored completely; 1: refused, failed, or not restored completely; 2: wrong arguments.
`;

/** The arguments of the command line. */
export interface RestoreArguments {
  readonly stack: string;
  /** Name of the BackupStorageLocation with the backups. */
  readonly location: string;
  /** The namespace to restore; undefined if the command only lists the backups. */
  readonly restore?: NamespaceRestore;
  readonly dryRun: boolean;
  readonly json: boolean;
}

/** A namespace in a backup, and the namespace to which it is restored. */
export interface NamespaceRestore {
  readonly backup: string;
  readonly from: string;
  readonly to: string;
  /** Whether the restore continues even if volumes would be restored empty. */
  readonly emptyVolumes: boolean;
}

/** Reads the arguments; returns an error message if they are wrong. */
export function readArguments(args: readonly string[]): RestoreArguments | string {
  const word = { type: "string", default: "" } as const;
  const flag = { type: "boolean", default: false } as const;
  try {
    const where = { type: "string", default: OWN_LOCATION } as const;
    const options = {
      stack: word,
      location: where,
      backup: word,
      namespace: word,
      to: word,
      "dry-run": flag,
      "empty-volumes": flag,
      json: flag,
    };
    const { values } = parseArgs({ args: [...args], options });
    const { stack, location, backup, namespace, json, "dry-run": dryRun } = values;
    if (stack === "") return "the stack is missing: add STACK=<stack> (--stack <stack>)";
    if (backup === "" && namespace === "" && values.to === "") return { stack, location, dryRun, json };
    if (backup === "") return "the backup is missing: add BACKUP=<backup> (--backup <backup>); without NAMESPACE the backups are listed";
    if (namespace === "") return "the namespace is missing: add NAMESPACE=<namespace> (--namespace <namespace>)";
    // Velero would match several namespaces with a pattern, and would not rename them.
    if (!isDnsLabel(namespace)) return `the namespace ${namespace} is not a name of a namespace; patterns are not allowed`;
    const to = values.to || namespace;
    if ((VELERO_NAMESPACES as readonly string[]).includes(to))
      return "the namespace to restore to is Velero's own; allowed: another namespace";
    const problem = tenantNamespaceProblem(to);
    if (problem !== undefined)
      return `the namespace to restore to ${problem.wrong}${problem.allowed === undefined ? "" : `; allowed: ${problem.allowed}`}`;
    return { stack, location, restore: { backup, from: namespace, to, emptyVolumes: values["empty-volumes"] }, dryRun, json };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
