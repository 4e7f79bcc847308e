/**
 * What the executors declare. That a script's answer, errors and end are as they should be is shown by test/unit/supervised-step.test.ts and, with the
 * engine, by test/engine/ssh-executor.test.ts.
 */
import * as pulumi from "@pulumi/pulumi";
import { connectionTo } from "../../components/installer/connection";
import { type Executor, type Step, supervisedInput } from "../../components/installer/executor";
import { LocalExecutor } from "../../components/installer/local-executor";
import { SshExecutor } from "../../components/installer/ssh-executor";
import { type Declared, record, type Untyped } from "./program";

const host = { address: "198.51.100.7", port: 22, user: "core", hostKey: "ssh-ed25519 AAAA host\n", privateKey: "the private key" };
const connection = connectionTo(host, { kind: "public" });
const step: Step = {
  script: "cat",
  input: "the input",
  environment: { RELEASE: pulumi.output("4.19.0") },
  triggers: ["one"],
  frozen: false,
};

async function run(executor: Executor, changes: Partial<Step> = {}): Promise<Declared> {
  await pulumi.runtime.setMocks({
    newResource: ({ inputs, name }) => ({ id: name, state: { ...(inputs as object), stdout: "the answer" } }),
    call: () => ({}),
  });
  const recorded = record();
  executor.run("step", { ...step, ...changes }, {});
  await (pulumi.runtime as unknown as Untyped).waitForRPCs();
  const [declared] = recorded();
  return declared;
}

const overSsh = () => new SshExecutor(pulumi.output(connection));
const EXECUTORS: readonly (readonly [string, () => Executor, readonly string[]])[] = [
  ["local", () => new LocalExecutor(), ["environment"]],
  ["ssh", overSsh, ["connection"]],
];

describe.each(EXECUTORS)("a step of the %s executor", (kind, executor, own) => {
  test("keeps script, input and answer secret: nothing is logged or passed on", async () => {
    const declared = await run(executor());
    expect(declared.type).toBe(kind === "ssh" ? "command:remote:Command" : "command:local:Command");
    expect(declared.readable).toMatchObject({ stdin: "[secret]", triggers: ["one"], logging: "none", addPreviousOutputInEnv: false });
    expect(declared.secretOutputs).toContain("stdout");
    expect(JSON.stringify(declared.readable)).not.toMatch(/the input|the private key/);
  });

  test("is left alone when it is frozen, whatever changes", async () => {
    const given = ["addPreviousOutputInEnv", "create", "logging", "stdin", "triggers", ...own];
    const declared = await run(executor(), { frozen: true });
    expect([...declared.ignoreChanges].sort()).toEqual(given.sort());
    // Nothing else is given that could change.
    expect(Object.keys(declared.inputs).sort()).toEqual(given.sort());
    expect((await run(executor())).ignoreChanges).toEqual([]);
  });

  test("is ended after its own time or the default one", async () => {
    expect((await run(executor())).inputs.stdin).toContain("\nlimit=900\n");
    expect((await run(executor(), { timeoutSeconds: 60 })).inputs.stdin).toContain("\nlimit=60\n");
  });
});

test("the shell here has its variables in its environment", async () => {
  const { inputs } = await run(new LocalExecutor());
  expect([inputs.create, inputs.environment, inputs.stdin]).toEqual([
    "bash -s -- step",
    { RELEASE: "4.19.0" },
    supervisedInput(step, "the input"),
  ]);
});

test("passes variables to a remote shell, which ends with its connection", async () => {
  const { inputs, readable } = await run(overSsh());
  expect([inputs.create, inputs.stdin]).toEqual([
    "exec setpriv --pdeathsig TERM bash -s -- step",
    supervisedInput(step, "the input", { RELEASE: "4.19.0" }),
  ]);
  expect([inputs.connection, readable.connection]).toEqual([expect.objectContaining({ ...connection }), "[secret]"]);
});

describe("AWS credentials", () => {
  const asked: string[] = [];
  const withCredentials = () =>
    new SshExecutor(pulumi.output(connection), {
      credentials: (access) => {
        asked.push(access);
        return Promise.resolve({ AWS_ACCESS_KEY_ID: `key of ${access}` });
      },
    });
  beforeEach(() => asked.splice(0));

  test.each(["session", "lasting"] as const)("reach a step that asks AWS, of the kind that it needs: %s", async (aws) => {
    const { inputs } = await run(withCredentials(), { aws });
    expect(inputs.stdin).toContain(`export AWS_ACCESS_KEY_ID='key of ${aws}'`);
    expect(asked).toEqual([aws]);
  });

  test("are not asked for where a step asks AWS nothing, or doesn't run any more", async () => {
    for (const changes of [{}, { aws: "session", frozen: true }] as const) {
      expect((await run(withCredentials(), changes)).inputs.stdin).not.toContain("AWS_ACCESS_KEY_ID");
    }
    expect(asked).toEqual([]);
  });
});
