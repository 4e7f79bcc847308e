import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { renderJsonSchema } from "./json-schema";
import { renderPulumiProject } from "./pulumi-project";
import { renderReference } from "./reference";
import { renderReleases } from "./releases/page";

/** Generators of the files that are made from the schema and the release table, by path from the project's root. */
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

/** Paths of the generated files that are out of date. */
export function staleFiles(): string[] {
  return Object.entries(GENERATED)
    .filter(([path, render]) => read(path) !== render())
    .map(([path]) => path);
}

function main(argument: string | undefined): void {
  const stale = staleFiles();
  if (argument === "--check") {
    if (stale.length > 0) {
      console.error(`Out of date with the schema and tables in config/: ${stale.join(", ")}. Run: npx tsx config/generate.ts`);
      process.exitCode = 1;
    }
    return;
  }
  for (const path of stale) writeFileSync(join(ROOT, path), GENERATED[path]());
  console.log(stale.length === 0 ? "All generated files are up to date." : `Written: ${stale.join(", ")}`);
}

if (require.main === module) main(process.argv[2]);
