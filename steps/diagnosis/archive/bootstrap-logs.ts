import { spawn } from "node:child_process";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join, relative } from "node:path";
import { extract } from "tar";
import { withScratchDirectory } from "../../../lib/scratch-directory";
import { reasonOf } from "../../../lib/reason";
import { isPendingOrRunning, type Evidence } from "../evidence";
import { isSecretFile } from "../redact";
import type { DiagnosisTarget } from "../target";
import type { ArchiveFiles } from "./files";

/** Milliseconds after which the bootstrap instance counts as unreachable. */
const sshConnectTimeoutMs = 5_000;

/** Milliseconds for `openshift-install gather bootstrap`, which logs in to every control plane instance. */
const gatherTimeoutMs = 5 * 60_000;

/** Maximum number of bytes that are kept of a file, from its end. */
const maxFileBytes = 5_000_000;

/** Logs of the bootstrap and control plane instances from `openshift-install gather bootstrap`, or a note with the reason why there are none. */
export async function bootstrapLogs({ sshPrivateKey }: DiagnosisTarget, { machines = [] }: Evidence): Promise<ArchiveFiles> {
  const note = (text: string): ArchiveFiles => ({ "bootstrap.txt": `${text}\n` });
  const bootstrap = machines.find((machine) => machine.role === "bootstrap" && isPendingOrRunning(machine));
  if (bootstrap === undefined) return note("No bootstrap instance is running, so its logs can't be gathered.");
  const address = bootstrap.instance.PublicIpAddress ?? bootstrap.instance.PrivateIpAddress ?? "";
  const unreachable = await whyUnreachable(address);
  if (unreachable !== undefined) return note(`The bootstrap instance can't be reached on ${address}:22: ${unreachable}`);
  const masters = machines.filter((machine) => machine.role === "master" && isPendingOrRunning(machine));
  try {
    const addresses = masters.flatMap(({ instance }) => instance.PrivateIpAddress ?? []);
    return await gatherByInstaller(address, addresses, sshPrivateKey);
  } catch (error) {
    return note(`openshift-install gather bootstrap failed: ${reasonOf(error)}`);
  }
}

/**
 * Runs `openshift-install gather bootstrap` and unpacks its bundle.
 *
 * @throws Error if it fails, isn't on the PATH, or takes longer than five minutes.
 */
export async function gatherByInstaller(
  bootstrap: string,
  masters: readonly string[],
  sshPrivateKey: string | undefined,
): Promise<ArchiveFiles> {
  return withScratchDirectory("gather", async (scratch) => {
    const key = join(scratch, "key");
    if (sshPrivateKey !== undefined) await writeFile(key, sshPrivateKey, { mode: 0o600 });
    const output = await runInstaller([
      ...["gather", "bootstrap", "--skipAnalysis", "--dir", scratch, "--bootstrap", bootstrap],
      ...masters.flatMap((address) => ["--master", address]),
      ...(sshPrivateKey === undefined ? [] : ["--key", key]),
    ]);
    const bundle = (await readdir(scratch)).find((file) => /^log-bundle-.*\.tar\.gz$/.test(file));
    if (bundle === undefined) throw new Error(`openshift-install gather bootstrap wrote no bundle:\n${output}`);
    const unpacked = join(scratch, "unpacked");
    await mkdir(unpacked);
    await extract({ file: join(scratch, bundle), cwd: unpacked });
    return { "bootstrap.txt": output, ...(await filesIn(unpacked)) };
  });
}

/** The bundle's files as texts, to be searched for secrets. Files that are secrets are left out. */
async function filesIn(directory: string): Promise<ArchiveFiles> {
  const files: Record<string, string> = {};
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    const path = relative(directory, file);
    if (!entry.isFile() || isSecretFile(path)) continue;
    const { size } = await stat(file);
    const content = await readFile(file);
    files[join("bootstrap", path)] = content.subarray(Math.max(0, size - maxFileBytes)).toString("utf8");
  }
  return files;
}

/** The reason why a host's sshd can't be reached; undefined if it answers. */
function whyUnreachable(host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port: 22, timeout: sshConnectTimeoutMs });
    const end = (reason?: string) => {
      socket.destroy();
      resolve(reason);
    };
    socket.once("connect", () => {
      end();
    });
    socket.once("timeout", () => {
      end(`no answer within ${sshConnectTimeoutMs / 1000} s`);
    });
    socket.once("error", (error) => {
      end(reasonOf(error));
    });
  });
}

/** Runs `openshift-install` and returns its output. @throws Error with the end of the output, if it fails or takes too long. */
function runInstaller(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn("openshift-install", args, { env: process.env, stdio: ["ignore", "pipe", "pipe"] });
    // This timer replaces spawn's option `timeout`: if the program cannot be started, the option's timer keeps this process running.
    const timer = setTimeout(() => child.kill("SIGKILL"), gatherTimeoutMs);
    const parts: Buffer[] = [];
    child.stdout.on("data", (part: Buffer) => parts.push(part));
    child.stderr.on("data", (part: Buffer) => parts.push(part));
    child.once("error", (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(error.code === "ENOENT" ? new Error("openshift-install isn't on the PATH") : error);
    });
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      const output = Buffer.concat(parts).toString("utf8");
      if (code === 0) resolve(output);
      else reject(new Error(`${signal === null ? `exit code ${code ?? 0}` : `ended by ${signal}`}\n${output.slice(-4000)}`));
    });
  });
}
