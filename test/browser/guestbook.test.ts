/** The page of the example application as people use it, served by the real program with a real database. */
import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type ApplicationPrograms,
  applicationPrograms,
  databaseArguments,
  databaseUser,
  dataDirectory,
  prepareData,
  removeData,
} from "@okd-aws/sandbox/cluster/applications";
import { freePort } from "@okd-aws/sandbox/free-port";
import { type Browser, chromium, type Page } from "playwright-core";
import { describeWith } from "../engine/requirements";
import { browserArguments, executablePath, inBrowser } from "./browser";

jest.setTimeout(300_000);

const project = join(__dirname, "..", "..");
const shots = join(project, ".sandbox", "pictures");
const root = mkdtempSync(join(tmpdir(), "guestbook-"));
const data = dataDirectory(root, "browser");
const settings = { user: "guestbook", database: "guestbook", password: "it's a \\ secret" };
const processes: ChildProcess[] = [];
let browser: Browser;
let url: string;

function start(command: string, args: readonly string[], env: NodeJS.ProcessEnv, user: object = {}): void {
  processes.push(
    spawn(command, [...args], { env: { PATH: process.env.PATH, LC_ALL: "C.UTF-8", ...env }, cwd: tmpdir(), stdio: "ignore", ...user }),
  );
}

async function untilOpen(port: number): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline;) {
    if (await isOpen(port)) return;
    await sleep(100);
  }
  throw new Error(`nothing listens at port ${port}`);
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      done(true);
    });
    socket.once("error", () => {
      done(false);
    });
  });
}

async function serve({ php, postgres }: ApplicationPrograms): Promise<void> {
  await prepareData(postgres, data, settings);
  const [databasePort, port] = [await freePort(), await freePort()];
  start(postgres, databaseArguments(data, databasePort), {}, databaseUser());
  copyFileSync(join(project, "cluster-objects", "example-application", "guestbook.php"), join(root, "index.php"));
  const { user: PGUSER, database: PGDATABASE, password: PGPASSWORD } = settings;
  const variables = { PGHOST: "127.0.0.1", PGPORT: String(databasePort), PGUSER, PGDATABASE, PGPASSWORD };
  start(php, ["-d", "display_errors=0", "-S", `127.0.0.1:${port}`, "-t", root], variables);
  await Promise.all([untilOpen(databasePort), untilOpen(port)]);
  url = `http://127.0.0.1:${port}/`;
}

describeWith(["php", "postgres"])("the page of the guestbook", () => {
  beforeAll(async () => {
    const programs = await applicationPrograms();
    if (typeof programs === "string") throw new Error(programs);
    await serve(programs);
    mkdirSync(shots, { recursive: true });
    browser = await chromium.launch({ executablePath, args: browserArguments, timeout: 180_000 });
  });

  afterAll(async () => {
    await (browser as Browser | undefined)?.close();
    for (const each of processes) each.kill("SIGKILL");
    removeData(data);
    rmSync(root, { recursive: true, force: true });
  });

  async function openPage(width = 1280): Promise<Page> {
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    await page.goto(url);
    return page;
  }

  async function sign(page: Page, name: string, message: string): Promise<void> {
    await page.getByLabel("Your name").fill(name);
    await page.getByLabel("Message").fill(message);
    await page.getByRole("button", { name: "Sign" }).click();
  }

  inBrowser("an empty guestbook becomes one with the entry that a visitor wrote, and a reload does not write it again", async () => {
    const page = await openPage();
    expect(await page.locator("li").count()).toBe(0);
    await sign(page, "Anna", "Hello from the browser");
    expect(await page.locator("li").allInnerTexts()).toEqual([expect.stringMatching(/^Anna .* UTC\nHello from the browser$/)]);
    await page.reload();
    expect(await page.locator("li").count()).toBe(1);
    await page.screenshot({ path: join(shots, "guestbook.png"), fullPage: true });
    await page.close();
  });

  inBrowser("an entry with HTML and SQL is shown as it was written", async () => {
    const page = await openPage();
    const dialogs: string[] = [];
    page.on("dialog", (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    const hostile = `<script>alert("x")</script>'); DROP TABLE entries; --`;
    await sign(page, "<b>Bert</b>", hostile);
    const [first] = await page.locator("li").allInnerTexts();
    expect(first).toContain("<b>Bert</b>");
    expect(first).toContain(hostile);
    expect(dialogs).toEqual([]);
    await page.close();
  });

  inBrowser("no element is wider than a phone's screen", async () => {
    const page = await openPage(375);
    await sign(page, "a".repeat(50), "b".repeat(500));
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(375);
    await page.close();
  });

  const json = { "content-type": "application/json" };
  const post = (body: object) => fetch(url, { method: "POST", headers: json, body: JSON.stringify(body) });

  test.each([
    ["no name", { message: "hello" }],
    ["a name of spaces", { name: "  ", message: "hello" }],
    ["a name that is too long", { name: "a".repeat(51), message: "hello" }],
    ["a message that is too long", { name: "Anna", message: "é".repeat(501) }],
    ["a message that is no text", { name: "Anna", message: { a: 1 } }],
    ["a zero byte, which PostgreSQL can't store", { name: "Anna", message: "a\u0000b" }],
  ])("an entry with %s is refused", async (_, body) => {
    expect((await post(body)).status).toBe(400);
  });

  test("an entry is deleted only with its key", async () => {
    const made = await post({ name: "smoke", message: "to be deleted" });
    expect(made.status).toBe(201);
    const { id, key } = (await made.json()) as { id: number; key: string };
    const remove = (header: string) => fetch(`${url}?id=${id}`, { method: "DELETE", headers: { "x-entry-key": header } });
    expect((await remove("wrong")).status).toBe(404);
    expect((await remove(key)).status).toBe(200);
    const entries = (await (await fetch(`${url}?format=json`)).json()) as { id: number }[];
    expect(entries.map((entry) => entry.id)).not.toContain(id);
  });

  test("an entry is found by its ID, even if more than a hundred newer entries exist", async () => {
    const { id } = (await (await post({ name: "smoke", message: "an old entry" })).json()) as { id: number };
    for (let count = 0; count < 101; count++) await post({ name: "Anna", message: "later" });
    const ids = async (query: string) =>
      ((await (await fetch(`${url}?format=json${query}`)).json()) as { id: number }[]).map((entry) => entry.id);
    expect(await ids("")).not.toContain(id);
    expect(await ids(`&id=${id}`)).toEqual([id]);
    expect(await ids("&id=0")).toEqual([]);
  });

  test("a request of more than 16 KiB is refused", async () => {
    expect((await post({ name: "Anna", message: "a".repeat(16_384) })).status).toBe(413);
  });

  test("without the database the page says only that it is not available, and the server still counts as alive", async () => {
    processes[0].kill("SIGKILL");
    await sleep(500);
    const broken = await fetch(url);
    expect([broken.status, await broken.json()]).toEqual([503, { error: "the guestbook is not available" }]);
    expect((await fetch(`${url}?probe=live`)).status).toBe(200);
    expect((await fetch(`${url}?probe=ready`)).status).toBe(503);
  });
});
