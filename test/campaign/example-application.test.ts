/** The example application behind a public and a private router shard. A browser and `make smoke` use it. */
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { projectDirectory } from "@okd-aws/sandbox";
import { chromium } from "playwright-core";
import { browserArguments, executablePath } from "../browser/browser";
import { newIn } from "../engine/kinds";
import { describeWithTools } from "../engine/requirements";
import { singleNode } from "../engine/single-node";
import { runSmoke } from "../engine/smoke";
import { Topology } from "../engine/topology";

const run = promisify(execFile);

const shard = (name: string, scope: string) => ({
  name,
  domain: `${name}.example.okd.example.com`,
  scope,
  replicas: 1,
  namespaceSelector: { matchExpressions: [{ key: "exposure", operator: "Exists" }] },
  routeSelector: { matchLabels: { exposure: name } },
});

describeWithTools("the example application behind two shards", () => {
  let topology: Topology;
  let urls: Readonly<Record<string, string>>;

  beforeAll(async () => {
    topology = await Topology.open("example-application", { machines: true });
    await topology.configure({
      ...singleNode,
      masterInstanceType: "m6i.4xlarge",
      clusterName: "example",
      release: "4.19.0-okd-scos.1",
      releaseImage: "quay.io/okd/scos-release:4.19.0-okd-scos.1",
      bootstrapTimeout: 8,
      installTimeout: 8,
      routerShards: [shard("public", "External"), shard("private", "Internal")],
      exampleApplication: true,
    });
  });

  afterAll(async () => {
    await (topology as Topology | undefined)?.close();
  });

  it("is written and read through both, also after a restart of the database", async () => {
    const before = await topology.inventory();
    await topology.up();
    urls = (await topology.outputs()).exampleApplicationUrls as Readonly<Record<string, string>>;
    expect(Object.keys(urls).sort()).toEqual(["private", "public"]);
    const outcome = await runSmoke(topology);
    expect([outcome.code, outcome.steps.filter(({ problem }) => problem !== undefined)]).toEqual([0, []]);
    await inBrowser();
    await notThroughTheOther();
    await topology.expectNoChanges();
    await topology.destroy();
    expect(newIn(before, await topology.inventory())).toEqual({});
  });

  /** A person writes through one shard and reads through the other. The sandbox's front door is the browser's proxy; smoke verifies TLS. */
  async function inBrowser(): Promise<void> {
    const proxy = { server: topology.sandbox.environment.HTTPS_PROXY };
    const browser = await chromium.launch({ executablePath, args: browserArguments, proxy, timeout: 180_000 });
    try {
      const page = await browser.newPage({ ignoreHTTPSErrors: true });
      await page.goto(urls.public);
      await page.getByLabel("Your name").fill("Anna");
      await page.getByLabel("Message").fill("written on the public page");
      await page.getByRole("button", { name: "Sign" }).click();
      await page.goto(urls.private);
      expect(await page.locator("li").allInnerTexts()).toEqual([expect.stringContaining("written on the public page")]);
      const shots = join(projectDirectory, ".sandbox", "pictures");
      mkdirSync(shots, { recursive: true });
      await page.screenshot({ path: join(shots, "guestbook-private.png"), fullPage: true });
    } finally {
      await browser.close();
    }
  }

  /** Expects that each Route is admitted by its own shard and not by the other shard. */
  async function notThroughTheOther(): Promise<void> {
    const kubeconfig = join(topology.sandbox.directory, "kubeconfig");
    writeFileSync(kubeconfig, String((await topology.outputs()).kubeconfig), { mode: 0o600 });
    const env = topology.sandbox.processEnvironment;
    const { stdout } = await run(
      "kubectl",
      ["--kubeconfig", kubeconfig, "get", "routes", "--namespace", "okd-aws-example", "--output", "json"],
      { env },
    );
    const { items } = JSON.parse(stdout) as {
      items: { metadata: { name: string }; status: { ingress: { routerName: string }[] } }[];
    };
    expect(items.map(({ metadata, status }) => [metadata.name, status.ingress.map(({ routerName }) => routerName)])).toEqual([
      ["guestbook-private", ["private"]],
      ["guestbook-public", ["public"]],
    ]);
    const log = readFileSync(join(topology.sandbox.directory, "cluster", "simulator.log"), "utf8");
    expect(log).toMatch(/guestbook-database-0: in the place of its container runs PostgreSQL as a process/);
  }
});
