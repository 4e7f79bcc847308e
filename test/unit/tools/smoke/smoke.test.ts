/** The smoke test against an application that this test imitates: its steps, its failures, and everything that it removes. */
import { EXAMPLE_NAMESPACE } from "../../../../config/example-application/settings";
import type { HttpsRequest, Reply } from "../../../../lib/https";
import { RefusedByApi } from "../../../../lib/kubernetes/client";
import { readArguments } from "../../../../tools/smoke/arguments";
import { smoke, type SmokeChoices, type SmokeContext } from "../../../../tools/smoke/smoke";
import { stoppedClock } from "../../lib/stopped-clock";
import { FakeVelero } from "../../steps/velero/fake-velero";

const routes = [
  { router: "public", url: "https://guestbook.public.example.com/" },
  { router: "private", url: "https://guestbook.private.example.com/" },
];
const encoded = Buffer.from("router CA").toString("base64");

interface Faults {
  /** Whether the database loses its entries when its pod is deleted. */
  readonly forgets?: boolean;
  /** Host of a route that does not answer. */
  readonly silent?: string;
  /** Number of first requests that the routers do not answer, as before their DNS names resolve. */
  readonly late?: number;
  /** Number of entries that other users write while the database restarts. */
  readonly foreign?: number;
  /** Whether a new pod of the database never becomes ready. */
  readonly hangs?: boolean;
  /** The API of Velero, with the phase of each restore; undefined without Velero. */
  readonly velero?: { readonly volumes: boolean; readonly restored: string };
  /** Names of the claims whose content a backup does not have. */
  readonly empty?: readonly string[];
}

/** An imitation of the guestbook and its database's pod, with these faults. */
function application({ forgets = false, silent, late = 0, foreign = 0, hangs = false, velero: installed, empty = [] }: Faults = {}) {
  let entries: { id: number; message: string; key: string }[] = [];
  let [id, pod] = [0, 1];
  const [requests, said] = [[] as string[], [] as string[]];
  const answer = (status: number, body: unknown): Reply => ({
    status,
    headers: {},
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const fetch = (text: string, { method = "GET", body, headers, ca }: HttpsRequest): Promise<Reply> => {
    const url = new URL(text);
    requests.push(`${method} ${url.host}${url.search}`);
    expect(ca).toContain("router CA");
    if (requests.length <= late) return Promise.reject(new Error("getaddrinfo ENOTFOUND"));
    if (url.hostname === silent) return Promise.reject(new Error("connect ETIMEDOUT"));
    if (method === "POST") {
      const entry = { id: ++id, message: (body as { message: string }).message, key: `key-${id}` };
      entries.unshift(entry);
      return Promise.resolve(answer(201, { id: entry.id, key: entry.key }));
    }
    if (method === "DELETE") {
      const known = entries.length;
      entries = entries.filter((each) => !(String(each.id) === url.searchParams.get("id") && each.key === headers?.["x-entry-key"]));
      return Promise.resolve(answer(entries.length < known ? 200 : 404, {}));
    }
    if (url.search === "") return Promise.resolve(answer(200, "<title>Guestbook</title>"));
    const wanted = url.searchParams.get("id");
    return Promise.resolve(answer(200, wanted === null ? entries.slice(0, 100) : entries.filter((each) => String(each.id) === wanted)));
  };
  const namespace = `/api/v1/namespaces/${EXAMPLE_NAMESPACE}`;
  const [deleted, saved] = [[] as string[], [] as typeof entries];
  const schedule = { metadata: { name: "shop" }, spec: { template: { snapshotVolumes: installed?.volumes } } };
  const location = { metadata: { name: "default" }, status: { phase: "Available" } };
  const velero = new FakeVelero({ "schedules/shop": schedule, "backupstoragelocations/default": location }, (plural, object) => {
    if (plural === "backups") saved.push(...entries);
    if (plural === "restores") [entries, exists] = [[...saved], true];
    object.status = { phase: plural === "restores" ? installed?.restored : "Completed", progress: { itemsRestored: 9 } };
  });
  let exists = true;
  const client = {
    get: (path: string) => {
      if (path.includes("velero")) return velero.client.get(path);
      if (path === namespace) return Promise.resolve(exists ? {} : undefined);
      return Promise.resolve(path.endsWith("/secrets/router-ca") ? { data: { "tls.crt": encoded } } : undefined);
    },
    list: (path: string) => {
      if (path.includes("velero")) return installed ? velero.client.list(path) : Promise.reject(new RefusedByApi(404, "not found"));
      const status = { conditions: [{ type: "Ready", status: hangs && pod > 1 ? "False" : "True" }] };
      return Promise.resolve([{ metadata: { name: "guestbook-database-0", uid: `pod-${pod}` }, status }]);
    },
    delete: (path: string) => {
      deleted.push(path);
      if (path === namespace) [entries, exists] = [[], false];
      else pod += 1;
      if (forgets) entries = [];
      for (let left = foreign; left > 0; left--) entries.unshift({ id: ++id, message: "foreign", key: "" });
      entries = entries.slice(0, 1000);
      return Promise.resolve();
    },
    send: velero.client.send,
  } as unknown as SmokeContext["client"];
  const context: SmokeContext = {
    stack: "prod",
    client,
    fetch,
    clock: stoppedClock(),
    say: (text) => said.push(text),
    volumes: () => Promise.resolve({ empty, unknown: [], reused: [], snapshots: [], files: [] }),
    results: () => Promise.resolve({ errors: [], warnings: [] }),
  };
  const created = () => velero.created.map(({ kind }) => kind);
  return { run: (choices: SmokeChoices = {}) => smoke(routes, context, choices), entries: () => entries, requests, said, deleted, created };
}

test("every entry is written through one router, read through all routers before and after a restart, and removed", async () => {
  const { run, entries, requests } = application();
  const { passed, steps, leftOut } = await run();
  expect(passed).toBe(true);
  expect(steps.map(({ step }) => step)).toEqual([
    "the router public serves https://guestbook.public.example.com/",
    "the router private serves https://guestbook.private.example.com/",
    "an entry is written through the router public",
    "an entry is written through the router private",
    "all entries are read through the router public",
    "all entries are read through the router private",
    "the database restarts",
    "the entries are still there through the router public",
    "the entries are still there through the router private",
    "the entries are removed",
  ]);
  expect(leftOut).toEqual(["backup, deletion and restore: the cluster has no schedule of Velero: set veleroSchedules (docs/velero.md)"]);
  expect(requests.filter((each) => each.startsWith("POST"))).toEqual([
    "POST guestbook.public.example.com",
    "POST guestbook.private.example.com",
  ]);
  expect(entries()).toEqual([]);
});

describe("where Velero backs up volumes", () => {
  const velero = { volumes: true, restored: "Completed" };
  const restore = { restore: true };

  test("nothing is backed up or deleted without RESTORE=1", async () => {
    const { run, deleted, created } = application({ velero });
    const { passed, leftOut } = await run();
    expect([passed, leftOut]).toEqual([true, [expect.stringContaining("RESTORE=1 does this")]]);
    expect([deleted, created()]).toEqual([["/api/v1/namespaces/okd-aws-example/pods/guestbook-database-0"], []]);
  });

  test("the application is backed up, deleted and restored, and the entries and the backup are removed", async () => {
    const { run, entries, deleted, created, said } = application({ velero });
    const { passed, steps, leftOut } = await run(restore);
    expect([passed, leftOut]).toEqual([true, []]);
    expect(steps.slice(-7).map(({ step }) => step)).toEqual([
      "the application is backed up with its volume",
      "the application is deleted",
      "the application is restored",
      "the restored entries are read through the router public",
      "the restored entries are read through the router private",
      "the entries are removed",
      "the removal of the backup is requested",
    ]);
    const command = said.findIndex((text) => /make restore-resources STACK=prod BACKUP=smoke-\d{14} NAMESPACE=okd-aws-example$/.test(text));
    expect(command).toBeGreaterThan(-1);
    expect(command).toBeLessThan(said.findIndex((text) => text.startsWith("the application is deleted: done")));
    expect(deleted.at(-1)).toBe("/api/v1/namespaces/okd-aws-example");
    expect(created()).toEqual(["Backup", "Restore", "DeleteBackupRequest"]);
    expect(entries()).toEqual([]);
  });

  test("a backup without the volume's content ends the test before anything is deleted", async () => {
    const { run, deleted, created } = application({ velero, empty: ["data-guestbook-database-0"] });
    const { passed, steps } = await run(restore);
    expect(passed).toBe(false);
    expect(steps.find(({ problem }) => problem !== undefined)?.problem).toContain("data-guestbook-database-0");
    expect(deleted).not.toContain("/api/v1/namespaces/okd-aws-example");
    expect(created()).toEqual(["Backup"]);
  });

  test("after a failed restore the backup stays", async () => {
    const { run, created } = application({ velero: { ...velero, restored: "PartiallyFailed" } });
    const { passed, leftOut } = await run(restore);
    expect(passed).toBe(false);
    expect(leftOut).toEqual([
      expect.stringMatching(
        /^the removal of the backup smoke-(\d{14}): it may be the only copy.* 30 days after .*: make restore-resources STACK=prod BACKUP=smoke-\1 /,
      ),
    ]);
    expect(created()).toEqual(["Backup", "Restore"]);
  });

  test("the backup and restore are left out if no schedule has volumes", async () => {
    const { passed, leftOut } = await application({ velero: { ...velero, volumes: false } }).run(restore);
    expect([passed, leftOut]).toEqual([true, [expect.stringContaining("no schedule of Velero has volumes: true")]]);
  });
});

test("a database that loses its entries fails the test after the restart", async () => {
  const { passed, steps } = await application({ forgets: true }).run();
  expect(passed).toBe(false);
  expect(steps.find(({ problem }) => problem !== undefined)).toMatchObject({
    step: "the entries are still there through the router public",
    problem: expect.stringContaining("does not show what was written") as string,
  });
});

test("the test passes if a router answers only after a while, because a new load balancer needs minutes", async () => {
  expect((await application({ late: 5 }).run()).passed).toBe(true);
  expect((await application({ late: 5 }).run({ dryRun: true })).passed).toBe(false);
});

test("entries that other users write between the test's write and read are not reported as a loss", async () => {
  expect((await application({ foreign: 500 }).run()).passed).toBe(true);
});

test("the test reports it if the guestbook deleted its entries, because other users wrote more than 1,000", async () => {
  const { steps } = await application({ foreign: 1500 }).run();
  expect(steps.find(({ problem }) => problem !== undefined)?.problem).toContain("1000 other entries were written since");
});

test("a router that does not answer fails the test, with its name and the place from which it can be reached", async () => {
  const { run, entries } = application({ silent: "guestbook.private.example.com" });
  const { passed, steps } = await run();
  expect([passed, steps.length, entries()]).toEqual([false, 2, []]);
  expect(steps[1].problem).toMatch(/through the router private: connect ETIMEDOUT\. If the router's scope is Internal/);
});

test("a database that does not start again fails the test within its time limit, and the test's entries are removed", async () => {
  const { run, entries } = application({ hangs: true });
  const { passed, steps } = await run();
  expect(passed).toBe(false);
  expect(steps.find(({ problem }) => problem !== undefined)?.problem).toContain("took longer than 10 minutes");
  expect(steps.at(-1)).toMatchObject({ step: "the entries are removed" });
  expect(entries()).toEqual([]);
});

test("a dry run only reads the pages, and lists the steps that it leaves out", async () => {
  const { run, requests } = application();
  const { passed, leftOut } = await run({ dryRun: true });
  expect(passed).toBe(true);
  expect(requests).toEqual(["GET guestbook.public.example.com", "GET guestbook.private.example.com"]);
  expect(leftOut).toHaveLength(2);
});

test.each<[string, string[], string]>([
  ["no stack", [], "the stack is missing"],
  ["an unknown option", ["--stack", "prod", "--force"], "--force"],
])("arguments with %s are refused", (_, args, message) => {
  expect(readArguments(args)).toContain(message);
});
