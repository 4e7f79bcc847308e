import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { projectDirectory } from "@okd-aws/sandbox";

export interface Output {
  readonly code: number | null;
  readonly text: string;
}

/** A fresh copy of the project, as after `git clone`. It shares the installed packages with the project. */
export class Checkout {
  readonly directory = mkdtempSync(join(tmpdir(), "okd-aws-checkout-"));

  constructor() {
    const files = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
      cwd: projectDirectory,
      encoding: "utf8",
    });
    for (const file of new Set(files.split("\0").filter((name) => name !== ""))) {
      mkdirSync(join(this.directory, dirname(file)), { recursive: true });
      execFileSync("cp", ["-p", join(projectDirectory, file), join(this.directory, file)]);
    }
    // The two files get a time before that of every package. Otherwise make would install the packages again and, through the link, empty
    // the project's own directory.
    for (const name of ["package.json", "package-lock.json"]) utimesSync(join(this.directory, name), 0, 0);
    symlinkSync(join(projectDirectory, "node_modules"), join(this.directory, "node_modules"));
  }

  /** Lines of the README's shell blocks, in order, without comments. */
  readmeCommands(): string[] {
    const readme = readFileSync(join(this.directory, "README.md"), "utf8");
    return [...readme.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block = ""]) =>
      block.split("\n").flatMap((line) => line.replace(/\s+#.*$/, "").trim() || []),
    );
  }

  /** Runs a command in a shell. Tests that kill the process get it through `started`. */
  run(command: string, started: (child: ChildProcess, text: () => string) => void = () => undefined): Promise<Output> {
    const child = spawn("bash", ["-c", command], { cwd: this.directory, stdio: ["ignore", "pipe", "pipe"] });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (part: string) => (text += part));
    started(child, () => text);
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => {
        resolve({ code, text });
      });
    });
  }

  /** IDs of the running processes that were started from this copy. */
  processes(): string[] {
    const { stdout } = { stdout: execFileSync("ps", ["-eo", "pid,args"], { encoding: "utf8" }) };
    return stdout.split("\n").filter((line) => line.includes(this.directory));
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
