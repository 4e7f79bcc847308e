import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { renderJsonSchema } from "./json-schema";
import { renderPulumiProject } from "./pulumi-project";
import { renderReference } from "./reference";
import { renderReleases } from "./releases/page";

/** What is made from the schema and the release table, by path from the project's root. */
export const GENERATED: Readonly<Record<string, () => string>> = {
  "Pulumi.yaml": renderPulumiProject,
  "docs/configuration.md": renderReference,
  "docs/configuration.schema.json": renderJsonSchema,
  "docs/releases.md": renderReleases,
};

const ROOT = join(__dirname, "..");

function read(path: string): string | undefined {
  try {
    return readFileSync(join(ROOT, path), "utf8");
  } catch {
    return undefined;
  }
}

/** Files that are not what the schema makes. */
export function staleFiles(): string[] {
  return Object.entries(GENERATED)
    .filter(([path, render]) => read(path) !== render())
    .map(([path]) => path);
}

function main(argument: string | undefined): void {
  const stale = staleFiles();
  if (argument === "--check") {
    if (stale.length > 0) {
      console.error(`Not what the schema in config/ makes: ${stale.join(", ")}. Run: npx tsx config/generate.ts`);
      process.exitCode = 1;
    }
    return;
  }
  for (const path of stale) writeFileSync(join(ROOT, path), GENERATED[path]());
  console.log(stale.length === 0 ? "Nothing to do." : `Written: ${stale.join(", ")}`);
}

if (require.main === module) main(process.argv[2]);
