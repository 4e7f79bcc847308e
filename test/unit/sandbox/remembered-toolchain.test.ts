import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { forgetToolchain, rememberedToolchain, rememberToolchain } from "../../../sandbox/remembered-toolchain";
import type { Toolchain } from "../../../sandbox/toolchain";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "remembered-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

test("a sandbox remembers its tools as long as their files exist", () => {
  const tools = { pulumi: join(directory, "pulumi"), moto: join(directory, "python") };
  const toolchain = { path: [directory], tools, environment: { PULUMI_HOME: "x" } } as unknown as Toolchain;
  expect(rememberedToolchain(directory, ["pulumi"])).toBeUndefined();
  rememberToolchain(directory, toolchain);
  expect(rememberedToolchain(directory, ["pulumi", "moto"])).toBeUndefined();
  for (const file of Object.values(tools)) writeFileSync(file, "");
  expect(rememberedToolchain(directory, ["pulumi", "moto"])).toEqual(toolchain);
  // A tool that an older sandbox did not have.
  expect(rememberedToolchain(directory, ["pulumi", "kubectl"])).toBeUndefined();
  expect(statSync(join(directory, "toolchain.json")).mode & 0o777).toBe(0o600);
  forgetToolchain(directory);
  expect(rememberedToolchain(directory, ["pulumi"])).toBeUndefined();
});
