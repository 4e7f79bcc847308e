/** Alertmanager's configuration in amtool: its own check, and the receivers of alerts. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureToolchain } from "@okd-aws/sandbox/toolchain";
import { alertmanagerConfig } from "../../cluster-objects/alerting/alertmanager-config";
import type { AlertingConfiguration } from "../../config/alerting/settings";
import { minorNamed } from "../../config/releases/minor";
import { Secret } from "../../config/secret";
import { describeWith } from "./requirements";

const secret = new Secret("s3cret");
const url = new Secret("https://hooks.example.com/t0ken");
const mail = { type: "email", to: "a@example.com", from: "b@example.com" } as const;

/** A receiver of each type. The routes match by severity, by namespace or by both, and one route has `continue`. */
const settings: AlertingConfiguration = {
  receivers: [
    { type: "pagerduty", name: "pager", region: "eu", secret },
    { type: "opsgenie", name: "genie", region: "eu", secret },
    { type: "slack", name: "chat", channel: "#alerts", secret: url },
    { type: "webhook", name: "hook", secret: url },
    { ...mail, name: "mail", smarthost: "smtp.example.com:587", username: "okd", secret },
    { ...mail, name: "open-mail", smarthost: "smtp.example.com:465" },
  ],
  routes: [
    { receiver: "hook", namespaces: ["payments"], continue: true },
    { receiver: "pager", severities: ["critical"] },
    { receiver: "genie", severities: ["warning"], namespaces: ["payments", "openshift-etcd"] },
    { receiver: "mail", namespaces: ["payments"] },
    { receiver: "open-mail", severities: ["info"] },
  ],
  defaultReceiver: "chat",
  watchdogUrl: new Secret("https://watchdog.example.com/1"),
};

describeWith(["amtool"])("amtool", () => {
  const directory = mkdtempSync(join(tmpdir(), "alert-routes-"));
  const file = join(directory, "alertmanager.yaml");
  let amtool = "";

  beforeAll(async () => {
    ({ amtool } = (await ensureToolchain(["amtool"])).tools);
  });

  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  /** Writes a configuration without `proxy_from_environment`, which later releases have by default and amtool 0.25 does not know. */
  function write(text: string): void {
    writeFileSync(file, text.replace(/^global:\n {2}http_config:\n {4}proxy_from_environment: true\n/m, ""), { mode: 0o600 });
  }

  function run(...args: string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
    return spawnSync(amtool, args, { encoding: "utf8", env: { HOME: directory } });
  }

  /** The receivers of an alert with these labels. */
  function receivers(...labels: string[]): string[] {
    const { status, stdout, stderr } = run("config", "routes", "test", `--config.file=${file}`, ...labels);
    expect([status, stderr]).toEqual([0, stderr]);
    return stdout.trim().split(",");
  }

  it.each(["4.14", "4.15", "4.16", "4.17", "4.18", "4.19", "4.20", "4.21", "4.22"] as const)(
    "accepts the configuration of %s with every type of receiver, and without any",
    (minor) => {
      const count = (config: AlertingConfiguration) => {
        write(alertmanagerConfig(config, "", minorNamed(minor)));
        const { status, stdout, stderr } = run("check-config", file);
        expect([status, stdout, stderr]).toEqual([0, expect.stringContaining("SUCCESS"), ""]);
        // amtool reports only the number of inhibit rules. The configuration keeps the release's rules: three in 4.14 and 4.15, two in later releases.
        expect(stdout).toContain(`${["4.14", "4.15"].includes(minor) ? 3 : 2} inhibit rules`);
        return Number(/(\d+) receivers/.exec(stdout)?.[1]);
      };
      const none = count({ receivers: [], routes: [], watchdogUrl: url });
      expect(count(settings)).toBe(none + settings.receivers.length);
    },
  );

  describe("with routes by severity and namespace", () => {
    beforeAll(() => {
      write(alertmanagerConfig(settings, "", minorNamed("4.22")));
    });

    it.each<[string, string[], string[]]>([
      ["a critical alert", ["severity=critical"], ["pager"]],
      ["a critical alert of a namespace with its own route that goes on", ["severity=critical", "namespace=payments"], ["hook", "pager"]],
      ["a warning of one of two namespaces", ["severity=warning", "namespace=openshift-etcd"], ["genie"]],
      ["a warning of another namespace", ["severity=warning", "namespace=shop"], ["chat"]],
      [
        "a warning of a namespace whose name only begins like the configured one",
        ["severity=warning", "namespace=payments-test"],
        ["chat"],
      ],
      ["an alert of a namespace without a severity", ["namespace=payments"], ["hook", "mail"]],
      ["an alert for information", ["severity=info"], ["open-mail"]],
      ["an alert without labels", ["alertname=Any"], ["chat"]],
      ["the dead man's switch", ["alertname=Watchdog", "severity=none"], ["okd-aws-watchdog"]],
      [
        "the dead man's switch, whatever its severity",
        ["alertname=Watchdog", "severity=critical", "namespace=payments"],
        ["okd-aws-watchdog"],
      ],
    ])("sends %s to its receivers", (_alert, labels, expected) => {
      expect(receivers(...labels)).toEqual(expected);
    });
  });

  it("sends critical alerts of a new cluster to the default receiver, not to the empty receiver Critical", () => {
    const { receivers: all, defaultReceiver } = settings;
    write(alertmanagerConfig({ receivers: all, routes: [], defaultReceiver }, "", minorNamed("4.22")));
    expect(receivers("severity=critical")).toEqual(["chat"]);
    expect(receivers("alertname=Watchdog")).toEqual(["Watchdog"]);
  });
});
