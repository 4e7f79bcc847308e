import { execFileSync } from "node:child_process";
import { dirname } from "node:path";
import { runMain } from "../../operations/run-main";
import { ensureToolchain } from ".";

/** Holds the workflows against GitHub's rules. Their steps are programs of this project, so there is no shell for shellcheck to look at. */
async function main(): Promise<number> {
  const { actionlint } = (await ensureToolchain(["actionlint"])).tools;
  execFileSync(actionlint, ["-shellcheck=", "-pyflakes="], { cwd: dirname(dirname(__dirname)), stdio: "inherit" });
  return 0;
}

runMain(main);
