import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { CERTIFICATE } from "../unit/config/key-material";

/** One example of a guide in docs/: its heading, and its keys. */
export interface Example {
  readonly heading: string;
  readonly keys: Readonly<Record<string, unknown>>;
}

/** The examples of stack files in a guide, with values in place of the placeholders. */
export function examplesOf(guide: string): Example[] {
  const text = readFileSync(join(__dirname, "..", "..", "docs", guide), "utf8");
  return text.split(/^## /m).flatMap((section) =>
    [...section.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, yaml]) => {
      const certificate = CERTIFICATE.trim().replaceAll("\n", "\n        ");
      const { config } = load(yaml.replaceAll("<your-certificate>", certificate)) as { config: Record<string, unknown> };
      const keys = Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace(/^okd-aws:/, ""), value]));
      return { heading: section.split("\n")[0], keys };
    }),
  );
}
