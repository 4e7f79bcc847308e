import { describeWithTools } from "../engine/requirements";
import { normalized } from "./normalized";
import { Site } from "./site";

/** Rebuilds a cluster several times from one configuration. Each rebuild must give a new cluster with the same inventory. */
describeWithTools("a cluster that is rebuilt", () => {
  let site: Site;
  const infraIds: string[] = [];
  const figures: string[] = [];
  let first: ReturnType<typeof normalized>;

  beforeAll(async () => {
    site = await Site.open();
    const { seconds } = await site.makeOk("up");
    figures.push(`up: ${seconds.toFixed(0)} s`);
    const { infraId } = await site.outputs();
    infraIds.push(String(infraId));
    first = normalized(await site.inventory(), String(infraId));
  });

  afterAll(async () => {
    console.log(figures.join("\n"));
    await site.close();
  }, 120_000);

  test.each([1, 2, 3])("has a new infraID and the same inventory after rebuild %d", async (time) => {
    const { seconds } = await site.makeOk("rebuild");
    figures.push(`rebuild ${time}: ${seconds.toFixed(0)} s`);
    const infraId = String((await site.outputs()).infraId);
    expect(infraIds).not.toContain(infraId);
    infraIds.push(infraId);
    const inventory = await site.inventory();
    for (const gone of infraIds.slice(0, -1)) expect(JSON.stringify(inventory)).not.toContain(gone);
    expect(normalized(inventory, infraId)).toEqual(first);
  });

  test("leaves the account as it was when it is destroyed", async () => {
    const { seconds } = await site.makeOk("destroy");
    figures.push(`destroy: ${seconds.toFixed(0)} s`);
    expect(await site.inventory()).toEqual(site.sandbox.baseline());
  });
});
