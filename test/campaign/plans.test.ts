import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dump, load } from "js-yaml";
import { type Resource, resourcesOfExport } from "../../lib/pulumi/resource";
import type { Preview } from "../../lib/pulumi/change";
import { valuesOfStackFile } from "../../tools/plan/stack-file";
import { describeWithTools } from "../engine/requirements";
import { type Fixture, fixtureFile, goldenFile, summaryOf } from "../unit/tools/plan/fixture";
import { plannedChanges, type PlannedChange } from "./plan-changes";
import { trimmedPreview, trimmedState } from "./plan-recording";
import { Site } from "./site";

const recording = process.env.UPDATE_GOLDEN === "plans";

/**
 * Checks that the summaries of the unit tests agree with the Pulumi engine's own previews. UPDATE_GOLDEN=plans records the previews and golden
 * texts again. `test/unit/tools/plan/recorded-plans.test.ts` has the facts that a reviewer must see in them.
 */
describeWithTools("a summary of a preview of an existing stack", () => {
  let site: Site;
  let standing: Resource[];
  let infraId: string;
  let stackFile: string;

  beforeAll(async () => {
    site = await Site.open();
    stackFile = join(site.directory, "Pulumi.dev.yaml");
    await site.said("stack", "select", "--create");
    await site.makeOk("up");
    const exported: unknown = JSON.parse(await site.said("stack", "export"));
    infraId = String((await site.outputs()).infraId);
    standing = trimmedState(resourcesOfExport(exported), infraId);
    if (recording) writeFileSync(fixtureFile("standing"), `${JSON.stringify(standing, undefined, 1)}\n`);
  });

  afterAll(async () => {
    await site.close();
  }, 120_000);

  test.each(plannedChanges)("has the golden text: $name", async (change) => {
    const before = valuesOfStackFile(readFileSync(stackFile, "utf8"));
    const fixture = await withChange(change, async (): Promise<Fixture> => {
      const preview = JSON.parse(await site.said("preview", "--json")) as Preview;
      return { preview: trimmedPreview(preview, infraId), keys: { before, after: valuesOfStackFile(readFileSync(stackFile, "utf8")) } };
    });
    const text = summaryOf(fixture, standing);
    if (recording) {
      writeFileSync(fixtureFile(change.name), `${JSON.stringify(fixture, undefined, 1)}\n`);
      writeFileSync(goldenFile(change.name), text);
    }
    expect(text).toBe(readFileSync(goldenFile(change.name), "utf8"));
  });

  test("is also printed by make plan: the headline, the cost and the changed key", async () => {
    const [scaled] = plannedChanges;
    await withChange(scaled, async () => {
      const { code, text } = await site.make(`plan STACK=${Site.stack}`);
      expect(text).toContain("Creates 2 instances and costs $");
      expect(text).toContain("workerCount: 3 → 5");
      expect(text).toMatch(/Cost: \$[\d,.]+ → \$[\d,.]+ a month \(\+\$[\d.]+\)/);
      expect(code).toBe(0);
    });
  });

  async function withChange<Result>({ keys, program }: PlannedChange, work: () => Promise<Result>): Promise<Result> {
    const file = program === undefined ? stackFile : join(site.directory, program.file);
    const right = readFileSync(file, "utf8");
    if (program !== undefined && !right.includes(program.text)) throw new Error(`${program.file} does not contain ${program.text}`);
    writeFileSync(file, program === undefined ? withKeys(right, keys ?? {}) : right.replace(program.text, program.becomes));
    try {
      return await work();
    } finally {
      writeFileSync(file, right);
    }
  }
});

function withKeys(text: string, keys: NonNullable<PlannedChange["keys"]>): string {
  const stack = load(text) as { readonly config: Readonly<Record<string, unknown>> };
  const own = Object.entries(stack.config).map(([key, value]) => [key.replace(/^okd-aws:/, ""), value]);
  const become = typeof keys === "function" ? keys(Object.fromEntries(own) as Record<string, unknown>) : keys;
  const added = Object.fromEntries(Object.entries(become).map(([key, value]) => [`okd-aws:${key}`, value]));
  return dump({ ...stack, config: { ...stack.config, ...added } });
}
