import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runMain } from "../../lib/run-main";
import { withScratchDirectory } from "../../lib/scratch-directory";
import { markerOf } from "./comment";
import { planInSandbox, planStack } from "./plan";

const usage = `The steps of ci/plan.gitlab-ci.yml.

  npx tsx tools/ci/gitlab.ts plan --stack <stack> --out <dir>
  npx tsx tools/ci/gitlab.ts sandbox-plan --stack <stack> --base <commit> --out <dir>

The plan is written to <dir>/plan.md. If GITLAB_TOKEN (a project access token with the scope api) is set, it is also
posted on the merge request, unless that comes from a fork.
Exit code 0: done; 1: failed, or the plan can't be applied; 2: wrong arguments.
`;

/** Maximum time to wait for one answer, in milliseconds. */
const answerTimeoutMs = 30_000;
/** Items per page, the most that GitLab allows (GitLab REST API, "Pagination"). */
const pageSize = 100;

/** A comment on a merge request. */
interface Note {
  readonly id: number;
  readonly author: { readonly id: number };
  readonly body: string;
  readonly system?: boolean;
}

/** A merge request, from the `CI_…` variables of GitLab's runners. */
export interface MergeRequest {
  /** URL of GitLab's API without a final slash. */
  readonly api: string;
  readonly url: string;
  readonly token: string;
}

/**
 * Posts a stack's plan on a merge request. If an earlier run posted a note, edits that note. Other people's notes are
 * never changed.
 *
 * This module sends its requests without `@gitbeaker/rest` (43.8.0): after a 502 that library sends every request again, up to ten times
 * within a quarter of a second, and offers no way to switch that off. GitLab may have stored the note before the 502, so each attempt may
 * add a note.
 */
export async function writeNote({ api, url, token }: MergeRequest, stack: string, plan: string): Promise<"created" | "edited"> {
  const marker = markerOf(stack);
  const body = `${marker}\n${plan}`;
  const send = async (method: string, address: string, content?: object): Promise<unknown> => {
    const headers = { "PRIVATE-TOKEN": token, "Content-Type": "application/json" };
    const answer = await fetch(address, {
      method,
      headers,
      ...(content && { body: JSON.stringify(content) }),
      signal: AbortSignal.timeout(answerTimeoutMs),
    });
    if (!answer.ok) throw new Error(`GitLab refused ${method} ${address.slice(api.length)}: ${answer.status}`);
    return answer.json();
  };
  const notesUrl = `${url}/notes`;
  const { id: self } = (await send("GET", `${api}/user`)) as { readonly id: number };
  for (let page = 1; ; page++) {
    const notes = (await send("GET", `${notesUrl}?per_page=${pageSize}&page=${page}`)) as Note[];
    const own = notes.find((note) => note.system !== true && note.author.id === self && note.body.startsWith(marker));
    if (own !== undefined) {
      await send("PUT", `${notesUrl}/${own.id}`, { body });
      return "edited";
    }
    if (notes.length < pageSize) break;
  }
  await send("POST", notesUrl, { body });
  return "created";
}

/**
 * The merge request in the runner's environment. Undefined without a token, and for a merge request from a fork: the fork's own code made the plan,
 * so the plan is not posted.
 */
export function mergeRequestOf(environment: NodeJS.ProcessEnv): MergeRequest | undefined {
  const {
    GITLAB_TOKEN: token = "",
    CI_API_V4_URL: api = "",
    CI_PROJECT_ID: project = "",
    CI_MERGE_REQUEST_IID: request = "",
    CI_MERGE_REQUEST_SOURCE_PROJECT_ID: source = "",
  } = environment;
  if (token === "" || !/^\d+$/.test(project) || !/^\d+$/.test(request) || source !== project) return undefined;
  return { api, url: `${api}/projects/${project}/merge_requests/${request}`, token };
}

/** Writes GitLab's token to a file, as Pulumi and the AWS SDKs need it (AWS SDKs reference guide, "Assume role with web identity"). */
async function withWebIdentity<Result>(work: () => Promise<Result>): Promise<Result> {
  const { OKD_AWS_TOKEN: token = "", AWS_ROLE_ARN: role = "" } = process.env;
  if (token === "" || role === "") return work();
  return withScratchDirectory("web-identity", (directory) => {
    const file = join(directory, "token");
    writeFileSync(file, token, { mode: 0o600 });
    process.env.AWS_WEB_IDENTITY_TOKEN_FILE = file;
    return work();
  });
}

async function main(): Promise<number> {
  const text = { type: "string", default: "" } as const;
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { stack: text, out: text, base: text } });
  const { stack, out, base } = values;
  const [command = ""] = positionals;
  if (!["plan", "sandbox-plan"].includes(command) || stack === "" || out === "" || (command === "sandbox-plan" && base === "")) {
    process.stderr.write(usage);
    return 2;
  }
  const { CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: source = "", CI_COMMIT_SHA: commit = "", CI_JOB_URL: link = "" } = process.env;
  // Only merged results pipelines set CI_MERGE_REQUEST_SOURCE_BRANCH_SHA. Such a pipeline checks out the merge with the target branch, not
  // the merge request's last commit (GitLab, "Predefined CI/CD variables").
  const wanted = { stack, out, head: source || commit, link };
  const code = command === "plan" ? await withWebIdentity(() => planStack(wanted)) : await planInSandbox({ ...wanted, base });
  const request = mergeRequestOf(process.env);
  if (request === undefined)
    process.stdout.write(`the plan is only written to ${out}: GITLAB_TOKEN is not set, or the merge request comes from a fork\n`);
  else process.stdout.write(`the note is ${await writeNote(request, stack, readFileSync(join(out, "plan.md"), "utf8"))}\n`);
  return code;
}

if (require.main === module) {
  runMain(main);
}
