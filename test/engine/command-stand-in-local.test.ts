import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { protocolArchive, protocolAsset, Plugin, protocolSecret, PROTOCOL_UNKNOWN, type PluginProperties } from "./command-stand-in-plugin";

/**
 * Compares the stand-in's `command:local:Command` and `command:local:run` with the vendor's plugin 1.2, fact by fact. Each row names the
 * source file of its fact in pulumi/pulumi-command, or in pulumi-go-provider (as `infer`). The plugin runs as a process, and the test calls
 * it over its protocol.
 */
const COMMAND = "command:local:Command";
const RUN = "command:local:run";

let plugin: Plugin;
let directory: string;

beforeAll(async () => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), "command-stand-in-")));
  plugin = await Plugin.start(directory);
});

afterAll(async () => {
  await plugin.stop();
  rmSync(directory, { recursive: true });
});

async function created(inputs: PluginProperties): Promise<PluginProperties> {
  return plugin.create(COMMAND, inputs);
}

/** Files for the rows about assets: the example of the vendor's documentation. */
function exampleFolder(): string {
  const folder = mkdtempSync(join(directory, "assets-"));
  for (const [path, text] of Object.entries({ "assets/logos/logo.svg": "logo", "src/index.js": "index", "src/secret.js": "secret" })) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

interface Fact {
  readonly fact: string;
  readonly source: string;
  readonly show: () => Promise<unknown>;
  readonly expected: unknown;
}

const STATE = { create: "echo new", environment: { A: "1" }, stdout: "old", stderr: "bad" };

describe("a command that runs", () => {
  test.each<Fact>([
    {
      fact: "uses /bin/sh -c as the interpreter",
      source: "local/commandOutputs.go",
      show: async () => (await created({ create: "echo $0 $((1+1))" })).stdout,
      expected: "/bin/sh 2",
    },
    {
      fact: "treats an empty interpreter like none",
      source: "local/commandOutputs.go",
      show: async () => (await created({ create: "echo $0", interpreter: [] })).stdout,
      expected: "/bin/sh",
    },
    {
      fact: "passes the command as the last argument of another interpreter",
      source: "local/commandOutputs.go",
      show: async () => (await created({ create: "process.argv.length", interpreter: ["node", "-p"] })).stdout,
      expected: "1",
    },
    {
      fact: "runs in the plugin's own directory",
      source: "local/commandOutputs.go",
      show: async () => (await created({ create: "pwd" })).stdout === directory,
      expected: true,
    },
    {
      fact: "runs in a given directory",
      source: "local/base.go",
      show: async () => (await created({ create: "pwd", dir: "/" })).stdout,
      expected: "/",
    },
    {
      fact: "inherits the plugin's environment; variables of the inputs override it",
      source: "local/commandOutputs.go",
      show: async () => (await created({ create: 'echo "${HOME:+home} $LANG"', environment: { LANG: "mine" } })).stdout,
      expected: "home mine",
    },
    {
      fact: "reads the given text from standard input",
      source: "local/base.go",
      show: async () => (await created({ create: "cat", stdin: "one\ntwo" })).stdout,
      expected: "one\ntwo",
    },
    {
      fact: "reads the end of input when no input is given",
      source: "local/commandOutputs.go",
      show: async () => (await created({ create: "cat; echo end" })).stdout,
      expected: "end",
    },
    {
      fact: "loses one trailing newline of each stream, not more",
      source: "local/commandOutputs.go",
      show: async () => {
        const { stdout, stderr } = await created({ create: "printf 'a\\n\\n'; printf ' b\\r\\n' >&2" });
        return [stdout, stderr];
      },
      expected: ["a\n", " b\r"],
    },
    {
      fact: "has outputs that mirror the inputs",
      source: "local/command.go",
      show: async () => ({ ...(await created({ create: "echo x", triggers: [1, { a: ["b"] }], logging: "none" })), id: "" }),
      expected: { create: "echo x", triggers: [1, { a: ["b"] }], logging: "none", stdout: "x", stderr: "", id: "" },
    },
    {
      fact: "without create runs nothing, and has empty outputs",
      source: "local/commandController.go",
      show: async () => ({ ...(await created({ delete: "true" })), id: "" }),
      expected: { delete: "true", stdout: "", stderr: "", id: "" },
    },
    {
      fact: "has an ID of its name and eight hexadecimal digits",
      source: "local/commandController.go",
      show: async () => /^name[0-9a-f]{8}$/.test((await created({ create: "true" })).id as string),
      expected: true,
    },
    {
      fact: "runs update on an update",
      source: "local/commandController.go",
      show: async () => (await plugin.update(COMMAND, STATE, { ...STATE, update: "echo updated" })).stdout,
      expected: "updated",
    },
    {
      fact: "runs create on an update if there is no update command",
      source: "local/commandController.go",
      show: async () => (await plugin.update(COMMAND, STATE, { create: "echo again" })).stdout,
      expected: "again",
    },
    {
      fact: "without create and update keeps the earlier output on an update",
      source: "local/commandController.go",
      show: () => plugin.update(COMMAND, STATE, { delete: "true" }),
      expected: { delete: "true", stdout: "old", stderr: "bad" },
    },
    {
      fact: "gets the earlier output in its environment on an update",
      source: "util/util.go",
      show: async () => (await plugin.update(COMMAND, STATE, { create: "echo $PULUMI_COMMAND_STDOUT-$PULUMI_COMMAND_STDERR" })).stdout,
      expected: "old-bad",
    },
    {
      fact: "gets no earlier output on creation; an empty output sets no variable",
      source: "local/commandOutputs.go",
      show: async () => (await created({ create: "echo ${PULUMI_COMMAND_STDOUT-unset} ${PULUMI_COMMAND_STDERR-unset}" })).stdout,
      expected: "unset unset",
    },
    {
      fact: "gets no earlier output with addPreviousOutputInEnv: false",
      source: "local/base.go",
      show: async () => {
        const inputs = { create: "echo ${PULUMI_COMMAND_STDOUT-unset}", addPreviousOutputInEnv: false };
        return (await plugin.update(COMMAND, STATE, inputs)).stdout;
      },
      expected: "unset",
    },
    {
      fact: "runs delete with the recorded inputs and the earlier output",
      source: "local/commandController.go",
      show: async () => {
        const file = join(directory, "deleted");
        const command = `cat > ${file}; echo "$A $PULUMI_COMMAND_STDOUT" >> ${file}`;
        await plugin.delete(COMMAND, { ...STATE, stdin: "in ", delete: command });
        return readFileSync(file, "utf8");
      },
      expected: "in 1 old\n",
    },
    {
      fact: "uses secret inputs in plain form and keeps them secret; its printed output does not become secret",
      source: "infer/resource.go (ensureDefaultSecrets), provider/tests (regress-256)",
      show: async () => {
        const inputs = { create: protocolSecret("echo $A"), environment: { A: protocolSecret("hidden") }, addPreviousOutputInEnv: true };
        return { ...(await created(inputs)), id: "" };
      },
      expected: {
        create: protocolSecret("echo $A"),
        environment: { A: protocolSecret("hidden") },
        addPreviousOutputInEnv: true,
        stdout: "hidden",
        stderr: "",
        id: "",
      },
    },
    {
      fact: "returns its arguments and the printed output from run",
      source: "local/runController.go",
      show: () => plugin.invoke(RUN, { command: "cat; echo $A", stdin: "in ", environment: { A: "1" } }),
      expected: {
        command: "cat; echo $A",
        stdin: "in ",
        environment: { A: "1" },
        addPreviousOutputInEnv: true,
        stdout: "in 1",
        stderr: "",
      },
    },
  ])("$fact ($source)", async ({ show, expected }) => {
    expect(await show()).toEqual(expected);
  });
});

describe("assets", () => {
  test("are selected as in the example of the vendor's documentation, as assets and as an archive", async () => {
    const dir = exampleFolder();
    const rules = ["assets/**", "src/**.js", "!**secret.*"];
    const outputs = await created({ create: "true", dir, assetPaths: rules, archivePaths: rules });
    const hash = expect.stringMatching(/^[0-9a-f]{64}$/) as unknown;
    const files = {
      "assets/logos/logo.svg": protocolAsset({ path: join(dir, "assets/logos/logo.svg"), hash }),
      "src/index.js": protocolAsset({ path: join(dir, "src/index.js"), hash }),
    };
    expect(outputs.assets).toEqual(files);
    expect(outputs.archive).toEqual(protocolArchive({ assets: files, hash }));
  });

  test("are read after the command has run; changed content changes both hashes", async () => {
    const dir = exampleFolder();
    const inputs = { dir, assetPaths: ["made"], archivePaths: ["made"] };
    const hashes = async (command: string): Promise<unknown[]> => {
      const { assets, archive: made } = await created({ ...inputs, create: command });
      return [(assets as Record<string, { hash: string }>).made.hash, (made as { hash: string }).hash];
    };
    const [first, second] = [await hashes("echo 1 > made"), await hashes("echo 2 > made")];
    expect(first[0]).not.toEqual(second[0]);
    expect(first[1]).not.toEqual(second[1]);
  });
});

describe("the error of a command that fails", () => {
  test.each<{ fact: string; inputs: PluginProperties; error: string }>([
    {
      fact: "the exit status, the command and both streams, also with logging none",
      inputs: { create: 'echo out; echo "err" >&2; exit 3', logging: "none" },
      error: 'exit status 3: running "echo out; echo \\"err\\" >&2; exit 3":\nout\nerr\n',
    },
    { fact: "the signal that ended the command", inputs: { create: "kill -9 $$" }, error: 'signal: killed: running "kill -9 $$":\n' },
    {
      fact: "a missing directory",
      inputs: { create: "true", dir: "/not/there" },
      error: "chdir /not/there: no such file or directory",
    },
    {
      fact: "a missing interpreter",
      inputs: { create: "x", interpreter: ["/not/sh"] },
      error: "fork/exec /not/sh: no such file",
    },
    {
      fact: "an interpreter that is not on the PATH",
      inputs: { create: "x", interpreter: ["not-sh"] },
      error: 'exec: "not-sh": executable file not found in $PATH',
    },
    { fact: "a pattern that cannot be parsed", inputs: { create: "true", assetPaths: ["[a"] }, error: "is never closed" },
  ])("names $fact (local/commandOutputs.go, os/exec)", async ({ inputs, error }) => {
    await expect(created(inputs)).rejects.toThrow(error);
  });
});

describe("a preview, which runs nothing,", () => {
  const file = (): string => join(directory, "must-not-exist");
  const unchanged = { create: "echo new", environment: { A: "1" } };
  test.each<Fact>([
    {
      fact: "leaves the output of a creation unknown, and already has an ID",
      source: "infer/resource.go (markComputed), local/commandController.go",
      show: () => plugin.create(COMMAND, { create: `touch ${file()}`, environment: { A: PROTOCOL_UNKNOWN } }, { preview: true }),
      expected: {
        create: expect.any(String) as unknown,
        environment: { A: PROTOCOL_UNKNOWN },
        stdout: PROTOCOL_UNKNOWN,
        stderr: PROTOCOL_UNKNOWN,
        id: expect.any(String) as unknown,
      },
    },
    {
      fact: "leaves the output unknown when an input changes",
      source: "infer/resource.go (markComputed)",
      show: () => plugin.update(COMMAND, STATE, { ...unchanged, environment: { A: "2" } }, { preview: true }),
      expected: { ...unchanged, environment: { A: "2" }, stdout: PROTOCOL_UNKNOWN, stderr: PROTOCOL_UNKNOWN },
    },
    {
      fact: "leaves the output unknown when an input contains an unknown value",
      source: "provider/tests (update-preview)",
      show: () => plugin.update(COMMAND, STATE, { ...unchanged, environment: { A: PROTOCOL_UNKNOWN } }, { preview: true }),
      expected: { ...unchanged, environment: { A: PROTOCOL_UNKNOWN }, stdout: PROTOCOL_UNKNOWN, stderr: PROTOCOL_UNKNOWN },
    },
    {
      fact: "keeps the earlier output when an input is only added",
      source: "infer/resource.go (markComputed: hasOldInput)",
      show: () => plugin.update(COMMAND, STATE, { ...unchanged, delete: "true" }, { preview: true }),
      expected: { ...unchanged, delete: "true", stdout: "old", stderr: "bad" },
    },
  ])("$fact ($source)", async ({ show, expected }) => {
    expect(await show()).toEqual(expected);
  });
});
