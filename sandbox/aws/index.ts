import { existsSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { isAlive, readDaemon, startDaemon, stopDaemon } from "./daemon";
import { makePrivateDirectory, writePrivately } from "./private-file";
import type { AwsSeed } from "./seed";

export {
  type Client,
  declareFaults,
  type Fault,
  type FaultKind,
  formatFault,
  parseFault,
  type RecordedCall,
  recordedCalls,
  reproduction,
} from "./faults";
export { inventory, type Inventory } from "./inventory";
export { declareRoutes, withdrawRoutes, type FrontDoorRoute } from "./routes";
export { imagesOfStream, type AwsSeed, type CoreOsStream, type SeedImage } from "./seed";

export interface AwsOptions {
  /** Directory for certificates, ports, logs and the record of calls. */
  directory: string;
  /** The Python interpreter of the virtual environment that has moto. */
  python: string;
  seed: AwsSeed;
}

/** A running emulated AWS. */
export interface EmulatedAws {
  readonly directory: string;
  readonly python: string;
  /** Variables that point a program at this emulated AWS: proxy, CA, credentials. */
  readonly environment: Record<string, string>;
  /** One JSON line per AWS call. */
  readonly callsFile: string;
  /** Ends the processes of this emulated AWS, and no others. The account's content is lost. */
  stop(): Promise<void>;
}

const EMULATOR = "emulator";
const FRONT_DOOR = "front-door";

/** Starts the emulated AWS and its front door, each as a separate process that continues after this process ends. */
export async function startAws({ directory: given, python, seed }: AwsOptions): Promise<EmulatedAws> {
  const directory = resolve(given);
  if ((await attachAws(directory)) !== undefined)
    throw new Error(`an emulated AWS is already running in ${directory}: attach to it or stop it`);
  makePrivateDirectory(directory);
  // If one of the two processes was killed, the other one is useless: it is ended before both are started again.
  await stopAws(directory);
  writePrivately(join(directory, "seed.json"), JSON.stringify(seed));
  writePrivately(join(directory, "aws.json"), JSON.stringify({ python }));
  writePrivately(join(directory, "no-profiles"), "");

  const start = (name: string, command: string, args: string[], env: NodeJS.ProcessEnv): Promise<unknown> =>
    startDaemon({
      name: name === EMULATOR ? "the emulated AWS" : "the front door",
      command,
      args,
      env,
      cwd: __dirname,
      logFile: join(directory, `${name}.log`),
      pidFile: join(directory, `${name}.pid`),
      readyFile: join(directory, `${name}.json`),
      timeoutSeconds: 60,
    });
  const emulatorArgs = ["-m", "emulator", "--directory", directory, "--seed", join(directory, "seed.json")];
  await start(EMULATOR, python, emulatorArgs, {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    PYTHONPATH: __dirname,
    PYTHONDONTWRITEBYTECODE: "1",
  });
  const frontDoorArgs = ["--require", require.resolve("tsx/cjs"), join(__dirname, "front-door-process.ts"), directory];
  await start(FRONT_DOOR, process.execPath, frontDoorArgs, { PATH: process.env.PATH, HOME: process.env.HOME });

  const aws = await attachAws(directory);
  if (aws === undefined) throw new Error(`the emulated AWS in ${directory} started but does not answer: see ${join(directory, "*.log")}`);
  return aws;
}

/**
 * The emulated AWS that runs in a directory; undefined if its processes have ended.
 *
 * @throws Error if the processes run but don't answer.
 */
export async function attachAws(given: string): Promise<EmulatedAws | undefined> {
  const directory = resolve(given);
  const daemons = [EMULATOR, FRONT_DOOR].map((name) => readDaemon(join(directory, `${name}.pid`)));
  if (!daemons.every((daemon) => daemon !== undefined && isAlive(daemon))) return undefined;
  if (!existsSync(join(directory, `${FRONT_DOOR}.json`))) return undefined;
  const emulator = portOf(directory, EMULATOR);
  const frontDoor = portOf(directory, FRONT_DOOR);
  for (const port of [emulator, frontDoor]) await expectAnswer(`http://127.0.0.1:${port}/health`, directory);
  const { python } = JSON.parse(readFileSync(join(directory, "aws.json"), "utf8")) as { python: string };
  return {
    directory,
    python,
    environment: environmentOf(directory, frontDoor),
    callsFile: join(directory, "calls.jsonl"),
    stop: () => stopAws(directory),
  };
}

/** Ends the processes that a directory's pid files name, if they still run. */
export async function stopAws(directory: string): Promise<void> {
  for (const name of [FRONT_DOOR, EMULATOR]) {
    const pidFile = join(directory, `${name}.pid`);
    const daemon = readDaemon(pidFile);
    if (daemon !== undefined) await stopDaemon(daemon);
    rmSync(pidFile, { force: true });
    rmSync(join(directory, `${name}.json`), { force: true });
  }
}

function environmentOf(directory: string, frontDoor: number): Record<string, string> {
  const proxy = `http://127.0.0.1:${frontDoor}`;
  const authority = join(directory, "certificates", "ca.crt");
  const none = join(directory, "no-profiles");
  const loopback = "127.0.0.1,localhost";
  return {
    HTTPS_PROXY: proxy,
    HTTP_PROXY: proxy,
    NO_PROXY: loopback,
    // Python prefers the lower-case names, so a proxy of the user must be overridden there as well.
    https_proxy: proxy,
    http_proxy: proxy,
    no_proxy: loopback,
    AWS_CA_BUNDLE: authority,
    NODE_EXTRA_CA_CERTS: authority,
    REQUESTS_CA_BUNDLE: authority,
    SSL_CERT_FILE: authority,
    // Twenty characters, because moto expects them. The key is valid nowhere else.
    AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7SANDBOX",
    AWS_SECRET_ACCESS_KEY: "sandbox",
    AWS_SESSION_TOKEN: "",
    AWS_EC2_METADATA_DISABLED: "true",
    // No profile and no endpoint of the user may direct a call past the sandbox.
    AWS_CONFIG_FILE: none,
    AWS_SHARED_CREDENTIALS_FILE: none,
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true",
  };
}

function portOf(directory: string, name: string): number {
  return (JSON.parse(readFileSync(join(directory, `${name}.json`), "utf8")) as { port: number }).port;
}

/** Throws if a process runs but does not answer. Such a process holds the account's content, which a second process would not have. */
async function expectAnswer(url: string, directory: string): Promise<void> {
  const seconds = 30;
  try {
    const { ok, status } = await fetch(url, { signal: AbortSignal.timeout(seconds * 1000) });
    if (!ok) throw new Error(`status ${status}`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `the emulated AWS in ${directory} runs but didn't answer within ${seconds} s (${reason}): see its logs there, or stop it`,
    );
  }
}
