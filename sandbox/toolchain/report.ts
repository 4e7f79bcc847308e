import type { NotFound } from "./not-found";
import { TOOL_NAMES, type ToolName } from "./tool";

/** An event of one tool. */
export type Progress = { readonly tool: ToolName } & (
  | { readonly state: "started"; readonly way: string; readonly minutes?: number }
  | { readonly state: "waiting"; readonly holder: number }
  | { readonly state: "skipped"; readonly way: string; readonly reason: string }
  | { readonly state: "found"; readonly from: string; readonly seconds: number; readonly work: boolean }
  | { readonly state: "failed"; readonly seconds: number }
);

const WIDTH = Math.max(...TOOL_NAMES.map((name) => name.length)) + 2;

/** The line that reports an event. */
export function lineOf(event: Progress, version: string): string {
  const tool = event.tool.padEnd(WIDTH);
  switch (event.state) {
    case "started":
      return `${tool}${version}: ${event.way}${event.minutes === undefined ? "" : `, up to ${event.minutes} min on two cores`} ...`;
    case "waiting":
      return `${tool}${version}: waiting for process ${event.holder}, which downloads or builds it ...`;
    case "skipped":
      return `${tool}${version}: no success with ${event.way}: ${inOneLine(event.reason)}`;
    case "found":
      return `${tool}${version.padEnd(10)}${secondsOf(event.seconds)}  ${event.from}`;
    case "failed":
      return `${tool}${version.padEnd(10)}${secondsOf(event.seconds)}  MISSING`;
  }
}

/** The message about all missing tools: the attempts for each tool, in order, and at the end the packages to install. */
export function missingToolsText(missing: readonly NotFound[]): string {
  const tools = missing.flatMap(({ tool, tried }) => [`${tool}:`, ...tried.map((line) => `  - ${line}`)]);
  const install = [...new Set(missing.flatMap((error) => error.install))];
  const help = install.length === 0 ? [] : ["", "To get the missing tools, install:", ...install.map((line) => `  - ${line}`)];
  const own = "or put the tools into a directory and set OKD_TOOLCHAIN to its path.";
  const count = missing.length === 1 ? "1 tool is missing" : `${missing.length} tools are missing`;
  return [`${count}:`, "", ...tools, ...help, "", install.length === 0 ? own.replace(/^or put/, "Put") : own].join("\n");
}

function secondsOf(seconds: number): string {
  return `${seconds.toFixed(1).padStart(7)} s`;
}

/** A program's failure in one line: the first line, which names the program, and the last line of its output. */
function inOneLine(text: string): string {
  const lines = text.split("\n").map((line) => line.trim());
  return lines.length === 1 ? text : `${lines[0]} ${lines[lines.length - 1]}`;
}
