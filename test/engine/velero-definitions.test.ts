import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { ensureToolchain } from "@okd-aws/sandbox/toolchain";

const file = join(__dirname, "..", "..", "cluster-objects", "velero", "crds.json");

/** A definition without the descriptions of its fields, which are two thirds of it. A field that is called description stays. */
function withoutDescriptions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDescriptions);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => key !== "description" || typeof inner !== "string")
      .map(([key, inner]) => [key, withoutDescriptions(inner)]),
  );
}

test("the program installs the definitions of the pinned version of Velero", async () => {
  const { tools } = await ensureToolchain(["velero-definitions"]);
  const directory = tools["velero-definitions"];
  const definitions = readdirSync(directory)
    .sort()
    .map((name) => withoutDescriptions(load(readFileSync(join(directory, name), "utf8"))));
  const text = `${JSON.stringify(definitions)}\n`;
  if (process.env.UPDATE_GOLDEN === "velero") writeFileSync(file, text);
  expect(definitions.length).toBe(13);
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(JSON.parse(text));
});
