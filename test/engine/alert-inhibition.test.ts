/** The real Alertmanager with the program's configuration: the alerts that it holds back because of other alerts. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "@okd-aws/sandbox/free-port";
import { ensureToolchain } from "@okd-aws/sandbox/toolchain";
import { alertmanagerConfig } from "../../cluster-objects/alerting/alertmanager-config";
import { minorNamed } from "../../config/releases/minor";
import { Secret } from "../../config/secret";
import { describeWith } from "./requirements";
import { until } from "./until";

type Labels = Readonly<Record<string, string>>;

const alert = (alertname: string, severity: string, namespace: string): Labels => ({ alertname, severity, namespace });
/** An alert in words, as the expectations name it. */
const nameOf = ({ alertname, severity, namespace }: Labels) => `${severity} ${alertname} in ${namespace}`;

/** The alerts that fire at the same time. */
const FIRING = [
  alert("DiskFull", "critical", "shop"),
  alert("DiskFull", "warning", "shop"),
  alert("DiskFull", "info", "shop"),
  alert("DiskFull", "warning", "payments"),
  alert("CpuThrottled", "warning", "payments"),
  alert("CpuThrottled", "info", "payments"),
  alert("SlowQueries", "warning", "shop"),
];

/** The alerts of FIRING that Alertmanager holds back, because the same alert fires in the same namespace with a higher severity. */
const HELD_BACK = ["info CpuThrottled in payments", "info DiskFull in shop", "warning DiskFull in shop"];

describeWith(["alertmanager"])("alertmanager", () => {
  const directory = mkdtempSync(join(tmpdir(), "alert-inhibition-"));
  const sent: Labels[] = [];
  let receiver: Server;
  let alertmanager: ChildProcess | undefined;
  let url = "";

  beforeAll(async () => {
    const { tools } = await ensureToolchain(["alertmanager"]);
    receiver = createServer((message, response) => {
      const chunks: Buffer[] = [];
      message.on("data", (chunk: Buffer) => chunks.push(chunk));
      message.on("end", () => {
        const { alerts } = JSON.parse(Buffer.concat(chunks).toString("utf8")) as { alerts: { labels: Labels }[] };
        sent.push(...alerts.map(({ labels }) => labels));
        response.end();
      });
    });
    await new Promise<void>((done) => receiver.listen(0, "127.0.0.1", done));
    const hook = new Secret(`http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`);
    const receivers = [{ type: "webhook", name: "hook", secret: hook }] as const;
    const text = alertmanagerConfig({ receivers, routes: [], defaultReceiver: "hook" }, "", minorNamed("4.22"));
    const file = join(directory, "alertmanager.yaml");
    // Two changes for this test: Alertmanager 0.25 does not know `proxy_from_environment`, and 30 s until the first notification are too long.
    const wait = "group_wait: '30s'";
    expect(text).toContain(wait);
    const proxy = "global:\n  http_config:\n    proxy_from_environment: true\n";
    expect(text).toContain(proxy);
    const shortened = text.replace(proxy, "").replace(wait, "group_wait: 1s");
    writeFileSync(file, shortened, { mode: 0o600 });
    const port = await freePort();
    url = `http://127.0.0.1:${port}/api/v2`;
    const args = [`--config.file=${file}`, `--storage.path=${join(directory, "data")}`, `--web.listen-address=127.0.0.1:${port}`];
    alertmanager = spawn(tools.alertmanager, [...args, "--cluster.listen-address="], { stdio: "ignore", env: { HOME: directory } });
    await until(
      "Alertmanager answers",
      () =>
        fetch(`${url}/status`)
          .then(({ ok }) => ok)
          .catch(() => false),
      0.1,
    );
    const body = JSON.stringify(FIRING.map((labels) => ({ labels })));
    const { status } = await fetch(`${url}/alerts`, { method: "POST", headers: { "Content-Type": "application/json" }, body });
    expect(status).toBe(200);
  });

  afterAll(() => {
    alertmanager?.kill();
    receiver.close();
    rmSync(directory, { recursive: true });
  });

  it("holds an alert back while the same alert fires in the same namespace with a higher severity", async () => {
    type Found = { labels: Labels; status: { state: string; inhibitedBy: string[] } };
    let held: Found[] = [];
    // Alertmanager learns in the background which alerts fire.
    await until(
      "alerts are held back",
      async () => {
        const found = (await (await fetch(`${url}/alerts`)).json()) as Found[];
        expect(found).toHaveLength(FIRING.length);
        held = found.filter(({ status }) => status.state === "suppressed" && status.inhibitedBy.length > 0);
        return held.length >= HELD_BACK.length;
      },
      0.1,
      20,
    );
    expect(held.map(({ labels }) => nameOf(labels)).sort()).toEqual(HELD_BACK);
  });

  it("sends the other alerts to their receiver, and none of the alerts that it holds back", async () => {
    const expected = FIRING.map(nameOf).filter((name) => !HELD_BACK.includes(name));
    await until("all alerts are sent", () => Promise.resolve(sent.length >= expected.length), 0.1, 20);
    // Each group of alerts waits a second before it is sent, so any further alert would arrive within this pause.
    await sleep(1500);
    expect(sent.map(nameOf).sort()).toEqual(expected.sort());
  });
});
