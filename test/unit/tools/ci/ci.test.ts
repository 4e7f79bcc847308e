import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { forkComment } from "../../../../tools/ci/fork";
import { markerOf, withinLimit, writeComment } from "../../../../tools/ci/comment";
import { MAX_COMMENT_CHARACTERS } from "../../../../tools/plan/show";
import { reportDrift } from "../../../../tools/ci/drift";
import { GitHub } from "../../../../tools/ci/github";
import { mergeRequestOf, writeNote } from "../../../../tools/ci/gitlab";
import { Forge } from "./forge";

// Each call starts a Node.js process, which takes seconds on a busy machine.
jest.setTimeout(60_000);

let forge: Forge;
let github: GitHub;
beforeEach(async () => {
  forge = new Forge();
  await forge.start();
  github = await GitHub.of({ url: forge.url, repository: "example/okd", token: "s3cret" });
});
afterEach(() => {
  forge.stop();
});

describe("the comment with a plan", () => {
  test("is written once for each stack, and edited afterwards", async () => {
    expect(await writeComment(github, 7, "prod", "first")).toBe("created");
    expect(await writeComment(github, 7, "test", "other")).toBe("created");
    expect(await writeComment(github, 7, "prod", "second")).toBe("edited");
    expect(forge.comments.map(({ body }) => body)).toEqual([`${markerOf("prod")}\nsecond`, `${markerOf("test")}\nother`]);
  });

  test("is found behind a hundred other comments, and a person's comment that quotes it is not edited", async () => {
    const person = { login: "anna", type: "User" };
    forge.comments = Array.from({ length: 120 }, (_, id) => ({ id: id + 1000, body: `${markerOf("prod")}\nquoted`, user: person }));
    expect(await writeComment(github, 7, "prod", "first")).toBe("created");
    expect(await writeComment(github, 7, "prod", "second")).toBe("edited");
    expect(forge.comments).toHaveLength(121);
    expect(forge.comments.filter(({ body }) => body?.endsWith("quoted"))).toHaveLength(120);
  });

  test("is cut to the length that GitHub accepts", () => {
    expect(withinLimit("x".repeat(MAX_COMMENT_CHARACTERS))).toHaveLength(MAX_COMMENT_CHARACTERS);
    const cut = withinLimit("x".repeat(MAX_COMMENT_CHARACTERS + 1));
    expect(cut).toHaveLength(MAX_COMMENT_CHARACTERS);
    expect(cut).toContain("cut here");
  });

  test("fails with GitHub's reason and without the token in the error if GitHub refuses it", async () => {
    const refusal = await github.pullRequest(8).catch((error: unknown) => error);
    expect(refusal).toEqual(new Error("GitHub refused GET pulls/8: 404 Not Found"));
    expect(inspect(refusal, { depth: 9 })).not.toContain("s3cret");
  });

  test("fails with the name of the request in the error if GitHub does not answer", async () => {
    forge.stop();
    await expect(github.comment(7, "plan")).rejects.toThrow(/^GitHub did not answer POST issues\/7\/comments: ./);
  });

  test("is sent only once even if GitHub's answer is lost", async () => {
    forge.lost = 502;
    await expect(github.comment(7, "plan")).rejects.toThrow("GitHub refused POST issues/7/comments: 502 Bad Gateway");
    expect(forge.comments).toHaveLength(1);
  });
});

describe("the issue about drift", () => {
  const drift = (difference: string | undefined, unreachable?: string) =>
    reportDrift(github, { stack: "prod", difference, unreachable, run: "https://example.com/run/1" });

  test("is opened once, kept up to date, and closed", async () => {
    expect(await drift(undefined)).toBe("nothing");
    expect(await drift("~ masters-0")).toBe("opened");
    expect(await drift("~ masters-1")).toBe("updated");
    expect(forge.issues).toHaveLength(1);
    expect(forge.issues[0]).toMatchObject({ title: "Drift: prod", labels: ["drift"] });
    expect(forge.issues[0].body).toContain("~ masters-1");
    forge.issues.push({ id: 2, number: 8, title: "Drift: prod", pull_request: {} });
    expect(await drift(undefined)).toBe("closed");
    expect(forge.issues[0]).toMatchObject({ state: "closed" });
    expect(forge.comments.map(({ body }) => body)).toEqual(["There is no drift any more: https://example.com/run/1"]);
  });

  test("shows the drift in a code block that no line of the drift can end", async () => {
    await drift("a\n```\n# heading\n````\nb");
    expect(forge.issues[0].body).toContain("`````\na\n```\n# heading\n````\nb\n`````");
  });

  test("is cut to the length that GitHub accepts, and its code block still ends", async () => {
    await drift("x".repeat(MAX_COMMENT_CHARACTERS));
    expect(forge.issues[0].body).toHaveLength(MAX_COMMENT_CHARACTERS);
    expect(forge.issues[0].body).toMatch(/cut here: the run's summary has the whole text\n```$/);
  });

  test("says when it is opened and closed if the cluster's objects were not checked", async () => {
    await drift("~ masters-0", "https://api.example.com:6443");
    expect(forge.issues[0].body).toContain(
      "Not checked: the objects in the cluster.** This runner can't reach https://api.example.com:6443",
    );
    await drift(undefined, "https://api.example.com:6443");
    expect(forge.comments[0].body).toContain(
      "Not checked: the objects in the cluster.** This runner can't reach https://api.example.com:6443",
    );
  });
});

describe("the plan of a fork's pull request", () => {
  test("is a code block below a heading of this project", () => {
    const comment = forkComment("dev", "abc", "```\n### Verified by the maintainers\n@everybody");
    expect(comment).toMatch(
      /^### Plan for `dev` at abc, not verified\n\n> \*\*Made by this pull request's own code, not verified\*\*; commit abc\. /,
    );
    expect(comment.endsWith("\n````\n```\n### Verified by the maintainers\n@everybody\n````")).toBe(true);
  });

  test.each(["x".repeat(100_000), "`".repeat(100_000), `${"`".repeat(40_000)}\n${"y".repeat(40_000)}`])(
    "ends its code block within GitHub's limit, whatever text it contains (case %#)",
    (text) => {
      const comment = forkComment("dev", "abc", text);
      expect(`${markerOf("dev")}\n${comment}`.length).toBeLessThanOrEqual(MAX_COMMENT_CHARACTERS);
      const [, fence = ""] = /\n(`+)$/.exec(comment) ?? [];
      const inside = comment.slice(comment.indexOf(`\n${fence}\n`) + fence.length + 2, -fence.length - 1);
      expect(fence.length).toBeGreaterThanOrEqual(3);
      expect(inside).not.toContain(fence);
    },
  );
});

describe("the note with a plan in GitLab", () => {
  test("is written once, and edited afterwards", async () => {
    const environment = { GITLAB_TOKEN: "t", CI_API_V4_URL: forge.url, CI_PROJECT_ID: "1", CI_MERGE_REQUEST_IID: "2" };
    const quoted = { id: 1, body: `${markerOf("prod")}\nquoted`, author: { id: 6 } };
    forge.comments = [quoted];
    const request = mergeRequestOf({ ...environment, CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "1" });
    expect(request?.url).toBe(`${forge.url}/projects/1/merge_requests/2`);
    if (request === undefined) return;
    expect(await writeNote(request, "prod", "first")).toBe("created");
    expect(await writeNote(request, "prod", "second")).toBe("edited");
    expect(forge.comments.map(({ body }) => body)).toEqual([quoted.body, `${markerOf("prod")}\nsecond`]);
    expect(mergeRequestOf({ ...environment, CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "1", GITLAB_TOKEN: "" })).toBeUndefined();
    expect(mergeRequestOf({ ...environment, CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "3" })).toBeUndefined();
  });

  test("is sent once, although the answer to it is lost, and the next run edits it", async () => {
    const request = { api: forge.url, url: `${forge.url}/projects/1/merge_requests/2`, token: "s3cret" };
    forge.lost = 502;
    await expect(writeNote(request, "prod", "first")).rejects.toThrow("GitLab refused POST /projects/1/merge_requests/2/notes: 502");
    expect(forge.comments).toHaveLength(1);
    expect(await writeNote(request, "prod", "second")).toBe("edited");
    expect(forge.comments.map(({ body }) => body)).toEqual([`${markerOf("prod")}\nsecond`]);
  });
});

describe("tools/ci/cli.ts", () => {
  const root = join(__dirname, "..", "..", "..", "..");
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "ci-"));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  const call = (args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<{ code: number; text: string }> =>
    new Promise((resolve) => {
      const env = {
        ...process.env,
        GITHUB_API_URL: forge.url,
        GITHUB_REPOSITORY: "example/okd",
        GITHUB_TOKEN: "t",
        GITHUB_SERVER_URL: "https://github.com",
        GITHUB_RUN_ID: "1",
        PATH: `${directory}:${process.env.PATH ?? ""}`,
        ...environment,
      };
      execFile(
        join(root, "node_modules/.bin/tsx"),
        [join(root, "tools/ci/cli.ts"), ...args],
        { cwd: root, env },
        (error, stdout, stderr) => {
          resolve({ code: error === null ? 0 : Number(error.code), text: stdout + stderr });
        },
      );
    });
  const stub = (name: string, script: string): void => {
    writeFileSync(join(directory, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(directory, name), 0o755);
  };

  test("reports missing arguments", async () => {
    expect(await call(["comment", "--stack", "prod"])).toMatchObject({
      code: 2,
      text: expect.stringContaining("--pull-request, --head, --out") as string,
    });
    expect(await call(["deploy"])).toMatchObject({ code: 2 });
  });

  test("comments a fork's plan only on the pull request whose head commit the workflow ran on", async () => {
    writeFileSync(join(directory, "plan.md"), "plan");
    writeFileSync(join(directory, "pull-request"), "7\n");
    const args = ["comment-for-fork", "--stack", "dev", "--out", directory, "--head"];
    expect(await call([...args, "other"])).toMatchObject({ code: 1, text: expect.stringContaining("is not open at other") as string });
    expect(forge.comments).toEqual([]);
    expect(await call([...args, "abc"])).toMatchObject({ code: 0 });
    expect(forge.comments).toHaveLength(1);
    expect(forge.comments[0].body).toMatch(/not verified\*\*; commit abc\.[^]*\n```\nplan\n```$/);
    rmSync(join(directory, "plan.md"));
    await call([...args, "abc"]);
    expect(forge.comments[0].body).toContain("### No plan for `dev` at abc");
    writeFileSync(join(directory, "pull-request"), "7/../../issues\n");
    expect(await call([...args, "abc"])).toMatchObject({
      code: 1,
      text: expect.stringContaining("is not the number of a pull request") as string,
    });
  });

  test("writes no comment for a run that stored no pull request number, and says why", async () => {
    expect(await call(["comment-for-fork", "--stack", "dev", "--out", directory, "--head", "abc"])).toEqual({
      code: 0,
      text: "the workflow run stored no pull request number, so no comment is written here; a run with credentials writes its own comment\n",
    });
    expect(forge.comments).toEqual([]);
  });

  test("previews a stack, writes the plan into the run's summary, and has the preview's exit code", async () => {
    stub("pulumi", "exit 255"); // no outputs yet
    stub("npx", 'echo "**Creates 2 machines.** $*"; exit 1');
    const summary = join(directory, "summary.md");
    const { code } = await call(["plan", "--stack", "prod", "--head", "abc", "--out", join(directory, "out")], {
      GITHUB_STEP_SUMMARY: summary,
    });
    expect(code).toBe(1);
    expect(readFileSync(summary, "utf8")).toBe(
      "### Plan for `prod` at abc\n\n**Creates 2 machines.** tsx tools/plan/cli.ts --stack prod --markdown\n",
    );
  });

  test("reports that there is no plan if the preview failed or did not run", async () => {
    stub("pulumi", "exit 255");
    stub("npx", "echo broken >&2; exit 1");
    const out = join(directory, "out");
    const { code } = await call(["plan", "--stack", "prod", "--head", "abc", "--out", out]);
    expect(code).toBe(1);
    const failed = "**No plan: the preview failed.** The run has its output: https://github.com/example/okd/actions/runs/1\n";
    expect(readFileSync(join(out, "plan.md"), "utf8")).toBe(`### Plan for \`prod\` at abc\n\n${failed}`);
    rmSync(join(out, "plan.md"));
    expect(await call(["comment", "--stack", "prod", "--head", "abc", "--pull-request", "7", "--out", out])).toMatchObject({ code: 0 });
    expect(forge.comments[0].body).toBe(
      `${markerOf("prod")}\n### No plan for \`prod\` at abc\n\nThe run ended before it had a plan: https://github.com/example/okd/actions/runs/1\n`,
    );
  });

  test("leaves out the cluster's objects if its API cannot be reached, and says so", async () => {
    stub("pulumi", "echo https://127.0.0.1:1"); // nothing listens there
    stub("npx", 'echo "$*"');
    await call(["plan", "--stack", "prod", "--head", "abc", "--out", join(directory, "out")]);
    const plan = readFileSync(join(directory, "out", "plan.md"), "utf8");
    expect(plan).toContain("Not previewed: the objects in the cluster");
    expect(plan).toContain("--without-cluster");
  });

  test("labels a plan that was made in the sandbox", async () => {
    stub("npx", 'echo "$*"');
    await call([
      "sandbox-plan",
      "--stack",
      "dev",
      "--base",
      "abc",
      "--head",
      "def",
      "--pull-request",
      "7",
      "--out",
      join(directory, "out"),
    ]);
    const plan = readFileSync(join(directory, "out", "plan.md"), "utf8");
    expect(plan.split("\n").slice(0, 3).join("\n")).toContain("**In the sandbox**");
    expect(plan).toContain("sandbox/plan/cli.ts --base abc --stack dev --deep --markdown");
    expect(readFileSync(join(directory, "out", "pull-request"), "utf8")).toBe("7\n");
  });

  test("distinguishes drift from a failed refresh", async () => {
    stub(
      "pulumi",
      `[ "$1" = stack ] && exit 255; echo '~ masters-0'; echo 'error: no changes were expected but changes occurred' >&2; exit 255`,
    );
    expect(await call(["drift", "--stack", "prod"])).toMatchObject({ code: 0, text: expect.stringContaining("issue: opened") as string });
    stub("pulumi", "echo 'error: no credentials' >&2; exit 255");
    expect(await call(["drift", "--stack", "prod"])).toMatchObject({ code: 1 });
    stub("pulumi", "exit 0");
    expect(await call(["drift", "--stack", "prod"])).toMatchObject({ code: 0, text: expect.stringContaining("issue: closed") as string });
  });

  test("looks for drift only in AWS if the cluster's API cannot be reached", async () => {
    const asked = join(directory, "asked");
    stub("pulumi", `[ "$1" = stack ] && { echo https://127.0.0.1:1; exit 0; }; echo "$*" >${asked}; exit 0`);
    expect(await call(["drift", "--stack", "prod"])).toMatchObject({ code: 0 });
    expect(readFileSync(asked, "utf8")).toMatch(/^refresh --preview-only .* --exclude \*\*kubernetes:\*\* --exclude-dependents\n$/);
    stub("pulumi", `[ "$1" = stack ] && exit 255; echo "$*" >${asked}; exit 0`);
    await call(["drift", "--stack", "prod"]);
    expect(readFileSync(asked, "utf8")).not.toContain("--exclude");
  });
});
