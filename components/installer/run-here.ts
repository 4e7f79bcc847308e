import { spawn } from "node:child_process";
import * as pulumi from "@pulumi/pulumi";
import { valueIfKnown } from "../../lib/pulumi/known-value";
import { type StepAnswer, type InstallerStep, supervisedInput } from "./executor";

/** Time limit in seconds of a step in a preview. It is short, because somebody waits for the preview. */
const limitSeconds = 120;

/** Runs a step on this machine, at once and without a resource: for previews, which run no commands. */
export async function runHere(name: string, step: InstallerStep): Promise<StepAnswer> {
  const inputs = await valueIfKnown(pulumi.all([step.input, step.environment ?? {}]));
  if (inputs === undefined) return { failure: "its inputs are not known yet." };
  const [input, environment] = inputs;
  const child = spawn("bash", ["-s", "--", name], { env: { ...process.env, ...environment }, stdio: ["pipe", "pipe", "pipe"] });
  const said = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const)
    child[stream].setEncoding("utf8").on("data", (text: string) => (said[stream] += text));
  // An error of the write is no failure: the shell may exit before it has read its whole input.
  child.stdin.on("error", () => undefined).end(supervisedInput({ ...step, timeoutSeconds: limitSeconds }, input));
  const code = await new Promise<number | null>((resolve) => {
    child.once("error", () => {
      resolve(null);
    });
    child.once("close", resolve);
  });
  return code === 0 ? { answer: said.stdout } : { failure: lastLines(said.stderr) };
}

function lastLines(text: string): string {
  const lines = text.trim().split("\n").slice(-3).join(" ").trim();
  return lines === "" ? "the step failed and printed no error." : lines;
}
