import { mkdirSync, readdirSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { Unavailable } from "../errors";
import { run } from "../run";
import type { Way } from "../tool";

/** The largest plugin has about 200 MB: less than four minutes at 1 MB/s. */
const LIMIT_SECONDS = 600;

/** The Pulumi engine with its language hosts, installed by the Automation API. */
export function pulumiInstaller(): Way {
  return {
    name: "Automation API",
    obtain: async ({ entry, scratch, tool, environment, network, vendors }) => {
      await network.reach(vendors.pulumi);
      const program = join(__dirname, "install-pulumi.ts");
      const args = ["--require", require.resolve("tsx/cjs"), program, tool.version, scratch];
      await run(process.execPath, args, { environment, limitSeconds: LIMIT_SECONDS });
      // Only the executables are kept, so that the entry looks the same for every way.
      for (const file of readdirSync(join(scratch, "bin"))) renameSync(join(scratch, "bin", file), join(entry, file));
    },
  };
}

/** A resource plugin, installed by `pulumi plugin install` into a separate directory. */
export function pulumiPlugin(plugin: string): Way {
  return {
    name: "pulumi plugin install",
    obtain: async ({ entry, scratch, tool, environment, network, vendors, need }) => {
      await network.reach(vendors.plugins ?? vendors.pulumi);
      const pulumi = await need("pulumi");
      const server = vendors.plugins === undefined ? [] : ["--server", vendors.plugins];
      const isolated = {
        ...environment,
        PULUMI_HOME: join(scratch, "home"),
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PATH: `${dirname(pulumi)}:${environment.PATH ?? ""}`,
      };
      await run(pulumi, ["plugin", "install", "resource", plugin, `v${tool.version}`, ...server], {
        environment: isolated,
        limitSeconds: LIMIT_SECONDS,
      });
      const plugins = join(scratch, "home", "plugins");
      mkdirSync(plugins, { recursive: true });
      const installed = readdirSync(plugins, { withFileTypes: true }).find(
        (item) => item.isDirectory() && item.name.startsWith(`resource-${plugin}-`),
      );
      if (installed === undefined) throw new Unavailable(`pulumi plugin install succeeded, but the plugin ${plugin} is missing`);
      for (const file of readdirSync(join(plugins, installed.name))) renameSync(join(plugins, installed.name, file), join(entry, file));
    },
  };
}
