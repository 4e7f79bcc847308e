import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "@okd-aws/sandbox/free-port";

/** A real etcd with one or more members on loopback. Tests query it over its HTTP gateway. */
export class Etcd {
  private constructor(
    readonly urls: readonly string[],
    private readonly processes: readonly ChildProcess[],
  ) {}

  /** @param data data directory of the only member, restored from a snapshot; without it the members start empty */
  static async start(program: string, directory: string, count: number, data?: string): Promise<Etcd> {
    const members = await Promise.all(
      Array.from({ length: count }, async (_, index) => ({
        name: `member-${index}`,
        client: `http://127.0.0.1:${await freePort()}`,
        peer: `http://127.0.0.1:${await freePort()}`,
      })),
    );
    const processes = members.map(({ name, client, peer }) => {
      const args = [`--name=${name}`, `--data-dir=${data ?? join(directory, name)}`, "--unsafe-no-fsync", "--log-level=error"];
      args.push(`--listen-client-urls=${client}`, `--advertise-client-urls=${client}`, `--listen-peer-urls=${peer}`);
      if (data === undefined) {
        args.push(
          `--initial-advertise-peer-urls=${peer}`,
          `--initial-cluster=${members.map((each) => `${each.name}=${each.peer}`).join(",")}`,
        );
      }
      return spawn(program, args, { stdio: "ignore", env: { PATH: process.env.PATH } });
    });
    const etcd = new Etcd(
      members.map(({ client }) => client),
      processes,
    );
    for (const deadline = Date.now() + 60_000; (await etcd.leader().catch(() => undefined)) === undefined;) {
      if (Date.now() > deadline) throw new Error("etcd has no leader after a minute");
      await sleep(100);
    }
    return etcd;
  }

  /** Index of the leader. */
  async leader(): Promise<number | undefined> {
    const states = await Promise.all(this.urls.map(async (url) => (await fetch(`${url}/metrics`)).text().catch(() => "")));
    const index = states.findIndex((text) => /^etcd_server_is_leader 1$/m.test(text));
    return index === -1 ? undefined : index;
  }

  async put(entries: ReadonlyMap<string, string>): Promise<void> {
    for (const [key, value] of entries) await this.call("put", { key: encode(key), value: encode(value) });
  }

  /** All keys and values. */
  async everything(): Promise<Map<string, string>> {
    const { kvs } = (await this.call("range", { key: "AA==", range_end: "AA==" })) as { kvs?: { key: string; value: string }[] };
    return new Map((kvs ?? []).map(({ key, value }) => [decode(key), decode(value)]));
  }

  async stop(): Promise<void> {
    await Promise.all(
      this.processes.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const exited = new Promise((resolve) => child.once("exit", resolve));
        child.kill("SIGKILL");
        await exited;
      }),
    );
  }

  private async call(what: string, body: object): Promise<unknown> {
    const answer = await fetch(`${this.urls[0]}/v3/kv/${what}`, { method: "POST", body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`etcd answers ${answer.status}: ${await answer.text()}`);
    return answer.json();
  }
}

const encode = (text: string) => Buffer.from(text).toString("base64");
const decode = (text: string) => Buffer.from(text, "base64").toString();
