/** The alerts that every cluster gets. */
import { X509Certificate } from "node:crypto";
import { alertingRules } from "../alerts/alert-case";
import type { ApiObject } from "../../cluster-objects/object";
import { makeServerCertificate } from "../certificates";
import { devStack } from "./configurations";
import { Program } from "./program";

const rulesOf = (program: Program) =>
  alertingRules(program.one("kubernetes:monitoring.coreos.com/v1:PrometheusRule", "cluster-alerts-rule").inputs as unknown as ApiObject);

test("each router shard has an alert, and a stack without configured certificates has no alerts on certificates", async () => {
  const rules = rulesOf(await Program.run(devStack()));
  expect(rules.map(({ alert }) => alert)).toEqual(["ClusterUpdateStuck", "RouterShardDown", "RouterShardDown"]);
  expect(rules[1].expr).toContain('name="public"');
  expect(rules[2].expr).toContain('name="private"');
});

test("a certificate that the user configured has alerts with the earliest expiry date in its chain", async () => {
  // The certificate of the CA expires a day before the server's certificate.
  const { chain, key, authority } = await makeServerCertificate(["*.apps.dev.okd.example.com"], 72);
  const keys = { ingressCertificate: chain + authority, ingressCertificateKey: key };
  const program = await Program.run(devStack(keys), {}, ["okd-aws:ingressCertificateKey"]);
  const end = Date.parse(new X509Certificate(authority).validTo) / 1000;
  expect(
    rulesOf(program)
      .filter(({ alert }) => alert.startsWith("ServingCertificate"))
      .map(({ alert, expr, labels }) => [alert, expr, labels]),
  ).toEqual([
    [
      "ServingCertificateRenewalDue",
      `vector(${end}) - time() < 1814400 >= 604800`,
      { severity: "warning", namespace: "openshift-ingress-operator", certificate: "ingressCertificate" },
    ],
    [
      "ServingCertificateExpires",
      `vector(${end}) - time() < 604800`,
      { severity: "critical", namespace: "openshift-ingress-operator", certificate: "ingressCertificate" },
    ],
  ]);
});

test("the alert rule is created after the shards and the certificates that it watches", async () => {
  const { chain, key, authority } = await makeServerCertificate(["*.apps.dev.okd.example.com", "api.dev.okd.example.com"], 72);
  const api = { apiCertificate: chain, apiCertificateKey: key, apiCertificateAuthority: authority };
  const keys = { ...api, ingressCertificate: chain, ingressCertificateKey: key };
  const program = await Program.run(devStack(keys), {}, ["okd-aws:ingressCertificateKey", "okd-aws:apiCertificateKey"]);
  const rule = program.one("kubernetes:monitoring.coreos.com/v1:PrometheusRule", "cluster-alerts-rule");
  const watched = [
    ...program.all("kubernetes:operator.openshift.io/v1:IngressController"),
    ...program.all("kubernetes:operator.openshift.io/v1:IngressControllerPatch"),
    ...program.all("kubernetes:config.openshift.io/v1:APIServerPatch"),
    ...program.all("kubernetes:core/v1:Secret").filter(({ name }) => name.endsWith("-certificate")),
  ];
  expect(watched.map((each) => [each.name, program.isAfter(rule, each)])).toEqual([
    ["router-shards-public", true],
    ["router-shards-private", true],
    ["router-shards-default", true],
    ["cluster-settings-api-server", true],
    ["cluster-settings-api-certificate", true],
    ["cluster-settings-ingress-certificate", true],
  ]);
});
