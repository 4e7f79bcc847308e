import { spawn } from "node:child_process";
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

/**
 * Runs `pulumi preview --json`, with the credentials that are there. A preview that ends with errors is one, too: they are in it.
 *
 * @param options further ones of the command
 * @throws Error with what Pulumi printed, when there is no preview at all.
 */
export async function previewOf(stack: string, workDir: string, options: readonly string[] = []): Promise<Preview> {
  const args = ["preview", "--json", "--stack", stack, "--non-interactive", "--color", "never", ...options];
  const child = spawn("pulumi", args, { cwd: workDir, stdio: ["ignore", "pipe", "pipe"] });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) child[name].setEncoding("utf8").on("data", (text: string) => (output[name] += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return resultOf({ ...output, code }, "pulumi preview");
}

/**
 * The preview of a command that has ended. One with a bad exit code has failed, though its JSON has no error.
 *
 * @param what names the command, in an error.
 * @throws Error with what Pulumi printed, when there is no preview at all.
 */
export function resultOf(
  { stdout, stderr, code }: { readonly stdout: string; readonly stderr: string; readonly code: number | null },
  what: string,
): Preview {
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
