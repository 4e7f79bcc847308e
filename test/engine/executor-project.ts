import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { buildSync } from "esbuild";
import type { RemoteConnection } from "../../components/installer/connection";
import { Project, type Said } from "./command-stand-in-project";

const INSTALLER = join(__dirname, "../../components/installer");

/** The part of a step that the tests choose. */
export interface TestStep {
  readonly script: string;
  readonly input: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly timeoutSeconds?: number;
}

/** How the step runs: locally, or over a connection. */
export interface StepExecution {
  readonly connection?: RemoteConnection;
  /** Replaces the resource's own time limits. */
  readonly customTimeouts?: { readonly create: string };
}

/** A program that runs one step with the project's own executors, under the real Pulumi engine. */
export class ExecutorProject {
  private constructor(private readonly project: Project) {}

  static async make(): Promise<ExecutorProject> {
    const project = await Project.make();
    for (const name of ["local-executor", "ssh-executor"]) {
      buildSync({
        entryPoints: [join(INSTALLER, `${name}.ts`)],
        outfile: join(project.program, `${name}.js`),
        bundle: true,
        platform: "node",
        external: ["@pulumi/*"],
        // The scripts are in the directory of the sources.
        define: { __dirname: JSON.stringify(INSTALLER) },
      });
    }
    return new ExecutorProject(project);
  }

  /** Brings up a stack with one step, named `step`. Meanwhile `watch` is called repeatedly with the Pulumi engine's process. */
  up(step: TestStep, way: StepExecution = {}, watch: (engine: ChildProcess) => void = () => undefined): Promise<Said> {
    const executor = way.connection ? `new SshExecutor(${JSON.stringify(way.connection)})` : "new LocalExecutor()";
    const given = { triggers: [], frozen: false, ...step };
    this.project.declares(`
      const { LocalExecutor } = require("./local-executor.js");
      const { SshExecutor } = require("./ssh-executor.js");
      exports.answer = ${executor}.run("step", ${JSON.stringify(given)}, ${JSON.stringify({ customTimeouts: way.customTimeouts })}).answer;
    `);
    return this.run(["up", "-y", "--skip-preview"], watch);
  }

  /** The output of the last step that succeeded. */
  answer(): string {
    const { answer } = JSON.parse(this.project.pulumi("stack", "output", "--json", "--show-secrets").output) as { answer: string };
    return answer;
  }

  /** The whole state as it is stored, with encrypted secrets. */
  state(): string {
    return this.project.pulumi("stack", "export").output;
  }

  /** Releases the lock of a killed engine, and destroys the stack. */
  destroy(): Said {
    this.project.pulumi("cancel", "-y");
    return this.project.pulumi("destroy", "-y", "--skip-preview");
  }

  remove(): void {
    this.project.remove();
  }

  private run(args: readonly string[], watch: (engine: ChildProcess) => void): Promise<Said> {
    const child = this.project.spawn(...args);
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (output += data.toString()));
    const watching = setInterval(watch, 50, child);
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => {
        clearInterval(watching);
        resolve({ code, output });
      });
    });
  }
}
