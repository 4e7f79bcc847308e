/** How a cluster is waited for, and what is declared once it has come. What such a test does not prove is said in program.ts. */
import { devStack } from "./configurations";
import { type Found, Program } from "./program";

const run = (changes: Readonly<Record<string, unknown>> = {}, found: Found = {}) => Program.run(devStack(changes), found);

/** An account in which these marks stand. */
function marked(...marks: readonly string[]): Found {
  return { "aws:ssm/getParametersByPath:getParametersByPath": ({ path }) => ({ names: marks.map((mark) => `${String(path)}/${mark}`) }) };
}

describe("the waits", () => {
  const wait = (program: Program, name: string) => program.one("command:local:Command", name);

  test("show their progress, are handed the kubeconfig in secret, and run again until they succeed, and then never", async () => {
    const program = await run({ bootstrapTimeout: 7, installTimeout: 9 });
    for (const [name, seconds] of [
      ["bootstrap-complete", "420"],
      ["install-complete", "540"],
    ]) {
      const { inputs, readable, ignoreChanges } = wait(program, name);
      expect(inputs).toMatchObject({ create: `bash -s -- ${name}`, logging: "stderr" });
      expect(inputs.environment).toMatchObject({ WAIT_FOR: name, WAIT_SECONDS: seconds });
      expect(inputs.stdin).toContain(`limit=${Number(seconds) + 60}\nprogress=true\n`);
      expect([readable.stdin, ignoreChanges]).toEqual(["[secret]", []]);
    }
  });

  test("are over once their milestone is behind the cluster", async () => {
    const program = await run({}, marked("bootstrap-retired", "installed"));
    for (const name of ["bootstrap-complete", "install-complete"]) {
      expect([...wait(program, name).ignoreChanges].sort()).toEqual([
        "addPreviousOutputInEnv",
        "create",
        "environment",
        "logging",
        "stdin",
        "triggers",
      ]);
      expect([...wait(program, `${name}-verdict`).ignoreChanges].sort()).toEqual(["create", "interpreter", "logging", "stdin", "triggers"]);
    }
  });

  test("begin when the balancers and names of the control plane stand, and end with the retirement in between", async () => {
    const program = await run({});
    const [first, second] = [wait(program, "bootstrap-complete"), wait(program, "install-complete")];
    const retirement = program.one("command:local:Command", "bootstrap-retirement");
    for (const type of ["aws:lb/listener:Listener", "aws:lb/targetGroupAttachment:TargetGroupAttachment", "aws:route53/record:Record"]) {
      expect([type, program.all(type).filter((each) => !program.isAfter(first, each))]).toEqual([type, []]);
    }
    expect([program.isAfter(retirement, first), program.isAfter(second, retirement)]).toEqual([true, true]);
    expect(program.all("aws:ec2/instance:Instance").filter((each) => !program.isAfter(second, each))).toEqual([]);
  });
});

describe("the retirement", () => {
  test("comes before everything else that waits for the control plane, so that nothing that fails can keep it from beginning", async () => {
    const program = await run({ installerHost: true });
    const controlPlane = program.one("command:local:Command", "bootstrap-complete-verdict");
    const retirement = program.one("command:local:Command", "bootstrap-retirement");
    const later = program.resources.filter((each) => each.name !== "bootstrap-retirement" && program.isAfter(each, controlPlane));
    expect(later.map(({ name }) => name)).toEqual(expect.arrayContaining(["certificate-approver-token", "install-complete"]));
    expect(later.filter((each) => !program.isAfter(each, retirement)).map(({ name }) => name)).toEqual([]);
  });
});

describe("workers and infra machines", () => {
  const pools = { installerHost: true, infraCount: 2 };
  /** Whether the engine hears of all of one kind after another resource. */
  const comeAfter = ({ resources }: Program, pool: string, other: string): boolean[] =>
    resources.flatMap(({ name }, index) =>
      new RegExp(`^${pool}-\\d+$`).test(name) ? [index > resources.findIndex((each) => each.name === other)] : [],
    );

  test("of a first installation are launched when the bootstrap machine is retired and the approver has its account", async () => {
    for (const found of [{}, marked("bootstrap-retired")]) {
      const program = await run(pools, found);
      for (const before of ["bootstrap-retirement", "certificate-approver-account-version"]) {
        expect([comeAfter(program, "workers", before), comeAfter(program, "infra", before)]).toEqual([
          [true, true, true],
          [true, true],
        ]);
      }
      expect(comeAfter(program, "masters", "bootstrap-retirement")).toEqual([false, false, false]);
    }
  });

  test("are launched without an approver, too, when the bootstrap machine is retired", async () => {
    const program = await run({ installerHost: false });
    expect(comeAfter(program, "workers", "bootstrap-retirement")).toEqual([true, true, true]);
  });

  test("of an installed cluster wait for nothing of the installation", async () => {
    const program = await run(pools, marked("bootstrap-retired", "installed"));
    expect(comeAfter(program, "workers", "certificate-approver-account-version")).toEqual([false, false, false]);
  });

  test("depend on none of what they wait for, so that they are destroyed beside the masters", async () => {
    const program = await run(pools);
    const retirement = program.one("command:local:Command", "bootstrap-retirement");
    const workers = program.all("aws:ec2/instance:Instance").filter(({ name }) => /^(workers|infra)-/.test(name));
    expect(workers.map((each) => program.isAfter(each, retirement))).toEqual([false, false, false, false, false]);
  });
});

describe("once the bootstrap machine is retired", () => {
  test("nothing of it is declared any more, and the steps and the rest stay", async () => {
    const before = await run({});
    const program = await run({}, marked("bootstrap-retired"));
    const names = (of: Program) => of.resources.map(({ type, name }) => `${type} ${name}`);
    const gone = names(before).filter((name) => !names(program).includes(name));
    expect(gone.filter((name) => !name.includes("bootstrap"))).toEqual([]);
    expect(names(program).filter((name) => /bootstrap(?!-complete|-retirement)/.test(name))).toEqual([]);
    expect(names(program).filter((name) => !names(before).includes(name))).toEqual([]);
    expect(Object.keys(program.outputs)).not.toContain("bootstrapAddress");
  });
});
