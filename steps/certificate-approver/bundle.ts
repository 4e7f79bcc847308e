import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const projectDirectory = join(__dirname, "..", "..");

/**
 * Builds the certificate approver as one JavaScript file that needs only Node.js 18 or newer. The file depends only on the sources and the pinned
 * dependencies, and is built again only if a source or a dependency has changed.
 */
export async function bundleCertificateApprover(): Promise<{ readonly path: string; readonly sha256: string }> {
  const path = join("node_modules", ".cache", "certificate-approver", `${digestOfSources()}.js`);
  try {
    return { path, sha256: digest(readFileSync(join(projectDirectory, path))) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const program = await makeBundle();
  const file = join(projectDirectory, path);
  mkdirSync(join(file, ".."), { recursive: true });
  // Write to another file and rename it: a second run at the same time never reads an incomplete file.
  const half = `${file}.${process.pid}`;
  writeFileSync(half, program);
  renameSync(half, file);
  return { path, sha256: digest(program) };
}

function digest(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Builds the bundle. */
export async function makeBundle(): Promise<string> {
  // The bundler is loaded here, so that a preview with an existing bundle doesn't load it.
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    absWorkingDir: projectDirectory,
    entryPoints: [join("steps", "certificate-approver", "main.ts")],
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    target: "node18",
    // Prefer ES modules, so that only the used parts of packages are included.
    mainFields: ["module", "main"],
    minify: true,
    legalComments: "eof",
    logLevel: "silent",
  });
  return outputFiles[0].text;
}

/** Paths of the project's own source files of the bundle, relative to the project. */
export function bundleSources(): string[] {
  const here = readdirSync(__dirname)
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join("steps", "certificate-approver", name));
  const shared = ["client.ts", "credential-sources.ts", "pages.ts", "profiles.ts"].map((name) => join("lib", "aws", name));
  return [...here, ...shared].sort();
}

function digestOfSources(): string {
  const hash = createHash("sha256");
  for (const file of [...bundleSources(), "package-lock.json"]) hash.update(readFileSync(join(projectDirectory, file))).update("\0");
  return hash.digest("hex");
}
