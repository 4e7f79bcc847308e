import * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "../config/configuration";
import { parseConfiguration } from "../config/parse";

/** Exported by the SDK, but missing in its typings (pulumi/pulumi, `sdk/nodejs/runtime/config.ts`). */
const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret: (key: string) => boolean };

/**
 * The configuration of the current stack.
 *
 * @throws ConfigurationError with everything that is wrong with it.
 */
export function readConfiguration(): Configuration {
  return parseConfiguration(pulumi.runtime.allConfig(), { isSecret: isConfigSecret });
}
