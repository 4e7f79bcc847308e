import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ensureToolchain } from "@okd-aws/sandbox/toolchain";
import { Checkout } from "./checkout";
import { Etcd } from "./etcd-backup/members";
import { rehearsal } from "./etcd-backup/rehearsal";
import { describeWithTools } from "./requirements";

/** Prints the name of the slot once the simulated control plane has stored its snapshot. */
const waitForSnapshot = `
for attempt in $(seq 60); do
  key=$(aws s3api list-objects-v2 --bucket "$BUCKET" --query "Contents[0].Key" --output text)
  [ "$key" = None ] || break
  sleep 1
done
SLOT=$(basename "$key" .db)`;

/** Runs the README's commands in a fresh copy of the project, and kills the `up` three times on the way. */
describeWithTools("a user who follows the README", () => {
  const checkout = new Checkout();

  afterAll(async () => {
    await checkout.run("make sandbox-down");
    checkout.remove();
  });

  /** Starts `make sandbox`, and kills the Pulumi engine with SIGKILL once it has begun to create a resource of the type. */
  async function killWhileCreating(type: string): Promise<string> {
    const { text } = await checkout.run("make sandbox", (_child, printed) => {
      const watch = setInterval(() => {
        // Only a creation leaves a pending operation. If a killed run already left one, the next run imports the resource and updates it.
        if (!new RegExp(` ${type} \\S+ creating`).test(printed())) return;
        clearInterval(watch);
        for (const pid of enginesOf(checkout.directory)) process.kill(pid, "SIGKILL");
      }, 50);
    });
    return text;
  }

  test("finds only existing commands in the README", () => {
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

  test.each(["aws:ec2:Vpc", "aws:vpc:SecurityGroupIngressRule", "aws:ec2:Instance"])(
    "kills `make sandbox` while %s is being created",
    async (type) => {
      expect(await killWhileCreating(type)).toContain("the stack is not up");
      expect(enginesOf(checkout.directory)).toEqual([]);
    },
  );

  test("runs `make sandbox` again, which continues and brings the stack up", async () => {
    const { code, text } = await checkout.run("make sandbox");
    expect(text).toContain("the last update was killed");
    expect({ code, text }).toEqual({ code: 0, text });
    expect(text).toMatch(/the stack dev is up/);
  });

  test("sees the workers launched only after the bootstrap instance was terminated", () => {
    const launches = actionsOf(readFileSync(join(checkout.directory, ".sandbox", "aws", "calls.jsonl"), "utf8"));
    // The last termination is also of the bootstrap instance: the second update removes its declaration.
    expect(launches.slice(launches.indexOf("ec2:TerminateInstances"))).toEqual([
      "ec2:TerminateInstances",
      ...Array<string>(3).fill("ec2:RunInstances"),
      "ec2:TerminateInstances",
    ]);
  });

  test("runs all commands of the README between up and down, and the committed stack file stays unchanged", async () => {
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
    const release = /^ +okd-aws:release: (\S+)$/m.exec(before)?.[1] ?? "";
    expect(/^clusterversion\S+ +(\S+) +True +False /m.exec(text)?.[1]).toBe(release);
    expect(text.match(/^clusteroperator\S+ +\S+ +True +False +False /gm)?.length).toBeGreaterThan(30);
    expect(readFileSync(join(checkout.directory, "Pulumi.dev.yaml"), "utf8")).toBe(before);
  });

  test("runs `make plan` on the unchanged stack, which finds nothing", async () => {
    const { code, text } = await checkout.run("source .sandbox/env; make --no-print-directory plan STACK=dev");
    expect({ code, text }).toEqual({ code: 0, text });
    expect(text).toContain("Nothing changes.");
    expect(text).not.toMatch(/→ .*\[secret\]|It is not known/);
  });

  test("restores a snapshot of etcd from S3, with the cluster's objects", async () => {
    const { tools } = await ensureToolchain(["etcd", "etcdutl", "moto"]);
    const restore = rehearsal(join(checkout.directory, ".sandbox", "rehearsal", "bin"), tools);
    const { code, text } = await checkout.run(
      [
        "set -e",
        "source .sandbox/env",
        "BUCKET=$(pulumi stack output --stack dev infraId)-etcd-backup",
        "cd .sandbox/rehearsal",
        restore.replace(/^export PATH.*$/m, (line) => `${line}\n${waitForSnapshot}`),
      ].join("\n"),
    );
    expect({ code, text }).toEqual({ code: 0, text });
    const data = join(checkout.directory, ".sandbox", "rehearsal", "restored");
    const restored = await Etcd.start(tools.etcd, checkout.directory, 1, data);
    try {
      const keys = [...(await restored.everything()).keys()];
      expect(keys.filter((key) => key.includes("/minions/"))).toHaveLength(6);
      expect(keys.filter((key) => key.endsWith("/99-master-etcd-backup"))).toHaveLength(1);
    } finally {
      await restored.stop();
    }
  });

  test("runs `make sandbox` again, which changes nothing", async () => {
    const { code, text } = await checkout.run("make sandbox");
    expect({ code, text }).toEqual({ code: 0, text });
    expect(text).toMatch(/Resources:\s+\d+ unchanged\n/); // the summary has no other line
  });

  test("runs `make sandbox-status` and `make sandbox-down` without OKD_TOOLCHAIN, and no resource and no process remains", async () => {
    // A shell in which no tool can be found.
    const bare = `env -u OKD_TOOLCHAIN XDG_CACHE_HOME=${join(checkout.directory, "no-cache")} make --no-print-directory`;
    expect(await checkout.run(`${bare} sandbox-status`)).toMatchObject({ code: 0, text: expect.stringMatching(/^running; /) as string });
    const { code, text } = await checkout.run(`${bare} sandbox-down`);
    expect(text.slice(-2000)).toContain("the account is as it was, and everything is stopped");
    expect(code).toBe(0);
    expect(checkout.processes()).toEqual([]);
  });
});

/** Successful launches and terminations of instances, in order, from the emulated AWS's record of calls. */
function actionsOf(calls: string): string[] {
  return calls
    .split("\n")
    .filter((line) => /"ec2:(Run|Terminate)Instances"/.test(line))
    .map((line) => JSON.parse(line) as { action: string; status: number })
    .flatMap(({ action, status }) => (status < 400 ? [action] : []));
}

/** IDs of the Pulumi engine's processes that run in a directory. */
function enginesOf(directory: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const [program = ""] = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
        return program.endsWith("/pulumi") && readFileSync(`/proc/${pid}/environ`, "utf8").includes(`PULUMI_HOME=${directory}/`);
      } catch {
        return false; // The process ended in the meantime.
      }
    });
}
