/** The report as people read it: on a desktop, on a phone, and in print. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { inBrowser, Viewer } from "./browser";
import { exportedStack, now } from "../component/exported-stack";
import { stackReport } from "../../tools/report/cli";

jest.setTimeout(300_000);

const shots = join(__dirname, "..", "..", ".sandbox", "pictures");
const viewer = new Viewer();
let html: string;
beforeAll(async () => {
  html = await stackReport((await exportedStack(true)).exported, false, now);
  mkdirSync(shots, { recursive: true });
});
afterAll(() => viewer.close());

inBrowser.each([
  [375, "dark", "narrow"],
  [375, "light", "narrow"],
  [1280, "light", "wide"],
] as const)("no element is wider than a screen of %i pixels (%s), and the page shows the %s picture", async (width, scheme, shape) => {
  const { page, asked } = await viewer.open(html, { width, scheme });
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
  const beyond = `[...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > ${width} + 0.5).map((e) => e.outerHTML.slice(0, 80))`;
  expect(await page.evaluate(beyond)).toEqual([]);
  expect(await page.locator("svg.topology:visible").count()).toBe(1);
  expect(await page.locator(`.${shape} svg.topology`).isVisible()).toBe(true);
  expect(asked).toEqual([]);
  await page.screenshot({ path: join(shots, `report-${width}-${scheme}.png`), fullPage: true });
  await page.context().close();
});

inBrowser.each([375, 1280])("each name of an output is on one line on a screen of %i pixels", async (width) => {
  const { page } = await viewer.open(html, { width });
  const broken = `[...document.querySelectorAll("section:first-of-type td:first-child code")].filter((e) => !e.textContent.includes(' ') && e.getClientRects().length > 1).map((e) => e.textContent)`;
  expect(await page.locator("section:first-of-type td:first-child code").count()).toBeGreaterThan(10);
  expect(await page.evaluate(broken)).toEqual([]);
  await page.context().close();
});

inBrowser("text on every background has the contrast of WCAG's level AA, in both color schemes", async () => {
  const contrasts = `(() => {
    const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
    const light = (colour) => { const [r, g, b] = parts(colour).map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4)); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
    const ratio = (one, other) => { const [a, b] = [light(one), light(other)].sort((x, y) => y - x); return (a + 0.05) / (b + 0.05); };
    const paper = getComputedStyle(document.body).backgroundColor;
    const page = [...document.querySelectorAll("p, td, th, li, h1, h2, strong")].map((e) => ratio(getComputedStyle(e).color, paper));
    const picture = [...document.querySelectorAll(".wide svg text")].map((e) => ratio(getComputedStyle(e).fill, getComputedStyle(e.parentElement.children[0]).fill === "none" ? paper : getComputedStyle(e.parentElement.children[0]).fill));
    return Math.min(...page, ...picture);
  })()`;
  for (const scheme of ["light", "dark"] as const) {
    const { page } = await viewer.open(html, { scheme });
    expect(await page.evaluate(contrasts)).toBeGreaterThanOrEqual(4.5);
    await page.context().close();
  }
});

inBrowser("the report prints on A4 pages, with the wide picture", async () => {
  const { page, asked } = await viewer.open(html, { scheme: "dark" });
  await page.emulateMedia({ media: "print" });
  expect(await page.locator(".wide svg.topology").isVisible()).toBe(true);
  const pdf = await page.pdf({ format: "A4", path: join(shots, "report.pdf") });
  expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
  const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  expect(pages).toBeGreaterThanOrEqual(2);
  expect(pages).toBeLessThanOrEqual(10);
  expect(asked).toEqual([]);
  await page.context().close();
});
