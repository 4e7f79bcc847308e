/** The example in the guide to operators. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { catalogInImage } from "@okd-aws/sandbox/cluster/olm-stand-in";
import { problemKeys } from "../fixture";

const guide = readFileSync(join(__dirname, "../../../../docs/operators.md"), "utf8");
const { config } = load(/```yaml\n(.*?)```/s.exec(guide)?.[1] ?? "") as {
  config: Record<string, { name: string; channel: string; startingCSV: string }[]>;
};

test("the example of docs/operators.md is a valid configuration", () => {
  expect(problemKeys({ operators: config["okd-aws:operators"] })).toEqual([]);
});

test("the example of an operator of version 1 of OLM is a valid configuration", () => {
  const example = [...guide.matchAll(/```yaml\n(.*?)```/gs)].map(([, text]) => text).find((text) => text.includes("generation: 1"));
  const { config: found } = load(example ?? "") as { config: Record<string, unknown> };
  expect(problemKeys({ operators: found["okd-aws:operators"] })).toEqual([]);
});

test("the example of docs/operators.md names a package, a channel and a version that the catalog has", () => {
  const [{ name, channel, startingCSV }] = config["okd-aws:operators"];
  const found = catalogInImage("registry.redhat.io/redhat/community-operator-index:v4.19")?.packages.find((each) => each.name === name);
  expect(found?.channels.find((each) => each.name === channel)?.entries.map((entry) => entry.name)).toContain(startingCSV);
});
