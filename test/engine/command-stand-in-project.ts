import { spawn, spawnSync, type ChildProcess, type ChildProcessByStdio } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { ensureToolchain, type Toolchain } from "@okd-aws/sandbox/toolchain";
import { PLUGIN } from "./command-stand-in-plugin";

/** The output of one `pulumi` command. */
export interface Said {
  readonly code: number | null;
  readonly output: string;
}

/** One resource in the state of a stack. */
export interface ResourceState {
  readonly urn: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** A small JavaScript program with its own state. The Pulumi engine finds the stand-in on the PATH. */
export class Project {
  readonly directory = mkdtempSync(join(tmpdir(), "command-stand-in-project-"));
  readonly program = join(this.directory, "program");
  private readonly environment: NodeJS.ProcessEnv;

  private constructor({ path, environment }: Pick<Toolchain, "path" | "environment">) {
    const [home, state] = [join(this.directory, "home"), join(this.directory, "state")];
    for (const folder of [home, state, this.program]) mkdirSync(folder);
    this.environment = {
      ...process.env,
      ...environment,
      PATH: [dirname(PLUGIN), ...path, process.env.PATH].join(delimiter),
      PULUMI_HOME: home,
      PULUMI_BACKEND_URL: `file://${state}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    };
    // The directory has only the packages that the program uses, because the Pulumi engine searches all packages and starts the plugin of each.
    mkdirSync(join(this.program, "node_modules/@pulumi"), { recursive: true });
    for (const name of ["@pulumi/pulumi", "@pulumi/command"]) {
      symlinkSync(join(__dirname, "../../node_modules", name), join(this.program, "node_modules", name));
    }
    writeFileSync(join(this.program, "Pulumi.yaml"), "name: project\nruntime: nodejs\n");
    writeFileSync(join(this.program, "package.json"), JSON.stringify({ name: "project", main: "index.js" }));
    this.pulumi("stack", "init", "test");
  }

  /** Makes a project with the toolchain's engine and Node language host. */
  static async make(): Promise<Project> {
    return new Project(await ensureToolchain(["pulumi", "pulumi-language-nodejs"]));
  }

  /** Sets the program's declarations, which can use `pulumi`, `local` and `remote`. */
  declares(source: string): void {
    const imports = 'const pulumi = require("@pulumi/pulumi");\nconst { local, remote } = require("@pulumi/command");\n';
    writeFileSync(join(this.program, "index.js"), imports + source);
  }

  /** Runs a `pulumi` command and waits for its end. */
  pulumi(...args: string[]): Said {
    const options = { cwd: this.program, env: this.environment, encoding: "utf8" as const };
    const { status, stdout, stderr } = spawnSync("pulumi", ["--non-interactive", ...args], options);
    return { code: status, output: stdout + stderr };
  }

  /** Starts a `pulumi` command without waiting. */
  start(...args: string[]): ChildProcess {
    return spawn("pulumi", ["--non-interactive", ...args], { cwd: this.program, env: this.environment, stdio: "ignore" });
  }

  /** Starts a `pulumi` command without waiting, with pipes for its output. */
  spawn(...args: string[]): ChildProcessByStdio<null, Readable, Readable> {
    const stdio: ["ignore", "pipe", "pipe"] = ["ignore", "pipe", "pipe"];
    return spawn("pulumi", ["--non-interactive", ...args], { cwd: this.program, env: this.environment, stdio });
  }

  /** The state of one resource, with encrypted secrets. */
  state(name: string): ResourceState | undefined {
    const deployment = JSON.parse(this.pulumi("stack", "export").output) as { deployment: { resources?: readonly ResourceState[] } };
    return deployment.deployment.resources?.find(({ urn }) => urn.endsWith(`::${name}`));
  }

  /** The content of a file in the program's directory; undefined if the file is missing. */
  file(name: string): string | undefined {
    const path = join(this.program, name);
    return existsSync(path) ? readFileSync(path, "utf8") : undefined;
  }

  remove(): void {
    rmSync(this.directory, { recursive: true });
  }
}
