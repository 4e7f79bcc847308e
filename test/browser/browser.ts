/** Pages as people see them: Debian's Chromium without a window. */
import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";

const executablePath = "/usr/bin/chromium";

/** No sandbox, since tests may run as root; and without what asks its makers' servers. */
const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"].concat(
  ...["--disable-component-update", "--disable-sync"],
);

/** Starting takes a second, and on a busy machine a minute. */
const patience = 180_000;

/** `test`, where there is a Chromium; without one, what says so and skips, but for CI, where it has to be there. */
export const inBrowser: jest.It = existsSync(executablePath) || process.env.CI === "true" ? test : skipped();

function skipped(): jest.It {
  console.warn(`skipped: there is no ${executablePath} to look at pages with (Debian's package chromium)`);
  return test.skip;
}

export interface View {
  readonly width?: number;
  readonly scheme?: "light" | "dark";
}

/** Shows pages in one browser, which is started with the first of them. */
export class Viewer {
  private browser: Promise<Browser> | undefined;

  /** A page with that content, and every address that it asked for. */
  async open(html: string, { width = 1280, scheme = "light" }: View = {}): Promise<{ page: Page; asked: readonly string[] }> {
    this.browser ??= chromium.launch({ executablePath, args, timeout: patience });
    const context = await (await this.browser).newContext({ viewport: { width, height: 900 }, colorScheme: scheme });
    context.setDefaultTimeout(patience);
    const asked: string[] = [];
    await context.route("**", (route) => {
      asked.push(route.request().url());
      return route.abort();
    });
    const page = await context.newPage();
    await page.setContent(html);
    return { page, asked };
  }

  async close(): Promise<void> {
    await (await this.browser)?.close();
  }
}
