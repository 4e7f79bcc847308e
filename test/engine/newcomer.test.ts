import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Checkout } from "./checkout";
import { describeWithTools } from "./requirements";

/** What the README tells a newcomer, in a fresh copy of the project; and an `up` that is killed three times on the way. */
describeWithTools("a newcomer", () => {
  const checkout = new Checkout();

  afterAll(async () => {
    await checkout.run("make sandbox-down");
    checkout.remove();
  });

  /** Starts `make sandbox` and kills the engine, without any chance to clean up, once it has begun to create the type. */
  async function killWhileCreating(type: string): Promise<string> {
    const { text } = await checkout.run("make sandbox", (_child, printed) => {
      const watch = setInterval(() => {
        if (!printed().includes(` ${type} `)) return;
        clearInterval(watch);
        for (const pid of enginesOf(checkout.directory)) process.kill(pid, "SIGKILL");
      }, 50);
    });
    return text;
  }

  test("the README names only commands that exist", () => {
    const known = [
      "make sandbox",
      "make sandbox-down",
      "source .sandbox/env",
      "npm ci",
      "pulumi ",
      "kubectl ",
      "make up STACK=",
      "make destroy STACK=",
      "cp examples/Pulumi.ha.yaml ",
    ];
    const commands = checkout.readmeCommands();
    expect(commands.length).toBeGreaterThanOrEqual(8);
    expect(commands.filter((command) => !known.some((each) => command.startsWith(each)))).toEqual([]);
  });

  test.each(["aws:ec2:Vpc", "aws:vpc:SecurityGroupIngressRule", "aws:lb:LoadBalancer"])(
    "is killed while %s is being created",
    async (type) => {
      expect(await killWhileCreating(type)).toContain("the stack is not up");
      expect(enginesOf(checkout.directory)).toEqual([]);
    },
  );

  test("`make sandbox` goes on after that and brings the stack up", async () => {
    const { code, text } = await checkout.run("make sandbox");
    expect(text).toContain("the last update was killed");
    expect({ code, text }).toEqual({ code: 0, text });
    expect(text).toMatch(/the stack is up/);
  });

  test("the README's commands between up and down succeed, and the committed stack file stays as it is", async () => {
    const before = readFileSync(join(checkout.directory, "Pulumi.dev.yaml"), "utf8");
    const commands = checkout.readmeCommands();
    const between = commands.slice(commands.indexOf("source .sandbox/env"), commands.indexOf("npm ci"));
    expect(between).toHaveLength(4);
    const { code, text } = await checkout.run(
      ["set -e", ...between, "pulumi refresh --stack dev --yes --skip-preview --expect-no-changes"].join("\n"),
    );
    expect({ code, text }).toEqual({ code: 0, text });
    expect(text).toContain("https://api.dev.okd.example.com:6443");
    expect(text.match(/^node\/\S+ +Ready /gm)).toHaveLength(6);
    expect(text).toMatch(/^clusterversion\S+ +4\.19\S+ +True +False /m);
    expect(text.match(/^clusteroperator\S+ +\S+ +True +False +False /gm)?.length).toBeGreaterThan(30);
    expect(readFileSync(join(checkout.directory, "Pulumi.dev.yaml"), "utf8")).toBe(before);
  });

  test("`make sandbox` once more changes nothing", async () => {
    const { code, text } = await checkout.run("make sandbox");
    expect({ code, text }).toEqual({ code: 0, text });
    expect(text).toMatch(/Resources:\s+\d+ unchanged\n/); // and no other line
  });

  test("`make sandbox-down` leaves no object and no process", async () => {
    const { code, text } = await checkout.run("make sandbox-down");
    expect(text.slice(-2000)).toContain("the account is as it was, and everything is stopped");
    expect(code).toBe(0);
    expect(checkout.processes()).toEqual([]);
  });
});

/** Processes of Pulumi's engine that run in a directory. */
function enginesOf(directory: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const [program = ""] = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
        return program.endsWith("/pulumi") && readFileSync(`/proc/${pid}/environ`, "utf8").includes(`PULUMI_HOME=${directory}/`);
      } catch {
        return false; // gone meanwhile
      }
    });
}
