/** Opens pages in Debian's Chromium without a window. */
import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";

export const executablePath = "/usr/bin/chromium";

/** Arguments of Chromium. Its own sandbox is off, because tests may run as root. Its requests to Google's servers are off, too. */
export const browserArguments = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
].concat(...["--disable-component-update", "--disable-sync"]);

/** Time limit of a start, in milliseconds. Chromium starts in a second, and on a busy machine in a minute. */
const timeout = 180_000;

/** `test` if Chromium is installed. Without Chromium the tests are skipped with a message, but in CI they run and fail. */
export const inBrowser: jest.It = existsSync(executablePath) || process.env.CI === "true" ? test : skipped();

function skipped(): jest.It {
  console.warn(`skipped: ${executablePath} does not exist; install Debian's package chromium to test pages`);
  return test.skip;
}

export interface View {
  readonly width?: number;
  readonly scheme?: "light" | "dark";
}

/** Shows pages in one browser, which starts with the first page. */
export class Viewer {
  private browser: Promise<Browser> | undefined;

  /** Opens a page with this content. Returns the page and every address that it requested. */
  async open(html: string, { width = 1280, scheme = "light" }: View = {}): Promise<{ page: Page; asked: readonly string[] }> {
    this.browser ??= chromium.launch({ executablePath, args: browserArguments, timeout });
    const context = await (await this.browser).newContext({ viewport: { width, height: 900 }, colorScheme: scheme });
    context.setDefaultTimeout(timeout);
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
