/**
 * Tests whether the admission webhook of prometheus-operator accepts the program's alerts and the dashboards' expressions. OpenShift checks rules with
 * this webhook, which uses Prometheus's parser.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@okd-aws/sandbox/free-port";
import { ensureToolchain } from "@okd-aws/sandbox/toolchain";
import type { ApiObject } from "../../cluster-objects/object";
import { ruleCases } from "../alerts/all";
import { makeServerCertificate } from "../certificates";
import { dashboardQueries } from "../dashboard-queries";
import { describeWith } from "./requirements";
import { until } from "./until";

const NAME = "webhook.example.com";

describeWith(["prometheus-operator-admission-webhook"])("the webhook that checks rules", () => {
  const directory = mkdtempSync(join(tmpdir(), "alert-rules-"));
  let child: ChildProcess | undefined;
  let authority = "";
  let port = 0;

  beforeAll(async () => {
    const { tools } = await ensureToolchain(["prometheus-operator-admission-webhook"]);
    const certificate = await makeServerCertificate([NAME]);
    ({ authority } = certificate);
    port = await freePort();
    const [cert, key] = [join(directory, "tls.crt"), join(directory, "tls.key")];
    writeFileSync(cert, certificate.chain);
    writeFileSync(key, certificate.key, { mode: 0o600 });
    const args = [`--web.listen-address=127.0.0.1:${port}`, `--web.cert-file=${cert}`, `--web.key-file=${key}`];
    child = spawn(tools["prometheus-operator-admission-webhook"], args, { stdio: "ignore" });
    const [first] = ruleCases;
    const answers = () =>
      review(first.rule).then(
        () => true,
        () => false,
      );
    await until("the webhook answers", answers, 0.1);
  });

  afterAll(() => {
    child?.kill();
    rmSync(directory, { recursive: true });
  });

  /** The webhook's answer to the creation of an object. */
  function review(object: ApiObject): Promise<{ readonly allowed: boolean; readonly message?: string }> {
    const resource = { group: "monitoring.coreos.com", version: "v1", resource: "prometheusrules" };
    const body = {
      apiVersion: "admission.k8s.io/v1",
      kind: "AdmissionReview",
      request: { uid: "1", resource, operation: "CREATE", object },
    };
    return new Promise((resolve, reject) => {
      const path = "/admission-prometheusrules/validate";
      const headers = { "Content-Type": "application/json" };
      const outgoing = request({ host: "127.0.0.1", port, path, method: "POST", ca: authority, servername: NAME, headers }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.once("error", reject).once("end", () => {
          const { response } = JSON.parse(Buffer.concat(chunks).toString("utf8")) as {
            response: { allowed: boolean; status?: { message?: string; details?: { causes?: { message?: string }[] } } };
          };
          const { allowed, status } = response;
          resolve({ allowed, message: status?.details?.causes?.[0]?.message ?? status?.message });
        });
      });
      outgoing.once("error", reject).end(JSON.stringify(body));
    });
  }

  it.each(ruleCases)("accepts the alerts in $file", async ({ rule }) => {
    expect(await review(rule)).toEqual({ allowed: true, message: undefined });
  });

  it("accepts the expressions of all dashboards", async () => {
    const rules = dashboardQueries.map(({ expression }, index) => ({ record: `dashboard:query${index}`, expr: expression }));
    expect(rules.length).toBeGreaterThan(40);
    const metadata = { name: "dashboards", namespace: "openshift-monitoring" };
    const spec = { groups: [{ name: "dashboards", rules }] };
    const answer = await review({ apiVersion: "monitoring.coreos.com/v1", kind: "PrometheusRule", metadata, spec });
    expect(answer).toEqual({ allowed: true, message: undefined });
  });

  it("refuses an expression whose types do not fit, with the parser's message", async () => {
    const group = { name: "broken", rules: [{ alert: "Broken", expr: "rate(up) > 1" }] };
    const metadata = { name: "broken", namespace: "openshift-etcd" };
    const answer = await review({ apiVersion: "monitoring.coreos.com/v1", kind: "PrometheusRule", metadata, spec: { groups: [group] } });
    expect(answer.allowed).toBe(false);
    expect(answer.message).toContain('expected type range vector in call to function "rate", got instant vector');
  });
});
