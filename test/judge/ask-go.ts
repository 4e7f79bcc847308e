import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** A question to Go's standard library, about certificates and their key, or about a URL. */
export type Question =
  | { readonly kind: "bundle"; readonly text: string }
  | { readonly kind: "pair"; readonly text: string; readonly key: string }
  | { readonly kind: "url"; readonly text: string };

/** `error` is empty if Go accepts the input; `user` (percent-encoded) and `host` (with its port) are parts of a URL. */
export interface GoAnswer {
  readonly error: string;
  readonly user: string;
  readonly host: string;
}

/** Milliseconds. Compiling the program takes half a minute if Go has not compiled its own library before. */
export const GO_TIMEOUT = 600_000;

/** The answers of Go's standard library, in the order of the questions. */
export function askGo(questions: readonly Question[]): GoAnswer[] {
  const answers = execFileSync("go", ["run", join(__dirname, "main.go")], {
    input: JSON.stringify(questions),
    encoding: "utf8",
    maxBuffer: 64 * 2 ** 20,
    // The file needs no module, and Go must not download one.
    env: { ...process.env, GO111MODULE: "off", GOFLAGS: "" },
  });
  return JSON.parse(answers) as GoAnswer[];
}
