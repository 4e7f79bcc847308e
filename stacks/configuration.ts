import * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "../config/configuration";
import { checkConfiguration } from "../config/parse";
import { showWarnings } from "./warnings";

/** The SDK exports this function, but its type declarations lack it (pulumi/pulumi, `sdk/nodejs/runtime/config.ts`). */
const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret: (key: string) => boolean };

/**
 * Reads the current stack's configuration. Its warnings appear in the output of the preview or update.
 *
 * @throws ConfigurationError with all problems of the configuration.
 */
export function readStackConfiguration(): Configuration {
  const { configuration, warnings } = checkConfiguration(pulumi.runtime.allConfig(), {
    isSecret: isConfigSecret,
    stack: pulumi.getStack(),
  });
  showWarnings(warnings);
  return configuration;
}
