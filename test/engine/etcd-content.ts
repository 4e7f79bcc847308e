import { setTimeout as sleep } from "node:timers/promises";

/** Heartbeats of the API server, which it writes all the time. */
const heartbeats = /^\/registry\/(leases\/kube-system\/apiserver-|masterleases\/)/;

/** Attempts to restore changed keys. If they change again each time, a controller or a test is still writing. */
const attempts = 10;

interface Range {
  readonly header: { readonly revision: string };
  /** Keys and values are encoded with base64. */
  readonly kvs?: readonly { readonly key: string; readonly value: string }[];
}

interface Content {
  readonly revision: string;
  readonly values: ReadonlyMap<string, string>;
}

/** All objects of an API server, as its etcd stores them. The API server watches etcd, so its clients see every change made here. */
export class EtcdContent {
  /** @param port of an etcd that is never compacted, so that it still has former revisions */
  constructor(private readonly port: number) {}

  /** Waits until the content has not changed for a second. Returns its revision. */
  async settled(): Promise<string> {
    for (let before = await this.read(); ;) {
      await sleep(1000);
      const now = await this.read();
      if (differences(before, now).length === 0) return now.revision;
      before = now;
    }
  }

  /**
   * Deletes, creates and changes keys until the content is that of the revision.
   *
   * @throws Error with the keys that do not stay as they were
   */
  async restore(revision: string): Promise<void> {
    const wanted = await this.read(revision);
    let keys = differences(wanted, await this.read());
    for (let attempt = 0; keys.length > 0; attempt++) {
      if (attempt === attempts) throw new Error(`something still writes these objects of the API server: ${keys.join(", ")}`);
      for (const name of keys) {
        const key = Buffer.from(name).toString("base64");
        const value = wanted.values.get(name);
        await (value === undefined ? this.send("deleterange", { key }) : this.send("put", { key, value }));
      }
      keys = differences(wanted, await this.read());
    }
  }

  private async read(revision?: string): Promise<Content> {
    const [key, end] = ["/registry/", "/registry0"].map((text) => Buffer.from(text).toString("base64"));
    const { header, kvs = [] } = (await this.send("range", { key, range_end: end, revision })) as Range;
    return { revision: header.revision, values: new Map(kvs.map((each) => [Buffer.from(each.key, "base64").toString(), each.value])) };
  }

  private async send(action: "range" | "put" | "deleterange", body: object): Promise<unknown> {
    const answer = await fetch(`http://127.0.0.1:${this.port}/v3/kv/${action}`, { method: "POST", body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`etcd refuses ${action}: ${await answer.text()}`);
    return answer.json();
  }
}

/** Keys whose values are not the same, except heartbeats. */
function differences(one: Content, other: Content): string[] {
  const keys = [...new Set([...one.values.keys(), ...other.values.keys()])];
  return keys.filter((key) => !heartbeats.test(key) && one.values.get(key) !== other.values.get(key));
}
