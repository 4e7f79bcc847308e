import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isAlive, readDaemon, startDaemon, stopDaemon } from "../aws/daemon";
import { makePrivateDirectory, readJson, writePrivately } from "../aws/private-file";
import type { NodeChoice } from "./kubelet/programs";
import { removeCluster } from "./processes";
import type { SimulatorOptions } from "./options";

export { chooseNode } from "./kubelet/programs";
export type { SimulatorOptions } from "./options";

/** Tools that the simulator needs. */
export const simulatorTools = [
  "etcd",
  "etcdctl",
  "etcdutl",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kwok",
  "aws-cloud-controller-manager",
  "velero",
  "velero-plugin-for-aws",
  "velero-definitions",
  "registry",
  "ignition-validate",
  "openshift-definitions",
] as const;

/**
 * Starts the simulator of instances and clusters in a directory, unless the directory already has a running one. `environment` points the simulator at the
 * emulated AWS.
 */
export async function startSimulator(directory: string, options: SimulatorOptions, environment: NodeJS.ProcessEnv): Promise<void> {
  makePrivateDirectory(directory);
  const pidFile = join(directory, "simulator.pid");
  const running = readDaemon(pidFile);
  if (running !== undefined && isAlive(running)) return;
  // A simulator that has ended is started again with the node that its clusters already have.
  const node = options.node ?? nodeChoiceOf(directory);
  writePrivately(join(directory, "options.json"), JSON.stringify({ ...options, ...(node && { node }) }));
  await startDaemon({
    name: "the machine simulator",
    command: process.execPath,
    args: ["--require", require.resolve("tsx/cjs"), join(__dirname, "daemon.ts"), directory],
    cwd: __dirname,
    env: environment,
    logFile: join(directory, "simulator.log"),
    pidFile,
    readyFile: join(directory, "simulator.json"),
    timeoutSeconds: 60,
  });
}

/** The choice of a real node with which the simulator in a directory was started; undefined if nobody asked for one. */
export function nodeChoiceOf(directory: string): NodeChoice | undefined {
  return readJson<SimulatorOptions>(join(directory, "options.json"))?.node;
}

/** Ends the simulator and all processes of its clusters, and deletes their secrets. Logs are kept. */
export async function stopSimulator(directory: string): Promise<void> {
  if (!existsSync(directory)) return;
  const pidFile = join(directory, "simulator.pid");
  const daemon = readDaemon(pidFile);
  if (daemon !== undefined) await stopDaemon(daemon);
  for (const entry of readdirSync(directory, { withFileTypes: true }))
    if (entry.isDirectory()) await removeCluster(join(directory, entry.name));
  rmSync(join(directory, "..", "hosts"), { recursive: true, force: true });
  for (const name of ["simulator.pid", "simulator.json", "options.json", "status.json"]) rmSync(join(directory, name), { force: true });
}
