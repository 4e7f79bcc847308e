import type { Octokit } from "@octokit/rest";

/** The part of a comment or an issue that is used. */
export interface CommentOrIssue {
  readonly id: number;
  readonly number?: number;
  readonly title?: string;
  readonly body?: string | null;
  readonly user?: { readonly login: string; readonly type: string } | null;
  readonly pull_request?: unknown;
}

/** The part of a pull request that is used. */
export interface PullRequest {
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

/** Maximum time to wait for one answer, in milliseconds. */
const answerTimeoutMs = 30_000;
/** Items per page, the most that GitHub allows (GitHub REST API, "Using pagination"). */
const pageSize = 100;

/** The part of GitHub's API that the workflows need. An error names the request, the status and GitHub's message, and not the token. */
export class GitHub {
  private constructor(
    private readonly octokit: Octokit,
    private readonly place: { readonly owner: string; readonly repo: string },
  ) {}

  /** Loads GitHub's own client. It is an ES module, which `import()` loads in every release of Node.js 20. */
  static async of({ url, repository, token }: GitHubOptions): Promise<GitHub> {
    const { Octokit } = await import("@octokit/rest");
    const [owner = "", repo = ""] = repository.split("/");
    // Octokit must not log errors: the caller prints them.
    const octokit = new Octokit({ baseUrl: url, auth: token, log: { ...console, debug: ignore, info: ignore, error: ignore } });
    octokit.hook.before("request", (options) => {
      options.headers["x-github-api-version"] = "2022-11-28";
      options.request = { ...options.request, signal: AbortSignal.timeout(answerTimeoutMs) };
    });
    octokit.hook.error("request", (error) => {
      if (!("request" in error)) throw error;
      const asked = `${error.request.method} ${error.request.url.replace(`${url}/repos/${repository}/`, "")}`;
      if (error.response === undefined) throw new Error(`GitHub did not answer ${asked}: ${error.message}`);
      throw new Error(`GitHub refused ${asked}: ${error.status} ${messageOf(error.response.data)}`);
    });
    return new GitHub(octokit, { owner, repo });
  }

  /** @throws Error that names the missing environment variable. */
  static ofRunner(environment: NodeJS.ProcessEnv): Promise<GitHub> {
    const variable = (name: string): string => {
      const value = environment[name] ?? "";
      if (value === "")
        throw new Error(`${name} is not set: run this in a GitHub Actions workflow, and pass the workflow's token as GITHUB_TOKEN`);
      return value;
    };
    return GitHub.of({ url: variable("GITHUB_API_URL"), repository: variable("GITHUB_REPOSITORY"), token: variable("GITHUB_TOKEN") });
  }

  comments(issue: number): Promise<CommentOrIssue[]> {
    const { paginate, rest } = this.octokit;
    return paginate(rest.issues.listComments, { ...this.place, issue_number: issue, per_page: pageSize });
  }

  async comment(issue: number, body: string): Promise<void> {
    await this.octokit.rest.issues.createComment({ ...this.place, issue_number: issue, body });
  }

  async editComment(id: number, body: string): Promise<void> {
    await this.octokit.rest.issues.updateComment({ ...this.place, comment_id: id, body });
  }

  /** Open issues with a label, without pull requests, which GitHub also lists as issues. */
  async openIssues(label: string): Promise<CommentOrIssue[]> {
    const { paginate, rest } = this.octokit;
    const found = await paginate(rest.issues.listForRepo, { ...this.place, state: "open", labels: label, per_page: pageSize });
    return found.filter((issue) => issue.pull_request === undefined);
  }

  async openIssue(title: string, body: string, labels: string[]): Promise<void> {
    await this.octokit.rest.issues.create({ ...this.place, title, body, labels });
  }

  async editIssue(number: number, change: { readonly body?: string; readonly state?: "closed" }): Promise<void> {
    await this.octokit.rest.issues.update({ ...this.place, issue_number: number, ...change });
  }

  async pullRequest(number: number): Promise<PullRequest> {
    return (await this.octokit.rest.pulls.get({ ...this.place, pull_number: number })).data;
  }
}

function ignore(): void {
  // Nothing is printed.
}

/** The message in GitHub's answer, or the start of an answer that does not come from GitHub, such as a proxy's page. */
function messageOf(data: unknown): string {
  const { message } = (typeof data === "object" && data !== null ? data : {}) as { readonly message?: string };
  return message ?? String(data).slice(0, 200);
}
