/** The example in the guide to monitoring. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { problemKeys } from "../fixture";

test("the example of docs/monitoring.md is a valid configuration, once the receivers have their secrets", () => {
  const guide = readFileSync(join(__dirname, "../../../../docs/monitoring.md"), "utf8");
  const [, example = ""] = /```yaml\n(.*?)```/s.exec(guide) ?? [];
  const { config } = load(example) as { config: Record<string, unknown> };
  const keys = Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace("okd-aws:", ""), value]));
  expect(problemKeys(keys)).toEqual(["alertReceiverSecrets", "alertReceiverSecrets"]);
  const alertReceiverSecrets = { "on-call": "0123456789abcdef", platform: "https://hooks.slack.com/services/x" };
  expect(problemKeys({ ...keys, alertReceiverSecrets })).toEqual([]);
});
