import { execFileSync } from "node:child_process";
import { dirname } from "node:path";
import { runMain } from "../../lib/run-main";
import { ensureToolchain } from ".";

/** Checks the CI workflows with actionlint. It does not use shellcheck, because the workflows' steps only call programs of this project. */
async function main(): Promise<number> {
  const { actionlint } = (await ensureToolchain(["actionlint"])).tools;
  execFileSync(actionlint, ["-shellcheck=", "-pyflakes="], { cwd: dirname(dirname(__dirname)), stdio: "inherit" });
  return 0;
}

runMain(main);
