/** Pictures of every topology in a browser: no text or box overlaps another or is cut, and Mermaid draws the output. */
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Page } from "playwright-core";
import { topologyOf } from "../../tools/topology/topology";
import { inBrowser, Viewer } from "./browser";
import { devResources, exampleResources, servicesResources, shard } from "../component/stacks";
import type { Resource } from "../../lib/pulumi/resource";
import { mermaid } from "../../tools/topology/mermaid";
import { svg } from "../../tools/topology/svg";

jest.setTimeout(300_000);

const shots = join(__dirname, "..", "..", ".sandbox", "pictures");
const long = "a-very-long-name-of-a-department.that-nobody.would-ever-type-twice.but-somebody-did.okd.example.com";
const shards = Array.from({ length: 7 }, (_, number) =>
  shard(`shard-${number}`, number === 0 ? long : `apps-${number}.example.com`, number % 2 === 0 ? "External" : "Internal", [
    "203.0.113.0/24",
  ]),
);

/** Turns the resources of a stack into those of a stack in an existing VPC, which does not declare the VPC and its subnets. */
const existing = (resources: readonly Resource[]) =>
  resources
    .filter(({ type }) => !/^aws:ec2\/(subnet|vpc|natGateway):/.test(type))
    .map((one) => ({ ...one, propertyDependencies: undefined }));

const stacks: readonly (readonly [string, () => Promise<readonly Resource[]>])[] = [
  ["dev", () => devResources()],
  ["ha", () => exampleResources("ha")],
  ["compact", () => exampleResources("compact", { distribution: "okd", release: "4.22.0-okd-scos.7" })],
  ["single-node", () => exampleResources("single-node")],
  ["private", () => exampleResources("private")],
  ["existing-vpc", async () => existing(await devResources())],
  ["services", servicesResources],
  ["500-workers", () => devResources({ workerCount: 500 })],
  ["router-shards", async () => [...(await devResources()), ...shards]],
];

/** The problems that picture-problems.js finds. */
async function pictureProblems(page: Page): Promise<readonly string[]> {
  await page.addScriptTag({ path: join(__dirname, "picture-problems.js") });
  return page.evaluate<string[]>("pictureProblems()");
}

const viewer = new Viewer();
afterAll(() => viewer.close());

describe.each(stacks)("%s", (name, made) => {
  let topology: ReturnType<typeof topologyOf>;
  beforeAll(async () => {
    topology = topologyOf(await made());
  });

  inBrowser.each([
    ["wide", 3, "light"],
    ["narrow", 1, "dark"],
  ] as const)("no part of the %s picture overlaps another part or is cut", async (shape, columns, scheme) => {
    const { page, asked } = await viewer.open(`<body style="margin:0">${svg(topology, columns).source}</body>`, { scheme });
    expect(await pictureProblems(page)).toEqual([]);
    expect(await page.locator("svg g.machines").count()).toBe(
      topology.zones.flatMap(({ subnets }) => subnets.flatMap(({ machines }) => machines)).length,
    );
    expect(await page.locator("path.arrow").count()).toBe(
      [...topology.balancers, ...topology.routers].filter((entryPoint) => entryPoint.public).length,
    );
    expect(asked).toEqual([]);
    mkdirSync(shots, { recursive: true });
    await page.locator("svg").screenshot({ path: join(shots, `${name}-${shape}-${scheme}.png`) });
    await page.context().close();
  });

  inBrowser("Mermaid draws the topology, with every group of instances", async () => {
    const { page } = await viewer.open("<body></body>");
    await page.addScriptTag({ path: join(dirname(require.resolve("mermaid/package.json")), "dist", "mermaid.min.js") });
    const script = `mermaid.render("picture", ${JSON.stringify(mermaid(topology))}).then(({ svg }) => ((document.body.innerHTML = svg), document.body.innerText))`;
    const drawn = await page.evaluate<string>(script);
    for (const { group } of topology.zones.flatMap(({ subnets }) => subnets.flatMap(({ machines }) => machines)))
      expect(drawn).toContain(group);
    expect(drawn).not.toMatch(/#\d+;/);
    await page.context().close();
  });
});

inBrowser("the picture escapes names that contain markup", async () => {
  const name = `</text><script>alert("1")</script> & 'x' -->|"y"| #quot; \u0000`;
  const balancer: Resource = { type: "aws:lb/loadBalancer:LoadBalancer", urn: "urn:pulumi:dev::okd-aws::x::y", inputs: { name } };
  const topology = topologyOf([balancer]);
  const { page } = await viewer.open(`<body>${svg(topology).source}</body>`);
  expect(await page.locator("script").count()).toBe(0);
  expect(await pictureProblems(page)).toEqual([]);
  const shown = await page.locator("svg .entry-point text").allTextContents();
  expect(shown.join("").replaceAll(/\s/g, "")).toContain(`</text><script>alert("1")</script>&'x'-->|"y"|#quot;`);
});
