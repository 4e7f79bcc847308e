import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { buildSync } from "esbuild";
import type { Connection } from "../../components/installer/connection";
import { Project, type Said } from "./command-stand-in-project";

const INSTALLER = join(__dirname, "../../components/installer");

/** A step as the test gives it; the rest is the same for all. */
export interface TestStep {
  readonly script: string;
  readonly input: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly timeoutSeconds?: number;
}

/** How the step is run: here, or over a connection. */
export interface Way {
  readonly connection?: Connection;
  /** What stands for the resource's own time limits. */
  readonly customTimeouts?: { readonly create: string };
}

/** A program that runs one step with the project's own executors, under the real engine. */
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
        // The scripts lie beside the sources.
        define: { __dirname: JSON.stringify(INSTALLER) },
      });
    }
    return new ExecutorProject(project);
  }

  /** Brings a stack up that has nothing but the step, called `step`; `watch` is called again and again meanwhile, with the engine. */
  up(step: TestStep, way: Way = {}, watch: (engine: ChildProcess) => void = () => undefined): Promise<Said> {
    const executor = way.connection ? `new SshExecutor(${JSON.stringify(way.connection)})` : "new LocalExecutor()";
    const given = { triggers: [], frozen: false, ...step };
    this.project.declares(`
      const { LocalExecutor } = require("./local-executor.js");
      const { SshExecutor } = require("./ssh-executor.js");
      exports.answer = ${executor}.run("step", ${JSON.stringify(given)}, ${JSON.stringify({ customTimeouts: way.customTimeouts })}).answer;
    `);
    return this.run(["up", "-y", "--skip-preview"], watch);
  }

  /** What the last step that succeeded answered. */
  answer(): string {
    const { answer } = JSON.parse(this.project.pulumi("stack", "output", "--json", "--show-secrets").output) as { answer: string };
    return answer;
  }

  /** The whole state as it is stored, secrets in their encrypted form. */
  state(): string {
    return this.project.pulumi("stack", "export").output;
  }

  /** Takes a killed engine's lock away, and all that there is. */
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
