/** The part of a comment or an issue that is used. */
export interface Written {
  readonly id: number;
  readonly number?: number;
  readonly title?: string;
  readonly body?: string | null;
  readonly user?: { readonly login: string; readonly type: string } | null;
  readonly pull_request?: unknown;
}

export interface PullRequest {
  readonly number: number;
  readonly state: string;
  readonly head: { readonly sha: string };
}

export interface GitHubOptions {
  /** URL of the API without a final slash; `GITHUB_API_URL` on a runner. */
  readonly url: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly token: string;
}

/** Milliseconds for one answer. */
const patience = 30_000;
/** Items per page, the most that GitHub allows (GitHub REST API, "Using pagination"). */
const pageSize = 100;

/** The part of GitHub's API that the workflows need. */
export class GitHub {
  constructor(private readonly options: GitHubOptions) {}

  /** @throws Error that names the missing environment variable. */
  static ofRunner(environment: NodeJS.ProcessEnv): GitHub {
    const variable = (name: string): string => {
      const value = environment[name] ?? "";
      if (value === "")
        throw new Error(`${name} is not set: run this in a GitHub Actions workflow, and pass the workflow's token as GITHUB_TOKEN`);
      return value;
    };
    return new GitHub({ url: variable("GITHUB_API_URL"), repository: variable("GITHUB_REPOSITORY"), token: variable("GITHUB_TOKEN") });
  }

  comments(issue: number): Promise<Written[]> {
    return this.all<Written>(`issues/${issue}/comments`);
  }

  async comment(issue: number, body: string): Promise<void> {
    await this.send("POST", `issues/${issue}/comments`, { body });
  }

  async editComment(id: number, body: string): Promise<void> {
    await this.send("PATCH", `issues/comments/${id}`, { body });
  }

  /** Open issues with a label, without pull requests, which GitHub also lists as issues. */
  async openIssues(label: string): Promise<Written[]> {
    const found = await this.all<Written>(`issues?state=open&labels=${encodeURIComponent(label)}`);
    return found.filter((issue) => issue.pull_request === undefined);
  }

  async openIssue(title: string, body: string, labels: readonly string[]): Promise<void> {
    await this.send("POST", "issues", { title, body, labels });
  }

  async editIssue(number: number, change: { readonly body?: string; readonly state?: "closed" }): Promise<void> {
    await this.send("PATCH", `issues/${number}`, change);
  }

  async pullRequest(number: number): Promise<PullRequest> {
    return (await this.send("GET", `pulls/${number}`)) as PullRequest;
  }

  private async all<Item>(path: string): Promise<Item[]> {
    const items: Item[] = [];
    for (let page = 1; ; page++) {
      const next = (await this.send("GET", `${path}${path.includes("?") ? "&" : "?"}per_page=${pageSize}&page=${page}`)) as Item[];
      items.push(...next);
      if (next.length < pageSize) return items;
    }
  }

  private async send(method: string, path: string, body?: object): Promise<unknown> {
    const { url, repository, token } = this.options;
    const answer = await fetch(`${url}/repos/${repository}/${path}`, {
      method,
      headers: {
        Accept: "application/vnd.github+json",
        Authorization: `Bearer ${token}`,
        "X-GitHub-Api-Version": "2022-11-28",
        ...(body && { "Content-Type": "application/json" }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(patience),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`GitHub refused ${method} ${path}: ${answer.status} ${messageOf(text)}`);
    return text === "" ? undefined : JSON.parse(text);
  }
}

function messageOf(text: string): string {
  try {
    return (JSON.parse(text) as { message?: string }).message ?? text;
  } catch {
    return text.slice(0, 200);
  }
}
