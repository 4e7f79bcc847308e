import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@okd-aws/sandbox/free-port";
import { protocolArchive, protocolAsset, Plugin, protocolSecret, type PluginProperties } from "./command-stand-in-plugin";
import { Sshd, WITHOUT_SSHD } from "./command-stand-in-sshd";

/**
 * Compares the stand-in's `command:remote:Command` and `command:remote:CopyToRemote` with the vendor's plugin 1.2, fact by fact, against a
 * real OpenSSH server. Sources: files of pulumi/pulumi-command, `provider/pkg/provider/remote`.
 */
const COMMAND = "command:remote:Command";
const COPY = "command:remote:CopyToRemote";

let plugin: Plugin;
let sshd: Sshd;
let directory: string;

if (WITHOUT_SSHD !== undefined) console.warn(`skipped: ${WITHOUT_SSHD}`);
const withSshd = WITHOUT_SSHD === undefined ? describe : describe.skip;

async function run(inputs: PluginProperties, connection: PluginProperties = {}): Promise<PluginProperties> {
  const checked = await plugin.check(COMMAND, { connection: sshd.connection(connection), ...inputs });
  expect(checked.failures).toEqual([]);
  return plugin.create(COMMAND, checked.inputs);
}

async function copied(source: PluginProperties, remotePath: string): Promise<PluginProperties> {
  return plugin.create(COPY, { connection: protocolSecret(sshd.connection()), source, remotePath });
}

withSshd("over ssh", () => {
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "command-stand-in-"));
    [sshd, plugin] = await Promise.all([Sshd.start(), Plugin.start(directory, { ...process.env, SSH_AUTH_SOCK: "" })]);
  });

  afterAll(async () => {
    await plugin.stop();
    await sshd.stop();
    rmSync(directory, { recursive: true });
  });

  describe("a command", () => {
    const state = { create: "true", stdout: "old", stderr: "bad" };
    test.each<{ fact: string; show: () => Promise<unknown>; expected: unknown }>([
      {
        fact: "returns its output, each stream without its last newline, and mirrors its inputs (commandOutputs.go)",
        show: async () => {
          const outputs = await run({ create: "echo out; echo err >&2" });
          return [outputs.create, outputs.stdout, outputs.stderr];
        },
        expected: ["echo out; echo err >&2", "out", "err"],
      },
      {
        fact: "reads the given input (command.go)",
        show: async () => (await run({ create: "cat", stdin: "x".repeat(300_000) })).stdout,
        expected: "x".repeat(300_000),
      },
      {
        fact: "reads the end of input when no input is given (x/crypto/ssh, Session.Stdin)",
        show: async () => (await run({ create: "cat; echo end" })).stdout,
        expected: "end",
      },
      {
        fact: "has the variables that the server accepts (commandOutputs.go, AcceptEnv)",
        show: async () => (await run({ create: "echo $ACCEPTED", environment: { ACCEPTED: "a b" } })).stdout,
        expected: "a b",
      },
      {
        fact: "does not run when the server refuses a variable (commandOutputs.go)",
        show: async () => {
          plugin.lines.length = 0;
          const file = join(directory, "must-not-exist");
          const error = await run({ create: `touch ${file}`, environment: { REFUSED: "x" } }).catch((e: unknown) => (e as Error).message);
          return [error, readdirSync(directory).includes("must-not-exist"), plugin.lines.map((line) => line.slice(0, 28))];
        },
        expected: ['could not set environment variable "REFUSED": ssh: setenv failed', false, ["error: Unable to set 'REFUSE"]],
      },
      {
        fact: "has the earlier output, and runs with a warning if the server refuses part of the earlier output (commandOutputs.go)",
        show: async () => {
          plugin.lines.length = 0;
          const inputs = { connection: sshd.connection(), create: "echo $PULUMI_COMMAND_STDOUT-$PULUMI_COMMAND_STDERR" };
          return [(await plugin.update(COMMAND, state, inputs)).stdout, plugin.lines.map((line) => line.slice(0, 22))];
        },
        expected: ["old-", ["warning: Unable to set", "info status: old-"]],
      },
      {
        fact: "logs no output with logging none (logging.go)",
        show: async () => {
          plugin.lines.length = 0;
          await run({ create: "echo x", logging: "none" });
          return plugin.lines;
        },
        expected: [],
      },
      {
        fact: "fails with its status, the command and the output (commandOutputs.go, x/crypto/ssh)",
        show: () => run({ create: "echo why >&2; exit 4" }).catch((error: unknown) => (error as Error).message),
        expected: 'Process exited with status 4: running "echo why >&2; exit 4":\nwhy\n',
      },
      {
        fact: "fails with the name of the signal that ended it (x/crypto/ssh)",
        show: () => run({ create: "kill -9 $$" }).catch((error: unknown) => (error as Error).message),
        expected: 'Process exited with status 137 from signal KILL: running "kill -9 $$":\n',
      },
      {
        fact: "runs on delete with the recorded connection and inputs (commandController.go)",
        show: async () => {
          const file = join(directory, "deleted");
          await plugin.delete(COMMAND, { ...state, connection: protocolSecret(sshd.connection()), delete: `cat > ${file}`, stdin: "gone" });
          return readFileSync(file, "utf8");
        },
        expected: "gone",
      },
    ])("$fact", async ({ show, expected }) => {
      expect(await show()).toEqual(expected);
    });
  });

  describe("a connection (connection.go)", () => {
    test("accepts a key with a password", async () => {
      const key = { privateKey: sshd.encryptedKey, privateKeyPassword: "passphrase" };
      expect((await run({ create: "echo in" }, key)).stdout).toBe("in");
    });

    test("fails before it dials if the key cannot be read", async () => {
      const error = run({ create: "true" }, { privateKey: sshd.encryptedKey, privateKeyPassword: "wrong", port: await freePort() });
      await expect(error).rejects.toThrow(/^ssh: /);
    });

    test("accepts an ssh agent", async () => {
      const socket = join(directory, "agent");
      const agent = execFileSync("ssh-agent", ["-s", "-a", socket]).toString();
      const id = Number(/SSH_AGENT_PID=(\d+)/.exec(agent)?.[1]);
      try {
        spawnSync("ssh-add", ["-"], { input: sshd.privateKey, env: { ...process.env, SSH_AUTH_SOCK: socket } });
        const connection = sshd.connection({ privateKey: null, agentSocketPath: socket });
        const { inputs } = await plugin.check(COMMAND, { connection, create: "echo in" });
        expect((await plugin.create(COMMAND, inputs)).stdout).toBe("in");
      } finally {
        process.kill(id);
      }
    });

    test("goes through a proxy host", async () => {
      const proxy = sshd.connection();
      expect((await run({ create: "echo ${SSH_CONNECTION%% *}" }, { proxy })).stdout).toBe("127.0.0.1");
    });

    test("names the proxy in the error if the proxy refuses", async () => {
      const proxy = sshd.connection({ user: "nobody-here" });
      await expect(run({ create: "true" }, { proxy })).rejects.toThrow(/^proxy: after 0 failed attempts: ssh: handshake failed/);
    });

    test("accepts the pinned host key", async () => {
      expect((await run({ create: "echo in" }, { hostKey: sshd.hostKey() })).stdout).toBe("in");
    });

    test("refuses another host key", async () => {
      const other = await Sshd.start();
      const hostKey = other.hostKey();
      await other.stop();
      const error = run({ create: "true" }, { hostKey });
      await expect(error).rejects.toThrow("after 0 failed attempts: ssh: handshake failed: ssh: host key mismatch");
    });

    test("asks a server with several host keys for ecdsa before ed25519, as Go's library does, so that this key must be pinned", async () => {
      const several = await Sshd.start(["ed25519", "ecdsa"]);
      try {
        const dial = (hostKey: string) => plugin.create(COMMAND, { connection: several.connection({ hostKey }), create: "echo in" });
        expect((await dial(several.hostKey("ecdsa"))).stdout).toBe("in");
        await expect(dial(several.hostKey("ed25519"))).rejects.toThrow("host key mismatch");
      } finally {
        await several.stop();
      }
    });

    test("is tried once more than its limit when the server refuses, with a status line for each failure", async () => {
      plugin.lines.length = 0;
      const port = await freePort();
      const error = run({ create: "true" }, { port, dialErrorLimit: 2 });
      await expect(error).rejects.toThrow(`after 2 failed attempts: dial tcp 127.0.0.1:${port}: connect: connection refused`);
      expect(plugin.lines).toEqual(["info status: Dial 1/2 failed: retrying", "info status: Dial 2/2 failed: retrying"]);
    });

    test("is retried until the host answers", async () => {
      const port = await freePort();
      const outputs = run({ create: "echo in" }, { port, dialErrorLimit: -1 });
      await new Promise((resolve) => setTimeout(resolve, 500));
      const server = createServer((socket) => socket.pipe(connect(sshd.port, "127.0.0.1")).pipe(socket));
      await new Promise<void>((resolve) => {
        server.listen(port, "127.0.0.1", resolve);
      });
      expect((await outputs).stdout).toBe("in");
      await new Promise((resolve) => server.close(resolve));
    });

    test("names the failed login if the user may not log in", async () => {
      await expect(run({ create: "true" }, { user: "nobody-here" })).rejects.toThrow(
        "ssh: unable to authenticate, attempted methods [none publickey]",
      );
    });

    // The remote command itself continues for its ten seconds, as with the vendor's plugin.
    test("ends when the plugin is cancelled", async () => {
      const other = await Plugin.start(directory);
      const failed = expect(other.create(COMMAND, { connection: sshd.connection(), create: "sleep 10" })).rejects.toThrow(
        "context canceled",
      );
      await new Promise((resolve) => setTimeout(resolve, 1000));
      await other.cancel();
      await failed;
      await other.stop();
    });
  });

  describe("a copy (copyController.go)", () => {
    function source(): string {
      const folder = mkdtempSync(join(directory, "source-"));
      mkdirSync(join(folder, "sub", "empty"), { recursive: true });
      writeFileSync(join(folder, "one"), "1");
      writeFileSync(join(folder, "sub", "two"), "2".repeat(200_000));
      writeFileSync(join(folder, "sub", "nothing"), "");
      return folder;
    }
    const target = (): string => mkdtempSync(join(directory, "target-"));
    const tree = (folder: string): unknown => (readdirSync(folder, { recursive: true }) as string[]).sort();
    const all = ["one", "sub", "sub/empty", "sub/nothing", "sub/two"];

    test("of a file becomes the path, or goes into the path if the path is a directory", async () => {
      const [from, to] = [join(source(), "one"), target()];
      await copied(protocolAsset({ path: from, hash: "1" }), join(to, "renamed"));
      await copied(protocolAsset({ path: from, hash: "1" }), to);
      expect(tree(to)).toEqual(["one", "renamed"]);
      expect(readFileSync(join(to, "renamed"), "utf8")).toBe("1");
    });

    test("of a directory goes into the path under its own name, and without the name if the source ends with a slash; a second copy changes nothing", async () => {
      const [from, to] = [source(), target()];
      for (let times = 0; times < 2; times++) {
        await copied(protocolArchive({ path: from, hash: "1" }), join(to, "named"));
        await copied(protocolArchive({ path: `${from}/`, hash: "1" }), join(to, "plain"));
      }
      expect(tree(join(to, "named", from.slice(directory.length + 1)))).toEqual(all);
      expect(tree(join(to, "plain"))).toEqual(all);
      expect(readFileSync(join(to, "plain", "sub", "two"), "utf8")).toBe("2".repeat(200_000));
    });

    test("of a text is written to the path; a directory as the path is an error", async () => {
      const to = target();
      await copied(protocolAsset({ text: "hello", hash: "1" }), join(to, "text"));
      expect(readFileSync(join(to, "text"), "utf8")).toBe("hello");
      await expect(copied(protocolAsset({ text: "hello", hash: "1" }), to)).rejects.toThrow(
        `remote path ${to} is a directory; when using a text asset`,
      );
    });

    test("of a directory onto a file, of a missing source, and into a missing directory fails", async () => {
      const [from, to] = [source(), target()];
      writeFileSync(join(to, "file"), "");
      await expect(copied(protocolArchive({ path: `${from}/`, hash: "1" }), join(to, "file"))).rejects.toThrow(
        "exists but is not a directory",
      );
      await expect(copied(protocolAsset({ path: join(from, "not"), hash: "1" }), to)).rejects.toThrow("no such file");
      await expect(copied(protocolAsset({ path: join(from, "one"), hash: "1" }), join(to, "a", "b"))).rejects.toThrow(
        "failed to copy file",
      );
    });

    test("runs again for another hash or path, but not for another connection; deletion leaves the copied files", async () => {
      const [from, to] = [join(source(), "one"), join(target(), "file")];
      const inputs = { connection: protocolSecret(sshd.connection()), source: protocolAsset({ path: from, hash: "1" }), remotePath: to };
      await plugin.create(COPY, inputs);
      writeFileSync(from, "new");
      await plugin.update(COPY, inputs, { ...inputs, connection: protocolSecret(sshd.connection({ port: await freePort() })) });
      expect(readFileSync(to, "utf8")).toBe("1");
      await plugin.update(COPY, inputs, { ...inputs, source: protocolAsset({ path: from, hash: "2" }) });
      expect(readFileSync(to, "utf8")).toBe("new");
      await plugin.delete(COPY, inputs);
      expect(readFileSync(to, "utf8")).toBe("new");
    });

    test.each([
      ["a text", protocolAsset({ text: "x", hash: "1" }), []],
      ["an archive made of parts", protocolArchive({ assets: {}, hash: "1" }), ["archive: archive must be a path to a file or directory"]],
      ["a remote asset", protocolAsset({ uri: "https://x", hash: "1" }), ["asset: asset must be a path-based file asset or a text asset"]],
    ])("checks its source: %s", async (_, from, failures) => {
      expect((await plugin.check(COPY, { connection: { host: "h" }, source: from, remotePath: "/x" })).failures).toEqual(failures);
    });
  });
});
