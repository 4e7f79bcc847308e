import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dump, load } from "js-yaml";
import { describeWithTools } from "../engine/requirements";
import { plannedChanges, type PlannedChange } from "./plan-changes";
import { Site } from "./site";

describeWithTools("plans of a stack that stands", () => {
  let site: Site;

  beforeAll(async () => {
    site = await Site.open();
    await site.said("stack", "select", "--create");
    await site.makeOk("up");
  });

  afterAll(async () => {
    await site.close();
  }, 120_000);

  async function previewOf({ keys, program }: PlannedChange): Promise<string> {
    const stackFile = join(site.directory, "Pulumi.dev.yaml");
    const file = program === undefined ? stackFile : join(site.directory, program.file);
    const right = readFileSync(file, "utf8");
    writeFileSync(file, program === undefined ? withKeys(right, keys ?? {}) : right.replace(program.text, program.becomes));
    try {
      return await site.said("preview", "--json", "--show-sames");
    } finally {
      writeFileSync(file, right);
    }
  }

  test("raw", async () => {
    for (const change of plannedChanges) writeFileSync(`/tmp/plans2/${change.name}.json`, await previewOf(change));
    writeFileSync(`/tmp/plans2/history.json`, await site.said("stack", "history", "--json"));
    const t = Date.now(); await site.said("preview", "--json"); const a = Date.now() - t;
    const u = Date.now(); await site.said("preview", "--json", "--show-sames"); const b = Date.now() - u;
    writeFileSync(`/tmp/plans2/export.json`, await site.said("stack", "export"));
    console.log(a, b);
  });
});

function withKeys(text: string, keys: Readonly<Record<string, unknown>>): string {
  const stack = load(text) as { config: Record<string, unknown> };
  for (const [key, value] of Object.entries(keys)) stack.config[`okd-aws:${key}`] = value;
  return dump(stack);
}
