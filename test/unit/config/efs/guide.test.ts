/** The example in the guide to shared storage. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { problemKeys } from "../fixture";

test("the example of docs/storage.md is a valid configuration", () => {
  const guide = readFileSync(join(__dirname, "../../../../docs/storage.md"), "utf8");
  const [, example = ""] = /```yaml\n(.*?)```/s.exec(guide) ?? [];
  const { config } = load(example) as { config: Record<string, unknown> };
  const keys = Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace("okd-aws:", ""), value]));
  expect(Object.keys(keys)).toEqual(["efsFileSystem", "efsRequireTls", "efsVolumes", "storageClasses"]);
  expect(problemKeys(keys)).toEqual([]);
});
