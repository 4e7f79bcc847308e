import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pulumi, pulumiOk, Sandbox } from "@okd-aws/sandbox";
import { Checkout, type Output } from "./checkout";
import { describeWithTools } from "./requirements";

/** Maximum time of a comparison, as a multiple of one preview. The value is this project's choice. */
const MAX_PREVIEWS = 2.5;

/** Tests that a comparison of two commits uses the real Pulumi engine, needs no credentials, and takes little more time than two previews. */
describeWithTools("make plan between two commits", () => {
  let checkout: Checkout;
  let sandbox: Sandbox;
  const git = (...args: readonly string[]): string => execFileSync("git", [...args], { cwd: checkout.directory, encoding: "utf8" });

  beforeAll(async () => {
    checkout = new Checkout();
    git("init", "--quiet");
    git("add", "--all");
    commit("base");
    const file = join(checkout.directory, "Pulumi.dev.yaml");
    writeFileSync(
      file,
      readFileSync(file, "utf8")
        .replace('workerCount: "3"', 'workerCount: "4"')
        .replace("okd-aws:zones:", "okd-aws:natGateways: single\n  okd-aws:zones:"),
    );
    git("add", "--all");
    commit("head");
    sandbox = await Sandbox.open(join(checkout.directory, ".sandbox"), { machines: false, previewsOnly: true });
  });

  afterAll(async () => {
    await sandbox.close();
    checkout.remove();
  });

  function commit(message: string): void {
    git("-c", "user.name=A test", "-c", "user.email=test@example.com", "commit", "--quiet", "--no-verify", "--message", message);
  }

  test("lists the changes of the later commit, in at most 2.5 times one preview", async () => {
    const { text, code, elapsed } = await compared();
    expect(text).toMatch(/^\*\*Deletes 4 resources, updates 2, creates 1, releases public addresses permanently, cuts open connections/m);
    expect(text).toContain("Compared in the sandbox");
    expect(text).toMatch(/Cost: \$[\d,.]+ → \$[\d,.]+ a month/);
    expect(text).toContain("`workerCount`: 3 → 4");
    expect(text).toContain("create `workers-3`");
    expect(code).toBe(0);
    // Measures again if the machine was busy, because other tests run at the same time.
    const ratios = [elapsed / (await onePreview())];
    while (Math.min(...ratios) >= MAX_PREVIEWS && ratios.length < 6) ratios.push((await compared()).elapsed / (await onePreview()));
    console.log(
      `the comparison of two commits took ${(elapsed / 1000).toFixed(1)} s: ${ratios.map((ratio) => ratio.toFixed(2)).join(", ")} previews`,
    );
    expect(Math.min(...ratios)).toBeLessThan(MAX_PREVIEWS);
  });

  test("names a commit that does not exist", async () => {
    const { text, code } = await checkout.run("node_modules/.bin/tsx sandbox/plan/cli.ts --base no-such-branch");
    expect(text).toContain('"no-such-branch" is not a commit of this repository');
    expect(code).toBe(1);
  });

  async function compared(): Promise<Output & { readonly elapsed: number }> {
    const began = performance.now();
    const output = await checkout.run("make --no-print-directory plan BASE=HEAD~1 HEAD=HEAD MARKDOWN=1");
    return { ...output, elapsed: performance.now() - began };
  }

  async function onePreview(): Promise<number> {
    const state = mkdtempSync(join(checkout.directory, ".sandbox", "one-"));
    const options = { cwd: checkout.directory, environment: { PULUMI_BACKEND_URL: `file://${state}?metadata=skip` } };
    await pulumiOk(sandbox, ["stack", "init", "dev"], options);
    const began = performance.now();
    const { code } = await pulumi(sandbox, ["preview", "--json", "--stack", "dev"], options);
    expect(code).toBe(0);
    return performance.now() - began;
  }
});
