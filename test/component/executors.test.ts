/**
 * The resources that the executors declare. test/unit/components/installer/executor.test.ts tests a script's answer, errors and end; test/engine/ssh-executor.test.ts tests
 * them with the Pulumi engine.
 */
import * as pulumi from "@pulumi/pulumi";
import { connectionTo } from "../../components/installer/connection";
import { type Executor, type InstallerStep, supervisedInput } from "../../components/installer/executor";
import { LocalExecutor } from "../../components/installer/local-executor";
import { SshExecutor } from "../../components/installer/ssh-executor";
import { type Declared, record, type Untyped } from "./program";

const host = { address: "198.51.100.7", port: 22, user: "core", hostKey: "ssh-ed25519 AAAA host\n", privateKey: "the private key" };
const connection = connectionTo(host, { kind: "public" });
const step: InstallerStep = {
  script: "cat",
  input: "the input",
  environment: { RELEASE: pulumi.output("4.19.0") },
  triggers: ["one"],
  frozen: false,
};

async function run(executor: Executor, changes: Partial<InstallerStep> = {}): Promise<Declared> {
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
  test("keeps script, input and answer secret, and passes them to no log and to no later step", async () => {
    const declared = await run(executor());
    expect(declared.type).toBe(kind === "ssh" ? "command:remote:Command" : "command:local:Command");
    expect(declared.readable).toMatchObject({ stdin: "[secret]", triggers: ["one"], logging: "none", addPreviousOutputInEnv: false });
    expect(declared.secretOutputs).toContain("stdout");
    expect(JSON.stringify(declared.readable)).not.toMatch(/the input|the private key/);
  });

  test("does not run again when it is frozen, for any change of its inputs", async () => {
    const given = ["addPreviousOutputInEnv", "create", "logging", "stdin", "triggers", ...own];
    const declared = await run(executor(), { frozen: true });
    expect([...declared.ignoreChanges].sort()).toEqual(given.sort());
    // These are all inputs of the step, so no change of an input can make it run again.
    expect(Object.keys(declared.inputs).sort()).toEqual(given.sort());
    expect((await run(executor())).ignoreChanges).toEqual([]);
  });

  test("ends after the step's timeout or the default timeout", async () => {
    expect((await run(executor())).inputs.stdin).toContain("\nlimit=900\n");
    expect((await run(executor(), { timeoutSeconds: 60 })).inputs.stdin).toContain("\nlimit=60\n");
  });
});

test("a step in the local shell has its variables in its environment", async () => {
  const { inputs } = await run(new LocalExecutor());
  expect([inputs.create, inputs.environment, inputs.stdin]).toEqual([
    "bash -s -- step",
    { RELEASE: "4.19.0" },
    supervisedInput(step, "the input"),
  ]);
});

test("a step in a remote shell gets its variables, and the shell ends when its connection ends", async () => {
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

  test.each(["temporary", "permanent"] as const)(
    "reach a step that calls AWS, and are of the kind that the step needs: %s",
    async (aws) => {
      const { inputs } = await run(withCredentials(), { aws });
      expect(inputs.stdin).toContain(`export AWS_ACCESS_KEY_ID='key of ${aws}'`);
      expect(asked).toEqual([aws]);
    },
  );

  test("are not requested for a step that does not call AWS or no longer runs", async () => {
    for (const changes of [{}, { aws: "temporary", frozen: true }] as const) {
      expect((await run(withCredentials(), changes)).inputs.stdin).not.toContain("AWS_ACCESS_KEY_ID");
    }
    expect(asked).toEqual([]);
  });
});
