import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dump, load } from "js-yaml";
import { linkTools, projectDirectory, sandboxTools } from "@okd-aws/sandbox";
import { cleanEnvironment } from "@okd-aws/sandbox/environment";
import { ensureToolchain } from "@okd-aws/sandbox/toolchain";

export interface DriverResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The AWS provider settings in this project's Pulumi.yaml. */
function providerSettings(): object {
  const { config } = load(readFileSync(join(projectDirectory, "Pulumi.yaml"), "utf8")) as { config: object };
  return Object.fromEntries(Object.entries(config).filter(([key]) => key.startsWith("aws:")));
}

/** A small Pulumi program in its own directory and with its own state, on which the tests run the driver. */
export class DriverProject {
  readonly directory = mkdtempSync(join(tmpdir(), "driver-"));
  /** The stack on which the commands run. */
  stack = "dev";
  private environment: NodeJS.ProcessEnv = {};

  /**
   * @param program the body of a JavaScript program that can use `pulumi`, `command` and `fs`
   * @param variables environment variables that lead the program to an emulated AWS, if it needs one
   * @param name name of the project
   */
  static async make(program: string, variables: NodeJS.ProcessEnv = {}, name = "small"): Promise<DriverProject> {
    const project = new DriverProject();
    const { directory } = project;
    const toolchain = await ensureToolchain(sandboxTools);
    const home = join(directory, "home");
    mkdirSync(join(directory, "state"));
    project.environment = {
      ...cleanEnvironment(process.env),
      ...toolchain.environment,
      PATH: `${linkTools(toolchain, directory, home)}:${process.env.PATH ?? ""}`,
      AWS_REGION: "us-east-1",
      PULUMI_HOME: home,
      XDG_STATE_HOME: join(directory, "drivers"),
      PULUMI_BACKEND_URL: `file://${join(directory, "state")}?metadata=skip`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      ...variables,
    };
    writeFileSync(
      join(directory, "Pulumi.yaml"),
      dump({ name, runtime: { name: "nodejs", options: { typescript: false } }, main: "index.js", config: providerSettings() }),
    );
    writeFileSync(join(directory, "package.json"), "{}");
    for (const name of ["node_modules", "steps", "tsconfig.json"]) symlinkSync(join(projectDirectory, name), join(directory, name));
    writeFileSync(join(directory, "Pulumi.dev.yaml"), ""); // `up` creates no stack if the stack file is missing.
    project.declare(program);
    return project;
  }

  /** Writes the program. */
  declare(program: string): void {
    const imports = `const pulumi = require("@pulumi/pulumi"); const command = require("@pulumi/command"); const fs = require("node:fs");\n`;
    writeFileSync(join(this.directory, "index.js"), imports + program);
  }

  configure(config: Readonly<Record<string, string>>): void {
    const file = join(this.directory, "Pulumi.dev.yaml");
    const lines = Object.entries(config).map(([key, value]) => `  ${key.includes(":") ? key : `small:${key}`}: ${value}\n`);
    writeFileSync(file, `${readFileSync(file, "utf8")}config:\n${lines.join("")}`);
  }

  /** Runs the driver. Tests that kill the driver get its process and its output so far through `started`. */
  driver(args: readonly string[], started?: (child: ChildProcess, text: () => string) => void): Promise<DriverResult> {
    return this.command("tools/driver/cli.ts", args, started);
  }

  /** Runs one of the project's commands on the stack. */
  command(file: string, args: readonly string[], started?: (child: ChildProcess, text: () => string) => void): Promise<DriverResult> {
    const target = ["--stack", "dev", "--directory", this.directory];
    return this.run(process.execPath, ["--require", require.resolve("tsx/cjs"), join(projectDirectory, file), ...args, ...target], started);
  }

  pulumi(...args: string[]): Promise<DriverResult> {
    return this.run("pulumi", [...args, "--stack", this.stack, "--non-interactive"]);
  }

  /** Names of the resources in the state, and the number of pending operations. */
  async state(): Promise<{ names: string[]; open: number }> {
    const { deployment } = JSON.parse((await this.pulumi("stack", "export")).stdout) as {
      deployment: { resources?: { urn: string }[]; pending_operations?: unknown[] };
    };
    const names = (deployment.resources ?? []).map(({ urn }) => urn.split("::").at(-1) ?? "");
    return { names: names.filter((name) => !/^(small-dev|default_)/.test(name)).sort(), open: deployment.pending_operations?.length ?? 0 };
  }

  /** Running processes of this project. */
  processes(): Promise<string[]> {
    return this.run("sh", ["-c", `grep -lsz ${this.directory} /proc/[0-9]*/environ | grep -v self || true`]).then(({ stdout }) =>
      stdout.split("\n").filter((file) => file !== "" && !["sh", "grep"].includes(nameOfProcess(file))),
    );
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  private run(
    program: string,
    args: readonly string[],
    started?: (child: ChildProcess, text: () => string) => void,
  ): Promise<DriverResult> {
    const child = spawn(program, args, { cwd: this.directory, env: this.environment, stdio: ["ignore", "pipe", "pipe"], timeout: 120_000 });
    const output = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) child[name].setEncoding("utf8").on("data", (text: string) => (output[name] += text));
    started?.(child, () => output.stdout + output.stderr);
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code) => {
        // Waits for `exit`, not for `close`: the Pulumi engine of a killed driver keeps the pipes open.
        setTimeout(() => {
          resolve({ code, ...output });
        }, 100);
      });
    });
  }
}

function nameOfProcess(environ: string): string {
  try {
    return readFileSync(environ.replace("environ", "comm"), "utf8").trim();
  } catch {
    return "sh"; // The process has already ended.
  }
}
