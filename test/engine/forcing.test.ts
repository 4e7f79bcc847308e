import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { cleanEnvironment } from "@okd-aws/sandbox/environment";
import { ensureToolchain } from "@okd-aws/sandbox/toolchain";
import { declaredTypes } from "./definitions/declared-types";
import { distillForcing, type PluginSchema } from "./definitions/forcing";

const file = join(__dirname, "..", "..", "tools", "plan", "forcing.json");

/** A comparison of two commits takes its list of replacing properties from this table. UPDATE_GOLDEN=forcing writes the table again. */
test("the table of properties that replace a resource agrees with the pinned AWS plugin", async () => {
  const { tools } = await ensureToolchain(["pulumi", "pulumi-resource-aws"]);
  const home = mkdtempSync(join(tmpdir(), "forcing-"));
  try {
    const { stdout } = await promisify(execFile)(tools.pulumi, ["package", "get-schema", tools["pulumi-resource-aws"]], {
      env: { ...cleanEnvironment(process.env), PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" },
      maxBuffer: 1024 * 1024 * 1024,
    });
    const wanted = declaredTypes();
    const table = distillForcing(JSON.parse(stdout) as PluginSchema, wanted);
    expect(Object.keys(table)).toEqual(wanted);
    if (process.env.UPDATE_GOLDEN === "forcing") writeFileSync(file, `${JSON.stringify(table, undefined, 2)}\n`);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(table);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
