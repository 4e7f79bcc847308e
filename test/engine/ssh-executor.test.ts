import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@okd-aws/sandbox/free-port";
import { type RemoteConnection, connectionTo, type SshEndpoint } from "../../components/installer/connection";
import type { InstallerHostAccess } from "../../config/configuration";
import { Secret } from "../../config/secret";
import { Sshd, WITHOUT_SSHD } from "./command-stand-in-sshd";
import { ExecutorProject, type TestStep, type StepExecution } from "./executor-project";
import { Relay } from "./relay";
import { describeWithTools } from "./requirements";

/**
 * Tests the executors under the real Pulumi engine, the one over ssh with a real OpenSSH server. It does not prove that an EC2 instance boots
 * within the time limit.
 */
let project: ExecutorProject;
let sshd: Sshd;
let directory: string;

if (WITHOUT_SSHD !== undefined) console.warn(`skipped: ${WITHOUT_SSHD}`);
const describeWithSshd = WITHOUT_SSHD === undefined ? describeWithTools : describe.skip;

const hostOf = (server: Sshd): SshEndpoint => ({
  address: "127.0.0.1",
  port: server.port,
  user: server.user,
  hostKey: server.hostKey(),
  privateKey: server.privateKey,
});

/** A connection with shorter time limits than a booting instance needs. */
function connection(
  changes: Partial<RemoteConnection> = {},
  access: InstallerHostAccess = { kind: "public" },
  host = hostOf(sshd),
): RemoteConnection {
  return { ...connectionTo(host, access), dialErrorLimit: 1, perDialTimeout: 1, ...changes };
}

const WAYS: readonly (readonly [string, () => StepExecution])[] = [
  ["here", () => ({})],
  ["over ssh", () => ({ connection: connection() })],
];

/** Path of a file that scripts write and tests read. */
function file(name: string): string {
  return join(mkdtempSync(join(directory, "file-")), name);
}

function isAlive(id: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${id}/status`, "utf8"));
  } catch {
    return false; // The process has ended.
  }
}

/** Waits, at most ten seconds, until all processes have ended whose IDs a script wrote. */
async function gone(ids: string): Promise<void> {
  const written = readFileSync(ids, "utf8").trim().split(/\s+/).map(Number);
  expect(written.length).toBeGreaterThan(1);
  for (let tries = 0; tries < 200 && written.some(isAlive); tries++) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(written.filter(isAlive)).toEqual([]);
}

/** All command lines and environments of the running processes. */
function processes(): string {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((id) =>
      ["cmdline", "environ"].map((of) => {
        try {
          return readFileSync(`/proc/${id}/${of}`, "utf8").replaceAll("\0", " ");
        } catch {
          return ""; // The process ended in the meantime.
        }
      }),
    )
    .join("\n");
}

async function listening(server: Server, port: number): Promise<Server> {
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return server;
}

/** The step's error, which is the only output that the user sees. */
async function failure(step: TestStep, way: StepExecution = {}): Promise<string> {
  const { code, output } = await project.up(step, way);
  expect({ code, output }).not.toEqual({ code: 0, output });
  return output;
}

const trivial: TestStep = { script: "cat", input: "hello" };

describeWithSshd("a step", () => {
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "ssh-executor-"));
    [project, sshd] = await Promise.all([ExecutorProject.make(), Sshd.start()]);
  });

  afterEach(() => {
    const { code, output } = project.destroy();
    expect({ code, output }).toEqual({ code: 0, output });
  });

  afterAll(async () => {
    project.remove();
    await sshd.stop();
    rmSync(directory, { recursive: true });
  });

  test("gives the same output locally and over ssh, for any input and any variables", async () => {
    const answers: string[] = [];
    for (const [, way] of WAYS) {
      const { code, output } = await project.up(
        {
          script: 'set -euo pipefail\nprintf "%s|%s|%s|" "$1" "$VALUE" "${EMPTY-unset}"\ncat\necho progress >&2',
          input: "}\nexit 7\n' \" $HOME $(id)\n".repeat(2000),
          environment: { VALUE: 'it\'s $HOME `id`\n\\ "x" ✓', EMPTY: "" },
        },
        way(),
      );
      expect({ code, output }).toEqual({ code: 0, output });
      answers.push(project.answer());
    }
    expect(answers[1]).toBe(answers[0]);
    expect(answers[0].startsWith('step|it\'s $HOME `id`\n\\ "x" ✓||}\nexit 7\n')).toBe(true);
    expect(answers[0].length).toBeGreaterThan(50_000);
  });

  describe.each(WAYS)("%s", (_, way) => {
    test("reports a failure with the last lines, without input and output", async () => {
      const script = "seq -f 'line %g' 30 >&2\necho secret answer\nread -r line\nexit 3";
      const output = await failure({ script, input: "hunter2\nhunter3" }, way());
      const lines = Array.from({ length: 20 }, (_, index) => `line ${index + 11}`);
      expect(output.replaceAll(/^ +/gm, "")).toContain(["Step step failed with exit status 3. Its last lines:", ...lines].join("\n"));
      expect(output).not.toMatch(/line 10\b|secret answer|hunter/);
    });

    test("ends a hanging script in time with all its processes, and reports the last lines", async () => {
      const [ids, temporary] = [file("ids"), file("temporary")];
      const script = [
        `mkdir ${temporary}`,
        `trap 'rm -r ${temporary}' EXIT`,
        "echo waiting for nothing >&2",
        `sleep 3600 & echo $$ $! >${ids}`,
        "sleep 3600",
      ].join("\n");
      const output = await failure({ script, input: "hunter2", timeoutSeconds: 2 }, way());
      expect(output.replaceAll(/^ +/gm, "")).toContain(
        "Step step was ended after 2 seconds, which is its time limit. Its last lines:\nwaiting for nothing\n",
      );
      expect(output).not.toContain("hunter2");
      await gone(ids);
      expect(existsSync(temporary)).toBe(false);
    });

    test("leaves no process when it succeeds", async () => {
      const ids = file("ids");
      const { code, output } = await project.up({ script: `sleep 3600 & echo $$ $! >${ids}; echo done`, input: "" }, way());
      expect({ code, output }).toEqual({ code: 0, output });
      expect(project.answer()).toBe("done");
      await gone(ids);
    });

    test("ends when the Pulumi engine ends, however that happens", async () => {
      const ids = file("ids");
      await project.up({ script: `sleep 3600 & echo $$ $! >${ids}; wait`, input: "" }, way(), (engine) => {
        if (existsSync(ids)) engine.kill("SIGKILL");
      });
      await gone(ids);
    });

    test("keeps its secrets out of all command lines, variables, the output and the readable state", async () => {
      const seen = new Set<boolean>();
      const leaks = new Set<string>();
      // The lines of this test's key only, because other tests may have keys in their variables.
      const secrets = ["hunter2", ...sshd.privateKey.split("\n").filter((line) => line !== "" && !line.startsWith("-----"))];
      const step = { script: 'read -r word\necho "answer to $word"\necho "progress of $word" >&2\nsleep 1.5', input: "hunter2\n" };
      const { code, output } = await project.up(step, way(), () => {
        const all = processes();
        seen.add(all.includes("bash -s -- step"));
        for (const secret of secrets.filter((each) => all.includes(each))) leaks.add(secret);
      });
      expect({ code, output }).toEqual({ code: 0, output });
      expect([seen.has(true), [...leaks]]).toEqual([true, []]);
      expect(`${output}${project.state()}`).not.toMatch(/hunter2|PRIVATE KEY/);
      expect(project.answer()).toBe("answer to hunter2");
    });
  });

  describe("over ssh", () => {
    test("waits for an instance that is still booting", async () => {
      const late = await Sshd.prepare();
      try {
        const started = new Promise((resolve) => setTimeout(resolve, 5000)).then(() => late.listen());
        const { code, output } = await project.up(trivial, { connection: connectionTo(hostOf(late), { kind: "public" }) });
        await started;
        expect({ code, output }).toEqual({ code: 0, output });
        expect(project.answer()).toBe("hello");
      } finally {
        await late.stop();
      }
    });

    test("goes through a bastion, whose host key is pinned as well", async () => {
      const bastion = await Sshd.start();
      try {
        const { port, user } = bastion;
        const described = { host: "127.0.0.1", port, user, privateKey: new Secret(bastion.privateKey) };
        const through = (hostKey: string): StepExecution => ({
          connection: connection({}, { kind: "bastion", bastion: { ...described, hostKey } }),
        });
        const { code, output } = await project.up(trivial, through(bastion.hostKey()));
        expect({ code, output }).toEqual({ code: 0, output });
        expect(project.answer()).toBe("hello");
        expect(project.state()).not.toContain("PRIVATE KEY");
        project.destroy();

        const wrong = through(sshd.hostKey());
        const impatient = { ...wrong.connection, proxy: { ...wrong.connection?.proxy, dialErrorLimit: 0 } } as RemoteConnection;
        expect(await failure(trivial, { connection: impatient })).toMatch(/proxy: .*host key mismatch/);
      } finally {
        await bastion.stop();
      }
    });

    test("goes through a port of this machine that another program forwards", async () => {
      const forwarder = await Relay.open(sshd.port);
      try {
        // No host answers at this address: it is reserved for documentation.
        const host = { ...hostOf(sshd), address: "192.0.2.1" };
        const { code, output } = await project.up(trivial, {
          connection: connection({}, { kind: "forwarded", port: forwarder.port }, host),
        });
        expect({ code, output }).toEqual({ code: 0, output });
        expect(project.answer()).toBe("hello");
      } finally {
        await forwarder.close();
      }
    });

    test("does not run on a host with another host key", async () => {
      const other = await Sshd.start();
      const hostKey = other.hostKey();
      await other.stop();
      const ran = file("ran");
      const output = await failure(
        { script: `touch ${ran}`, input: "hunter2" },
        { connection: connection({ hostKey, dialErrorLimit: 0 }) },
      );
      expect(output).toContain("ssh: host key mismatch");
      expect(output).not.toMatch(/hunter2|PRIVATE KEY/);
      expect(existsSync(ran)).toBe(false);
    });

    test("names the host that refused, after the given number of attempts", async () => {
      const port = await freePort();
      const output = await failure({ ...trivial, input: "hunter2" }, { connection: connection({ port }) });
      expect(output).toContain(`after 1 failed attempts: dial tcp 127.0.0.1:${port}: connect: connection refused`);
      expect(output).not.toMatch(/hunter2|PRIVATE KEY/);
    });

    test("ends when a host does not answer, and names the host", async () => {
      const script =
        'require("net").createServer().listen({ port: 0, host: "127.0.0.1", backlog: 1 }, function () { console.log(this.address().port); })';
      const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
      const sockets: Socket[] = [];
      try {
        const port = Number(
          await new Promise<string>((resolve) =>
            child.stdout.once("data", (data: Buffer) => {
              resolve(data.toString());
            }),
          ),
        );
        // A stopped listener: once its queue is full, the kernel answers no connection.
        child.kill("SIGSTOP");
        const connects = () =>
          new Promise<boolean>((resolve) => {
            const socket = connect(port, "127.0.0.1", () => {
              resolve(true);
            });
            sockets.push(socket);
            setTimeout(resolve, 500, false);
          });
        while (await connects()) expect(sockets.length).toBeLessThan(10);

        const output = await failure(trivial, { connection: connection({ port }) });
        expect(output).toContain(`after 1 failed attempts: dial tcp 127.0.0.1:${port}: i/o timeout`);
      } finally {
        for (const socket of sockets) socket.destroy();
        child.kill("SIGKILL");
      }
    });

    test("ends with the resource's own time limit when a server sends nothing", async () => {
      const sockets: Socket[] = [];
      const port = await freePort();
      const silent = await listening(
        createServer((socket) => sockets.push(socket)),
        port,
      );
      try {
        expect(await failure(trivial, { connection: connection({ port }), customTimeouts: { create: "3s" } })).toContain(
          "context canceled",
        );
      } finally {
        for (const socket of sockets) socket.destroy();
        silent.close();
      }
    });
  });
});
