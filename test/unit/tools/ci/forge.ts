import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { CommentOrIssue } from "../../../../tools/ci/github";

/** A server in place of GitHub's and GitLab's API. It keeps comments and issues in memory. */
export class Forge {
  readonly calls: string[] = [];
  /** Status with which POST requests are answered although their content is stored, as by a proxy that gave up; undefined for success. */
  lost: number | undefined;
  comments: CommentOrIssue[] = [];
  issues: CommentOrIssue[] = [];
  pull = { number: 7, state: "open", head: { sha: "abc" } };
  private server!: Server;
  url = "";

  async start(): Promise<void> {
    this.server = createServer((request, response) => {
      let text = "";
      request.on("data", (part: Buffer) => (text += part.toString()));
      request.on("end", () => {
        const body = (text === "" ? {} : JSON.parse(text)) as Record<string, never>;
        const [path, query = ""] = (request.url ?? "").split("?");
        this.calls.push(`${request.method ?? ""} ${path}`);
        const search = new URLSearchParams(query);
        const page = Number(search.get("page") ?? "1");
        const answer = this.answer(request.method ?? "", path, body, page);
        const lost = request.method === "POST" ? this.lost : undefined;
        response.statusCode = answer === undefined ? 404 : (lost ?? 200);
        response.setHeader("Content-Type", "application/json; charset=utf-8");
        search.set("page", String(page + 1));
        if (Array.isArray(answer) && answer.length === 100)
          response.setHeader("Link", `<${this.url}${path}?${search.toString()}>; rel="next"`);
        response.end(JSON.stringify(response.statusCode === 200 ? answer : { message: lost === undefined ? "Not Found" : "Bad Gateway" }));
      });
    });
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private answer(method: string, path: string, body: Record<string, never>, page: number): unknown {
    const bot = { login: "github-actions[bot]", type: "Bot" };
    const some = <Item>(items: readonly Item[]) => items.slice((page - 1) * 100, page * 100);
    if (path === "/user") return { id: 5 };
    const comments = /\/(issues\/7\/comments|notes)$/.test(path);
    const one = /\/(issues\/comments|notes)\/(\d+)$/.exec(path);
    const issue = /\/issues\/(\d+)$/.exec(path);
    if (comments && method === "GET") return some(this.comments);
    if (comments) return this.comments.push({ id: this.comments.length + 1, ...body, user: bot, ...{ author: { id: 5 } } });
    if (one) return Object.assign(this.comments.find(({ id }) => id === Number(one[2])) ?? {}, body);
    if (path.endsWith("/issues") && method === "GET") return some(this.issues);
    if (path.endsWith("/issues")) return this.issues.push({ id: 1, number: 7, ...body });
    if (issue) return Object.assign(this.issues.find(({ number }) => number === Number(issue[1])) ?? {}, body);
    return path.endsWith("/pulls/7") ? this.pull : undefined;
  }
}
