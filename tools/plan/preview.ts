import type { PackOptions } from "../policy/pack";
import type { Preview } from "../../lib/pulumi/change";

/** Options that leave out all objects in the cluster and everything that depends on them, for use when the cluster's API can't be reached. */
export const withoutCluster = ["--exclude", "**kubernetes:**", "--exclude-dependents"];

/** Command-line options for the policy pack. */
export function policyArguments({ policyPacks = [], policyPackConfigs = [] }: PackOptions): string[] {
  return [
    ...policyPacks.flatMap((pack) => ["--policy-pack", pack]),
    ...policyPackConfigs.flatMap((file) => ["--policy-pack-config", file]),
  ];
}

/** The result of a command that has ended. */
export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

/**
 * Reads the preview from the output of a command that has ended. If the command's exit code is not 0 and the JSON contains no error, an
 * error is added to the preview.
 *
 * @param what name of the command, for error messages.
 * @throws Error with Pulumi's output, if there is no preview at all.
 */
export function resultOf({ stdout, stderr, code }: CommandResult, what: string): Preview {
  const preview = readPreview(stdout, `${what} (exit code ${code ?? "none"}): ${stderr.trim()}`);
  if (code === 0 || hasErrors(preview)) return preview;
  const message = stderr.trim() || `${what} ended with exit code ${code ?? "none"}`;
  return { ...preview, diagnostics: [...(preview.diagnostics ?? []), { severity: "error", message }] };
}

/**
 * Reads the output of `pulumi preview --json`.
 *
 * @param origin name of the source, for error messages.
 */
export function readPreview(text: string, origin: string): Preview {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch (error) {
    throw new Error(`${origin}\nThis is not the output of pulumi preview --json`, { cause: error });
  }
  const { steps, diagnostics } = (read ?? {}) as { readonly steps?: unknown; readonly diagnostics?: unknown };
  if (!Array.isArray(steps) && !Array.isArray(diagnostics))
    throw new Error(`${origin}\nThis is not the output of pulumi preview --json: it has no steps`);
  return read as Preview;
}

/** Whether a preview has errors, so that it can't be applied. */
export function hasErrors({ diagnostics = [] }: Preview): boolean {
  return diagnostics.some(({ severity }) => severity === "error");
}
