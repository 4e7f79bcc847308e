import type { RestoreArguments } from "./arguments";
import { backupTable, findVelero, listBackups } from "./backups";
import { checkRestore, restoreNamespace, type RestoreContext, restoreObject, type RestoreOutcome } from "./restore";

/** Lists the backups or restores a namespace, prints the result, and returns the exit code. */
export async function restoreResources(
  { location, restore: wanted, dryRun, json }: RestoreArguments,
  context: RestoreContext & { readonly print: (text: string) => void },
): Promise<number> {
  const { client, say, print } = context;
  const printJson = (value: object) => {
    print(`${JSON.stringify(value, undefined, 2)}\n`);
  };
  const namespace = await findVelero(client);
  if (wanted === undefined) {
    const backups = await listBackups(client, namespace, location);
    if (json) printJson({ backups });
    else print(backupTable(backups));
    return 0;
  }
  const check = await checkRestore({ ...wanted, location }, namespace, context);
  const { backup, exists, emptyVolumes } = check;
  if (backup.phase === "PartiallyFailed") say(`the backup ${backup.name} is incomplete: ${backup.errors} objects could not be backed up`);
  if (exists) say(`the namespace ${wanted.to} exists: objects that are in it stay as they are`);
  if (emptyVolumes.length > 0) say(`the volumes of these claims come back empty: ${emptyVolumes.join(", ")}`);
  if (dryRun) {
    if (json) printJson({ wouldRestore: restoreObject(wanted, namespace, Date.now()).spec, exists, emptyVolumes });
    else print(`would restore the namespace ${wanted.from} of ${backup.name} to ${wanted.to}. Nothing was changed.\n`);
    return 0;
  }
  const outcome = await restoreNamespace(wanted, check, context);
  if (json) printJson(outcome);
  else print(outcomeText(outcome, wanted.to));
  return outcome.complete ? 0 : 1;
}

function outcomeText({ restore, objects, errors, warnings, emptyVolumes, complete }: RestoreOutcome, to: string): string {
  const list = (title: string, texts: readonly string[]) => (texts.length === 0 ? [] : [`${title}:`, ...texts.map((text) => `  ${text}`)]);
  const first = complete
    ? `the namespace ${to} is restored: ${objects} objects (restore ${restore})`
    : `the namespace ${to} is not restored completely: ${objects} objects (restore ${restore})`;
  return `${[first, ...list("empty volumes", emptyVolumes), ...list("errors", errors), ...list("warnings", warnings)].join("\n")}\n`;
}
