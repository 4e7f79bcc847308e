import { createRequire } from "node:module";
import { PulumiCommand } from "@pulumi/pulumi/automation";

type Version = NonNullable<NonNullable<Parameters<typeof PulumiCommand.install>[0]>["version"]>;

/** `install-pulumi.ts <version> <directory>` runs as a separate process, so that an installation that hangs can be killed. */
async function main(version: string, root: string): Promise<void> {
  // The SDK needs an object of its own copy of the semver library.
  const semver = createRequire(require.resolve("@pulumi/pulumi"))("semver") as { parse: (version: string) => Version };
  await PulumiCommand.install({ root, version: semver.parse(version) });
}

main(process.argv[2] ?? "", process.argv[3] ?? "").catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
