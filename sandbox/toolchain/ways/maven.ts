import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ChecksumMismatch, Unavailable } from "../errors";
import { run } from "../run";
import type { Way } from "../tool";

const INSTALL = "Maven 3 and Java 17 or newer (Debian: maven, default-jdk-headless)";

/** The plugin that copies the files: a fixed version, so that Maven does not choose one. */
const COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.7.1:copy-dependencies";

/**
 * Java libraries from Maven's repository, by `maven/<project>/pom.xml`. `SHA256SUMS` in the same directory pins each file: a different set of files, or a different
 * content, is an error. The project's Java sources are copied next to them.
 */
export function mavenLibraries(project: string): Way {
  const directory = join(__dirname, "..", "maven", project);
  return {
    name: "Maven",
    minutes: 1,
    recipe: () => {
      const sum = createHash("sha256");
      for (const file of readdirSync(directory).sort()) sum.update(`${file}\0`).update(readFileSync(join(directory, file)));
      return sum.digest("hex");
    },
    obtain: async ({ entry, scratch, tool, environment }) => {
      const target = join(entry, tool.file);
      const own = ["-Dmaven.repo.local=" + join(scratch, "repository"), `-DoutputDirectory=${target}`, "-Dmdep.copyPom=false"];
      await run("mvn", ["--quiet", "--batch-mode", "--file", join(directory, "pom.xml"), ...own, COPY], { environment, install: INSTALL });
      checkFiles(target, readFileSync(join(directory, "SHA256SUMS"), "utf8"));
      mkdirSync(join(target, "source"));
      for (const file of readdirSync(directory).filter((name) => name.endsWith(".java")))
        copyFileSync(join(directory, file), join(target, "source", file));
    },
  };
}

/**
 * Compares the files of a directory with a list in the format of `sha256sum`.
 *
 * @throws Unavailable if the set of files differs; ChecksumMismatch if a file does
 */
export function checkFiles(directory: string, sums: string): void {
  const wanted = new Map(
    sums
      .trim()
      .split("\n")
      .map((line) => line.split(/\s+/))
      .map(([sum, file]) => [file, sum]),
  );
  const found = readdirSync(directory);
  const difference = [
    ...found.filter((file) => !wanted.has(file)).map((file) => `${file} is not pinned`),
    ...[...wanted.keys()].filter((file) => !found.includes(file)).map((file) => `${file} is missing`),
  ];
  if (difference.length > 0) throw new Unavailable(`Maven chose other files than those in SHA256SUMS: ${difference.join(", ")}`);
  for (const [file, sum] of wanted) {
    const received = createHash("sha256")
      .update(readFileSync(join(directory, file)))
      .digest("hex");
    if (received !== sum) throw new ChecksumMismatch(file, sum, received);
  }
}
