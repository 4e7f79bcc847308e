import type { PackOptions } from "../policy/pack";
import type { Preview } from "./change";

/** Leaves out everything in the cluster, by its resources' names; what hangs on it goes with it. For where its API can't be reached. */
export const withoutCluster = ["--exclude", "**kubernetes:**", "--exclude-dependents"];

/** The policy pack, for the command line. */
export function policyArguments({ policyPacks = [], policyPackConfigs = [] }: PackOptions): string[] {
  return [
    ...policyPacks.flatMap((pack) => ["--policy-pack", pack]),
    ...policyPackConfigs.flatMap((file) => ["--policy-pack-config", file]),
  ];
}

/** A command that has ended. */
export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

/**
 * The preview of a command that has ended. One with a bad exit code has failed, though its JSON has no error.
 *
 * @param what names the command, in an error.
 * @throws Error with what Pulumi printed, when there is no preview at all.
 */
export function resultOf({ stdout, stderr, code }: Ended, what: string): Preview {
  const preview = readPreview(stdout, `${what} (exit code ${code ?? "none"}): ${stderr.trim()}`);
  if (code === 0 || failed(preview)) return preview;
  const message = stderr.trim() || `${what} ended with exit code ${code ?? "none"}`;
  return { ...preview, diagnostics: [...(preview.diagnostics ?? []), { severity: "error", message }] };
}

/**
 * Reads what `pulumi preview --json` printed.
 *
 * @param origin says where it is from, in an error.
 */
export function readPreview(text: string, origin: string): Preview {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch (error) {
    throw new Error(`${origin}\nThis is no output of pulumi preview --json`, { cause: error });
  }
  const { steps, diagnostics } = (read ?? {}) as { readonly steps?: unknown; readonly diagnostics?: unknown };
  if (!Array.isArray(steps) && !Array.isArray(diagnostics))
    throw new Error(`${origin}\nThis is no output of pulumi preview --json: it has no steps`);
  return read as Preview;
}

/** Whether a preview ended with errors, so that there is nothing that could be applied. */
export function failed({ diagnostics = [] }: Preview): boolean {
  return diagnostics.some(({ severity }) => severity === "error");
}
