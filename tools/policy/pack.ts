import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigurationError } from "../../config/configuration-error";
import { parseConfiguration } from "../../config/parse";
import { withScratchDirectory } from "../../lib/scratch-directory";
import { type PackSettings, packSettings } from "./settings";

/** The Pulumi engine's options for policy packs. */
export interface PackOptions {
  readonly policyPacks?: string[];
  readonly policyPackConfigs?: string[];
}

/**
 * Runs an operation of the Pulumi engine with the project's policy pack, the directory `policy` next to Pulumi.yaml; without a pack if there is none.
 *
 * @param configuration values by key, as the Pulumi engine returns them.
 */
export async function withPack<Result>(
  workDir: string,
  configuration: Readonly<Record<string, unknown>>,
  operation: (options: PackOptions) => Promise<Result>,
): Promise<Result> {
  const pack = packOf(workDir);
  if (pack === undefined) return operation({});
  const settings = settingsOf(configuration);
  if (settings === undefined) return operation({ policyPacks: [pack] });
  return withScratchDirectory("policy", (directory) => {
    const file = join(directory, "settings.json");
    writeFileSync(file, JSON.stringify(settings), { mode: 0o600 });
    return operation({ policyPacks: [pack], policyPackConfigs: [file] });
  });
}

/** Directory of the project's policy pack; undefined if it has none. */
export function packOf(workDir: string): string | undefined {
  const pack = join(workDir, "policy");
  return existsSync(join(pack, "PulumiPolicy.yaml")) ? pack : undefined;
}

/** A stack's settings; undefined for a configuration with errors, which the program itself reports before it declares anything. */
function settingsOf(configuration: Readonly<Record<string, unknown>>): PackSettings | undefined {
  try {
    return packSettings(parseConfiguration(configuration));
  } catch (error) {
    if (error instanceof ConfigurationError) return undefined;
    throw error;
  }
}
