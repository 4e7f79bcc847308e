import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { load } from "js-yaml";
import { VERSIONS } from "@okd-aws/sandbox/toolchain";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly steps: readonly Step[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly "runs-on": string;
  readonly concurrency?: { readonly group: string; readonly "cancel-in-progress": boolean };
}
interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const root = join(__dirname, "..", "..");
const directory = join(root, ".github", "workflows");
const files = readdirSync(directory);
const read = (file: string): string => readFileSync(join(directory, file), "utf8");
const workflow = (file: string): Workflow => load(read(file)) as Workflow;
const steps = (file: string): Step[] => Object.values(workflow(file).jobs).flatMap((job) => job.steps);

test("this project has four workflows", () => {
  expect(files.sort()).toEqual(["deploy.yml", "drift.yml", "plan-comment.yml", "plan.yml"]);
});

describe.each(files)("the workflow %s", (file) => {
  test("never runs a fork's code with the repository's permissions", () => {
    expect(Object.keys(workflow(file).on)).not.toContain("pull_request_target");
    if ("workflow_run" in workflow(file).on) for (const step of steps(file)) expect(step.with ?? {}).not.toHaveProperty("ref");
  });

  test("may only read the repository by default, and no job may write its contents", () => {
    expect(workflow(file).permissions).toEqual({ contents: "read" });
    for (const job of Object.values(workflow(file).jobs)) expect(job.permissions?.contents ?? "read").toBe("read");
  });

  test("pins each action by its commit, with the version in a comment", () => {
    const uses = read(file).match(/uses: .*/g) ?? [];
    expect(uses.length).toBeGreaterThan(1);
    for (const use of uses) expect(use).toMatch(/^uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test("runs one program of this project in each step, without shell code and interpolated values", () => {
    for (const { run } of steps(file).filter((step) => step.run !== undefined)) {
      expect(run).toMatch(/^(npm ci --no-audit --no-fund --ignore-scripts|make up |npx tsx tools\/ci\/cli\.ts )/);
      expect(run).not.toMatch(/\$\{\{|[;&|`\n]|\$\(/);
    }
  });

  test("runs no package's install scripts, and installs no development packages in jobs with an AWS role", () => {
    for (const job of Object.values(workflow(file).jobs)) {
      const installing = job.steps.flatMap(({ run }) => (run?.startsWith("npm ci") === true ? [run] : []));
      expect(installing).toHaveLength(1);
      expect(installing[0]).toContain(" --ignore-scripts");
      // The job that tests a fork in the sandbox has no AWS role, and needs the development packages.
      expect(installing[0].includes(" --omit=dev")).toBe(job.permissions !== undefined);
    }
  });

  test("leaves no token in the checkout", () => {
    for (const { uses, with: given } of steps(file))
      if (uses?.startsWith("actions/checkout@")) expect(given).toMatchObject({ "persist-credentials": false });
  });
});

test("deployments of one stack run one at a time, are never cancelled, and get the role of the stack's environment", () => {
  expect(workflow("deploy.yml").jobs.deploy).toMatchObject({
    environment: "${{ matrix.stack }}",
    concurrency: { group: "stack-${{ matrix.stack }}", "cancel-in-progress": false },
    permissions: { contents: "read", "id-token": "write" },
  });
  // GitHub keeps only one waiting run of a concurrency group. If the nightly drift check were in the deployments' group, it could replace a waiting deployment.
  expect(workflow("drift.yml").jobs.drift.concurrency).toEqual({ group: "drift-${{ matrix.stack }}", "cancel-in-progress": false });
});

describe("self-hosted runners", () => {
  interface Variables {
    readonly PLAN_RUNNER?: string;
    readonly DEPLOY_RUNNER?: string;
  }
  /** The runners of a workflow's jobs with an AWS role. Evaluates GitHub's expressions as JavaScript; an unset variable is an empty text. */
  const runners = (file: string, variables: Variables): unknown[] =>
    Object.values(workflow(file).jobs)
      .filter(({ environment }) => environment !== undefined)
      .map((job) => {
        const expression = /^\$\{\{(.*)\}\}$/.exec(job["runs-on"])?.[1] ?? JSON.stringify(job["runs-on"]);
        return runInNewContext(expression, { vars: { PLAN_RUNNER: "", DEPLOY_RUNNER: "", ...variables } }) as unknown;
      });

  test.each<[string, Variables, plan: string, deploy: string]>([
    ["none", {}, "ubuntu-24.04", "ubuntu-24.04"],
    ["one for each", { PLAN_RUNNER: "okd-plan", DEPLOY_RUNNER: "okd-deploy" }, "okd-plan", "okd-deploy"],
    ["one for plans", { PLAN_RUNNER: "okd-plan" }, "okd-plan", "ubuntu-24.04"],
    ["one for deployments", { DEPLOY_RUNNER: "okd-deploy" }, "ubuntu-24.04", "okd-deploy"],
    ["the same for both; deployments ignore it", { PLAN_RUNNER: "okd", DEPLOY_RUNNER: "okd" }, "okd", "ubuntu-24.04"],
  ])("run the jobs with an AWS role if they are configured: %s", (_, variables, plan, deploy) => {
    expect(runners("plan.yml", variables)).toEqual([plan]);
    expect(runners("drift.yml", variables)).toEqual([plan]);
    expect(runners("deploy.yml", variables)).toEqual([deploy]);
  });

  test("do not run jobs of a fork's pull request", () => {
    const open = [...files.flatMap((file) => Object.values(workflow(file).jobs))].filter(({ environment }) => environment === undefined);
    expect(open.map((job) => job["runs-on"])).toEqual(["ubuntu-24.04", "ubuntu-24.04"]);
  });
});

test("the job of a fork's pull request gets no permissions, no environment and no token", () => {
  const { sandbox } = workflow("plan.yml").jobs;
  expect(sandbox.permissions).toBeUndefined();
  expect(sandbox.environment).toBeUndefined();
  expect(JSON.stringify(sandbox)).not.toContain("GITHUB_TOKEN");
});

describe("the jobs in GitLab", () => {
  interface GitLabJob {
    readonly image: string | { readonly name: string };
    readonly rules: readonly { readonly if: string }[];
    readonly variables?: Readonly<Record<string, unknown>>;
    readonly before_script?: readonly string[];
    readonly id_tokens?: unknown;
  }
  const jobs = load(readFileSync(join(__dirname, "..", "..", "ci", "plan.gitlab-ci.yml"), "utf8")) as Readonly<Record<string, GitLabJob>>;

  /** Evaluates a condition of GitLab as JavaScript: the two differ only in the `$` before the variables. */
  const runs = (job: GitLabJob, variables: Readonly<Record<string, string>>): boolean =>
    job.rules.some(({ if: condition }) => {
      const text = condition.replaceAll(/\$(\w+)/g, (_, name: string) => JSON.stringify(variables[name] ?? null));
      return Boolean(runInNewContext(text));
    });
  const own = { CI_PIPELINE_SOURCE: "merge_request_event", CI_PROJECT_ID: "1", CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "1" };
  const settings = { OKD_STACK: "prod", AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/plan" };

  test.each([
    ["for a merge request of this project", { ...own, ...settings }, ["plan"]],
    [
      "for a fork's merge request that runs in this project",
      { ...own, ...settings, CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "2" },
      ["sandbox-plan"],
    ],
    ["for a merge request in a project without a role", { ...own, OKD_STACK: "prod" }, ["sandbox-plan"]],
    ["not at all for a push without a merge request", { ...own, ...settings, CI_PIPELINE_SOURCE: "push" }, []],
  ])("run %s", (_, variables, wanted) => {
    expect(Object.keys(jobs).filter((name) => runs(jobs[name], variables))).toEqual(wanted);
  });

  test("use the pinned Pulumi engine, and install the packages that build the sandbox's tools", () => {
    expect(jobs.plan.image).toEqual({ name: `docker.io/pulumi/pulumi-nodejs-22:${VERSIONS.pulumi}`, entrypoint: [""] });
    expect(jobs["sandbox-plan"].before_script?.join("\n")).toMatch(/golang-go .*python3-venv/);
    expect(jobs["sandbox-plan"].variables).toMatchObject({ XDG_CACHE_HOME: "$CI_PROJECT_DIR/.cache" });
    expect(jobs["sandbox-plan"].id_tokens).toBeUndefined();
  });
});

test("each package that the program, its tools and its policy pack import is a runtime dependency", () => {
  const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { dependencies: Record<string, string> };
  const directories = ["components", "config", "cluster-objects", "ignition", "lib", "steps", "tools", "policy", "stacks"];
  const sources = directories.flatMap((name) =>
    readdirSync(join(root, name), { recursive: true, encoding: "utf8" }).map((path) => join(root, name, path)),
  );
  // Only developers of this project generate the dashboards, so tools/dashboards may import development packages.
  const isUsed = (path: string): boolean => path.endsWith(".ts") && !path.startsWith(join(root, "tools", "dashboards"));
  const imported = [...sources.filter(isUsed), join(root, "index.ts")].flatMap((path) =>
    [...readFileSync(path, "utf8").matchAll(/(?:^|\s)(?:from|import\(|require\() ?"([^."\n][^"\n]*)"/gm)].map(([, name]) => name),
  );
  const packages = imported.filter((name) => !name.startsWith("node:")).map((name) => /^(@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name);
  expect(packages.length).toBeGreaterThan(100);
  expect([...new Set(packages)].filter((name) => !(name in dependencies))).toEqual([]);
  // No tool imports tsx, but tsx runs the tools.
  expect(Object.keys(dependencies)).toContain("tsx");
});
