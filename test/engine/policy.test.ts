import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dump, load } from "js-yaml";
import { projectDirectory } from "@okd-aws/sandbox";
import { parseConfiguration } from "../../config/parse";
import { packSettings } from "../../tools/policy/settings";
import { devStack } from "../component/configurations";
import { DriverProject } from "./driver-project";
import { cases, program } from "./policy-program";
import { describeWithTools } from "./requirements";
import { type StackConfiguration, Topology } from "./topology";

/** The cluster that the small program's configuration describes. */
const configuration = {
  "aws:region": "us-east-1",
  "okd-aws:clusterName": "small",
  "okd-aws:baseDomain": "example.com",
  "okd-aws:release": "4.19.0-okd-scos.1",
  "okd-aws:zones": ["us-east-1a"],
  "okd-aws:adminCidrs": ["198.51.100.0/24"],
  "okd-aws:credentialsMode": "mint",
  "okd-aws:tags": { team: "platform" },
};

describeWithTools("a preview by the driver", () => {
  let project: DriverProject;

  /** The driver's output for a preview, and the refused resources with their rules. */
  const preview = async () => {
    const { code, stderr } = await project.driver(["up", "--preview-only"]);
    const refused = [...stderr.matchAll(/^(\S+): refused by the policy (\S+):/gm)].map(([, name, rule]) => `${name} ${rule}`);
    return { code, stderr, refused: refused.sort() };
  };

  beforeAll(async () => {
    project = await DriverProject.make(program(cases));
    symlinkSync(join(projectDirectory, "policy"), join(project.directory, "policy"));
    writeFileSync(join(project.directory, "Pulumi.dev.yaml"), dump({ config: configuration }));
  });

  afterAll(() => {
    project.remove();
  });

  test("refuses each bad change by exactly one rule, explains it, and accepts correct changes and unknown values", async () => {
    const { code, stderr, refused } = await preview();
    expect(refused).toEqual(cases.flatMap(({ name, refusedBy }) => (refusedBy === null ? [] : [`${name} ${refusedBy}`])).sort());
    expect(code).toBe(1);
    expect(stderr).toContain("tcp 22 from 0.0.0.0/0");
    expect(stderr).toContain("ports 22 and 19531 from adminCidrs (198.51.100.0/24)");
    expect(stderr).not.toMatch(/can't be known|can't run policy/);
  });

  test("shows its refusals in a plan, too, before the Pulumi engine's own message", async () => {
    const { code, stdout } = await project.command("tools/plan/cli.ts", []);
    expect(code).toBe(1);
    expect(stdout).toContain("This plan can't be applied");
    expect(stdout).toMatch(/refused by the policy exposure: [^]{1,200}?tcp 22 from 0\.0\.0\.0\/0/);
  });

  test("succeeds when no bad change is left", async () => {
    const good = cases.filter(({ refusedBy }) => refusedBy === null);
    project.declare(program(good));
    expect(await preview()).toEqual({ code: 0, stderr: "", refused: [] });
  });
});

describeWithTools("the dev stack", () => {
  test("passes the policy pack in a preview", async () => {
    const topology = await Topology.open("policy");
    try {
      const { config } = load(readFileSync(join(projectDirectory, "Pulumi.dev.yaml"), "utf8")) as { config: StackConfiguration };
      await topology.configure(config);
      const settings = join(topology.sandbox.directory, "settings.json");
      writeFileSync(settings, JSON.stringify(packSettings(parseConfiguration(devStack({ installerHost: true })))));
      const preview = async (...pack: readonly string[]) => {
        const began = Date.now();
        const { code, stdout, stderr } = await topology.run(["preview", ...pack]);
        return { code, text: stdout + stderr, seconds: (Date.now() - began) / 1000 };
      };
      const without = await preview();
      const under = await preview("--policy-pack", "policy", "--policy-pack-config", settings);
      console.info(`preview of the dev stack: ${without.seconds} s, with the pack ${under.seconds} s`);
      expect(under.text).toMatch(/Policies:\s+✅ okd-aws@/);
      expect([without.code, under.code]).toEqual([0, 0]);
    } finally {
      await topology.close();
    }
  });
});
