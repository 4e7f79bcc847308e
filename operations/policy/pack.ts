import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigurationError } from "../../config/configuration-error";
import { parseConfiguration } from "../../config/parse";
import { withScratchDirectory } from "../scratch-directory";
import { type PackSettings, packSettings } from "./settings";

/** How the engine is told of packs. */
export interface PackOptions {
  readonly policyPacks?: string[];
  readonly policyPackConfigs?: string[];
}

/**
 * Runs an operation of the engine with the project's policy pack, the directory `policy` beside Pulumi.yaml; without one where there is none.
 *
 * @param configuration texts by key, as the engine has them.
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

/** The project's policy pack, if it has one. */
export function packOf(workDir: string): string | undefined {
  const pack = join(workDir, "policy");
  return existsSync(join(pack, "PulumiPolicy.yaml")) ? pack : undefined;
}

/** A stack's settings; none for a configuration with errors, which the program itself reports before it declares anything. */
function settingsOf(configuration: Readonly<Record<string, unknown>>): PackSettings | undefined {
  try {
    return packSettings(parseConfiguration(configuration));
  } catch (error) {
    if (error instanceof ConfigurationError) return undefined;
    throw error;
  }
}
