import * as pulumi from "@pulumi/pulumi";
import { forStack } from "../config/configuration-error";
import { withoutInvisible } from "../config/invisible";
import type { Warning } from "../config/warning";

/** Shows warnings in the preview or update that runs. They change neither the plan nor the exit code. */
export function showWarnings(warnings: readonly Warning[]): void {
  for (const { key, text, fix } of warnings)
    void pulumi.log.warn(`${key}: ${withoutInvisible(text)}\nfix: ${withoutInvisible(forStack(fix, pulumi.getStack()))}`);
}
