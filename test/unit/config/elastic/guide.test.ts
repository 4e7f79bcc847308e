/** The example in the guide to logs in Elasticsearch. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { problemKeys } from "../fixture";

test("the example of docs/elastic.md is a valid configuration after passwords are added", () => {
  const guide = readFileSync(join(__dirname, "../../../../docs/elastic.md"), "utf8");
  const [, example = ""] = /```yaml\n(.*?)```/s.exec(guide) ?? [];
  const { config } = load(example) as { config: Record<string, unknown> };
  const keys = Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace("okd-aws:", ""), value]));
  expect(problemKeys(keys)).toEqual(["elasticUserPasswords", "elasticUserPasswords"]);
  expect(problemKeys({ ...keys, elasticUserPasswords: { anna: "correct horse battery", auditor: "staple of a battery" } })).toEqual([]);
});
