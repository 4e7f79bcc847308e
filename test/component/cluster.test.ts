/** The waits for a cluster, and the resources that the program declares after them. program.ts lists the facts that this kind of test cannot prove. */
import { devStack } from "./configurations";
import { type AwsAnswers, Program } from "./program";

const run = (changes: Readonly<Record<string, unknown>> = {}, found: AwsAnswers = {}) => Program.run(devStack(changes), found);

/** An account in which SSM has these milestones. */
function reached(...milestones: readonly string[]): AwsAnswers {
  return {
    "aws:ssm/getParametersByPath:getParametersByPath": ({ path }) => ({
      names: milestones.map((milestone) => `${String(path)}/${milestone}`),
    }),
  };
}

describe("the waits", () => {
  const wait = (program: Program, name: string) => program.one("command:local:Command", name);

  test("show progress, keep their standard input secret, have the configured time limits, and can run again until their milestone is reached", async () => {
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

  test("ignore all changes of their inputs once their milestone is reached, so that they do not run again", async () => {
    const program = await run({}, reached("bootstrap-destroyed", "installed"));
    for (const name of ["bootstrap-complete", "install-complete"]) {
      expect([...wait(program, name).ignoreChanges].sort()).toEqual([
        "addPreviousOutputInEnv",
        "create",
        "environment",
        "logging",
        "stdin",
        "triggers",
      ]);
      expect([...wait(program, `${name}-result`).ignoreChanges].sort()).toEqual(["create", "interpreter", "logging", "stdin", "triggers"]);
    }
  });

  test("start after the control plane's load balancers and records exist, with the bootstrap destroy between the two waits", async () => {
    const program = await run({});
    const [first, second] = [wait(program, "bootstrap-complete"), wait(program, "install-complete")];
    const bootstrapDestroy = program.one("command:local:Command", "bootstrap-destroy");
    for (const type of ["aws:lb/listener:Listener", "aws:lb/targetGroupAttachment:TargetGroupAttachment", "aws:route53/record:Record"]) {
      expect([type, program.all(type).filter((each) => !program.isAfter(first, each))]).toEqual([type, []]);
    }
    expect([program.isAfter(bootstrapDestroy, first), program.isAfter(second, bootstrapDestroy)]).toEqual([true, true]);
    expect(program.all("aws:ec2/instance:Instance").filter((each) => !program.isAfter(second, each))).toEqual([]);
  });
});

describe("the bootstrap destroy", () => {
  test("runs before all other resources that wait for the control plane, so that a failure of another resource can't prevent it", async () => {
    const program = await run({ installerHost: true });
    const controlPlane = program.one("command:local:Command", "bootstrap-complete-result");
    const bootstrapDestroy = program.one("command:local:Command", "bootstrap-destroy");
    const later = program.resources.filter((each) => each.name !== "bootstrap-destroy" && program.isAfter(each, controlPlane));
    expect(later.map(({ name }) => name)).toEqual(expect.arrayContaining(["certificate-approver-token", "install-complete"]));
    expect(later.filter((each) => !program.isAfter(each, bootstrapDestroy)).map(({ name }) => name)).toEqual([]);
  });
});

describe("workers and infra instances", () => {
  const pools = { installerHost: true, infraCount: 2 };
  /** For each instance of a pool: whether the program declares the instance after another resource. */
  const comeAfter = ({ resources }: Program, pool: string, other: string): boolean[] =>
    resources.flatMap(({ name }, index) =>
      new RegExp(`^${pool}-\\d+$`).test(name) ? [index > resources.findIndex((each) => each.name === other)] : [],
    );

  test("are declared in a first installation only after the bootstrap destroy and the approver's service account", async () => {
    for (const found of [{}, reached("bootstrap-destroyed")]) {
      const program = await run(pools, found);
      for (const before of ["bootstrap-destroy", "certificate-approver-account-version"]) {
        expect([comeAfter(program, "workers", before), comeAfter(program, "infra", before)]).toEqual([
          [true, true, true],
          [true, true],
        ]);
      }
      expect(comeAfter(program, "masters", "bootstrap-destroy")).toEqual([false, false, false]);
    }
  });

  test("are declared after the bootstrap destroy also in a stack without an approver", async () => {
    const program = await run({ installerHost: false });
    expect(comeAfter(program, "workers", "bootstrap-destroy")).toEqual([true, true, true]);
  });

  test("of an installed cluster do not wait for the steps of the installation", async () => {
    const program = await run(pools, reached("bootstrap-destroyed", "installed"));
    expect(comeAfter(program, "workers", "certificate-approver-account-version")).toEqual([false, false, false]);
  });

  test("wait for the bootstrap destroy without a dependency on it, so that destroy deletes them in parallel with the control plane", async () => {
    const program = await run(pools);
    const bootstrapDestroy = program.one("command:local:Command", "bootstrap-destroy");
    const workers = program.all("aws:ec2/instance:Instance").filter(({ name }) => /^(workers|infra)-/.test(name));
    expect(workers.map((each) => program.isAfter(each, bootstrapDestroy))).toEqual([false, false, false, false, false]);
  });
});

describe("after the bootstrap destroy", () => {
  test("the program declares no resource of the bootstrap instance, and still declares all other resources", async () => {
    const before = await run({});
    const program = await run({}, reached("bootstrap-destroyed"));
    const names = (of: Program) => of.resources.map(({ type, name }) => `${type} ${name}`);
    const gone = names(before).filter((name) => !names(program).includes(name));
    expect(gone.filter((name) => !name.includes("bootstrap"))).toEqual([]);
    expect(names(program).filter((name) => /bootstrap(?!-complete|-destroy)/.test(name))).toEqual([]);
    expect(names(program).filter((name) => !names(before).includes(name))).toEqual([]);
    expect(Object.keys(program.outputs)).not.toContain("bootstrapAddress");
  });
});
