import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** What Go's standard library is asked about: certificates and their key, or a URL. */
export type Question =
  | { readonly kind: "bundle"; readonly text: string }
  | { readonly kind: "pair"; readonly text: string; readonly key: string }
  | { readonly kind: "url"; readonly text: string };

/** `error` is empty for what Go takes; `user` (percent-encoded) and `host` (with its port) are a URL's. */
export interface Answer {
  readonly error: string;
  readonly user: string;
  readonly host: string;
}

/** Compiling it takes half a minute where Go has not yet compiled its own library. */
export const GO_TIMEOUT = 600_000;

/** What Go's standard library says of each. */
export function askGo(questions: readonly Question[]): Answer[] {
  const answers = execFileSync("go", ["run", join(__dirname, "main.go")], {
    input: JSON.stringify(questions),
    encoding: "utf8",
    maxBuffer: 64 * 2 ** 20,
    // The file needs no module, and none may be fetched for it.
    env: { ...process.env, GO111MODULE: "off", GOFLAGS: "" },
  });
  return JSON.parse(answers) as Answer[];
}
