import { randomUUID } from "node:crypto";
import { type Clock } from "../../lib/clock";
import type { exchange, Reply } from "../../lib/https";
import { reasonOf } from "../../lib/reason";

/** A route of the guestbook. */
export interface GuestbookRoute {
  /** Name of the router. */
  readonly router: string;
  readonly url: string;
}

/** An entry that this program has written, with the key that deletes it. */
export interface WrittenEntry {
  readonly id: number;
  readonly key: string;
  readonly message: string;
}

export interface GuestbookContext {
  readonly fetch: typeof exchange;
  /** PEM texts of the CAs to trust. */
  readonly ca: readonly string[];
  readonly clock: Clock;
}

/** Milliseconds between two attempts. */
const PAUSE_MS = 2000;

/** Entries that the guestbook keeps (cluster-objects/example-application/guestbook.php, KEPT). */
const KEPT_ENTRIES = 1000;

/** The guestbook's page and API, requested through the routes as its users do. */
export class Guestbook {
  constructor(private readonly context: GuestbookContext) {}

  /** Checks that the page is served. @throws Error with the route and the reason */
  async page(route: GuestbookRoute): Promise<void> {
    const { body } = await this.request(route, "", { headers: { accept: "text/html" } });
    if (!body.includes("<title>Guestbook</title>")) throw new Error(`${route.url} returns a page that is not the guestbook's page`);
  }

  /** Writes an entry. */
  async write(route: GuestbookRoute): Promise<WrittenEntry> {
    const message = `written by make smoke through the router ${route.router}: ${randomUUID()}`;
    const { body } = await this.request(route, "", { method: "POST", body: { name: "make smoke", message } }, 201);
    const { id, key } = JSON.parse(body) as Pick<WrittenEntry, "id" | "key">;
    return { id, key, message };
  }

  /** Checks that the guestbook shows the entries as they were written. @throws Error that names the missing entries */
  async read(route: GuestbookRoute, wanted: readonly WrittenEntry[]): Promise<void> {
    const missing: WrittenEntry[] = [];
    for (const entry of wanted) {
      const found = await this.entries(route, `?format=json&id=${entry.id}`);
      if (!found.some(({ id, message }) => id === entry.id && message === entry.message)) missing.push(entry);
    }
    if (missing.length === 0) return;
    const newest = (await this.entries(route, "?format=json")).at(0)?.id ?? 0;
    const flooded = missing.every(({ id }) => newest - id >= KEPT_ENTRIES);
    const why = flooded ? `. ${KEPT_ENTRIES} other entries were written since, so the guestbook has deleted it` : "";
    throw new Error(`${route.url} does not show what was written: ${missing.map(({ message }) => message).join("; ")}${why}`);
  }

  private async entries(route: GuestbookRoute, query: string): Promise<readonly { readonly id: number; readonly message: string }[]> {
    return JSON.parse((await this.request(route, query)).body) as readonly { readonly id: number; readonly message: string }[];
  }

  /** Deletes an entry. */
  async remove(route: GuestbookRoute, { id, key }: WrittenEntry): Promise<void> {
    await this.request(route, `?id=${id}`, { method: "DELETE", headers: { "x-entry-key": key } });
  }

  /** Repeats a request until it succeeds. @throws the request's last error after the time limit */
  async eventually(minutes: number, question: () => Promise<void>): Promise<void> {
    const { clock } = this.context;
    for (const deadline = clock.now() + minutes * 60_000; ;) {
      try {
        await question();
        return;
      } catch (error) {
        if (clock.now() > deadline) throw error;
      }
      await clock.pause(PAUSE_MS);
    }
  }

  private async request(
    { router, url }: GuestbookRoute,
    query: string,
    request: Parameters<typeof exchange>[1] = {},
    wanted = 200,
  ): Promise<Reply> {
    const { fetch, ca } = this.context;
    const reply = await fetch(`${url}${query}`, { ...request, ca }).catch((error: unknown) => {
      throw new Error(
        `${url} does not answer through the router ${router}: ${reasonOf(error)}. ` +
          `If the router's scope is Internal, run the command on a computer in the cluster's network`,
        { cause: error },
      );
    });
    if (reply.status === wanted) return reply;
    const said = reply.body.slice(0, 200).trim();
    throw new Error(`${url} answers ${request.method ?? "GET"} with the status ${reply.status}, not ${wanted}: ${said}`);
  }
}
