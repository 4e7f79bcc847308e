import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { configurationChanges, type ConfigurationChange } from "../../tools/plan/configuration-changes";
import { valuesOfStackFile } from "../../tools/plan/stack-file";

/** The configuration keys in which a stack's file differs between two copies of the project. */
export function configurationBetween(base: string, head: string, stack: string): ConfigurationChange[] {
  const values = (directory: string) => {
    const file = join(directory, `Pulumi.${stack}.yaml`);
    return valuesOfStackFile(existsSync(file) ? readFileSync(file, "utf8") : undefined);
  };
  return configurationChanges(values(base), values(head));
}
