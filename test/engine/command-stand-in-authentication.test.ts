import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Server, utils, type AuthContext } from "ssh2";
import { freePort } from "@okd-aws/sandbox/free-port";
import { ed25519Pair } from "../../components/ssh-key-pair";
import { Plugin, type PluginProperties } from "./command-stand-in-plugin";

/**
 * Tests how the stand-in's `command:remote:Command` authenticates, against a server that the test starts. OpenSSH's server accepts only the accounts
 * of this machine, so the test could not choose their keys and passwords. Source: pulumi/pulumi-command,
 * `provider/pkg/provider/remote/connection.go`.
 */
const COMMAND = "command:remote:Command";
const key = (): string => ed25519Pair(utils).private;

let plugin: Plugin;
let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "command-stand-in-"));
  plugin = await Plugin.start(directory, { ...process.env, SSH_AUTH_SOCK: "" });
});

afterAll(async () => {
  await plugin.stop();
  rmSync(directory, { recursive: true });
});

/** Runs a command on a server that accepts a login if `admits` returns true. Returns the printed text and the methods that were tried. */
async function attempt(
  connection: PluginProperties,
  admits: (context: AuthContext) => boolean,
): Promise<{ said: unknown; tried: string[] }> {
  const tried: string[] = [];
  const server = new Server({ hostKeys: [key()] }, (client) => {
    client.on("error", () => undefined);
    client.on("authentication", (context) => {
      tried.push(context.method);
      if (context.method === "keyboard-interactive") {
        context.prompt([{ prompt: "Password: ", echo: false }], (answers) => {
          if (admits(Object.assign(context, { answers }))) context.accept();
          else context.reject();
        });
      } else if (admits(context)) context.accept();
      else context.reject(["publickey", "password", "keyboard-interactive"]);
    });
    client.on("session", (accept) => {
      accept().on("exec", (start, _refuse, { command }) => {
        const stream = start();
        stream.write(command);
        stream.exit(0);
        stream.end();
      });
    });
  });
  const port = await freePort();
  await new Promise<void>((resolve) => {
    server.listen(port, "127.0.0.1", resolve);
  });
  try {
    const { inputs } = await plugin.check(COMMAND, {
      connection: { host: "127.0.0.1", port, dialErrorLimit: 0, ...connection },
      create: "in",
    });
    const outputs = await plugin.create(COMMAND, inputs).catch((error: unknown) => ({ stdout: (error as Error).message }));
    return { said: outputs.stdout, tried: [...new Set(tried)] };
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

test("a password is sent as a password", async () => {
  const admits = (context: AuthContext): boolean =>
    context.method === "password" && context.password === "word" && context.username === "me";
  expect(await attempt({ user: "me", password: "word" }, admits)).toEqual({ said: "in", tried: ["none", "password"] });
});

test("a password also answers keyboard-interactive questions", async () => {
  const admits = (context: AuthContext): boolean =>
    context.method === "keyboard-interactive" && (context as unknown as { answers?: string[] }).answers?.join() === "word";
  expect(await attempt({ password: "word" }, admits)).toEqual({ said: "in", tried: ["none", "password", "keyboard-interactive"] });
});

test("a key is tried before the password; the default user is root", async () => {
  const admits = (context: AuthContext): boolean => context.method === "password" && context.username === "root";
  expect(await attempt({ privateKey: key(), password: "word" }, admits)).toEqual({ said: "in", tried: ["none", "publickey", "password"] });
});

test("a key may be an RSA key in PEM form", async () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = privateKey.export({ type: "pkcs1", format: "pem" }).toString();
  const admits = (context: AuthContext): boolean => context.method === "publickey";
  expect(await attempt({ privateKey: pem }, admits)).toEqual({ said: "in", tried: ["none", "publickey"] });
});

test("the error names the methods that were tried when the server accepts none", async () => {
  const { said } = await attempt({ password: "wrong" }, () => false);
  expect(said).toContain("ssh: handshake failed: ssh: unable to authenticate, attempted methods [none password keyboard-interactive]");
});

test("the plugin waits for a server that accepts the connection and says nothing, until the plugin is cancelled", async () => {
  const port = await freePort();
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(port, "127.0.0.1", resolve);
  });
  const other = await Plugin.start(directory);
  const { inputs } = await other.check(COMMAND, { connection: { host: "127.0.0.1", port, perDialTimeout: 1 }, create: "true" });
  let failed: Error | undefined;
  const creation = other.create(COMMAND, inputs).catch((error: unknown) => {
    failed = error as Error;
  });
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(failed).toBeUndefined();
  await other.cancel();
  await creation;
  expect(failed?.message).toBe("context canceled");
  await other.stop();
  server.close();
});
