/** Settings of Elasticsearch that are refused, and the keys that the error names. */
import { checkConfiguration, parseConfiguration } from "../../../../config/parse";
import { AIR_GAPPED, OPENSHIFT, problemKeys, problemsOf, withKeys } from "../fixture";
import { type RefusedConfiguration, testRefusals } from "../refusals";
import { ECK, LOGS } from "./logs";

const NFS = { type: "nfs", name: "archive", server: "nfs.example.com", share: "/export" };
const logs = (more: object) => ({ ...LOGS, ...more });
const users = (...all: readonly object[]) => ({ elasticUsers: all });
const anna = { name: "anna", logs: ["audit"] };
const passwords = (password: string) => logs({ ...users(anna), elasticUserPasswords: { anna: password } });

const REFUSED: readonly RefusedConfiguration[] = [
  ["another licence", logs({ elasticLicence: "enterprise" }), ["elasticLicence"]],
  [
    "settings without the accepted licence",
    { elasticVersion: "9.4.3", elasticKibanaHost: "logs.example.com" },
    ["elasticVersion", "elasticKibanaHost"],
  ],
  ["no operator", { ...LOGS, operators: [] }, ["elasticLicence"]],
  [
    "an operator in another namespace",
    logs({ operators: [{ ...ECK, namespace: "elastic-system", targetNamespaces: ["elastic-system"] }] }),
    ["operators"],
  ],
  ["an operator that watches other namespaces", logs({ operators: [{ ...ECK, targetNamespaces: ["shop"] }] }), ["operators"]],
  ["no version", logs({ elasticVersion: "" }), ["elasticVersion"]],
  ["a version in words", logs({ elasticVersion: "latest" }), ["elasticVersion"]],
  ["a version that is too old for the inputs", logs({ elasticVersion: "8.18.8" }), ["elasticVersion"]],
  ["a version that the operator does not know", logs({ elasticVersion: "10.0.0" }), ["elasticVersion"]],
  ["two nodes, because one of them is not a majority", logs({ elasticNodes: 2 }), ["elasticNodes"]],
  ["more nodes than workers", logs({ elasticNodes: 5 }), ["elasticNodes"]],
  ["infra nodes that do not exist", logs({ elasticOnInfraNodes: true }), ["elasticOnInfraNodes"]],
  ["three nodes on two infra nodes", logs({ elasticOnInfraNodes: true, infraCount: 2 }), ["elasticOnInfraNodes"]],
  ["memory that no worker has", logs({ elasticMemoryGib: 16 }), ["workerInstanceType"]],
  ["pods that together are too large for the workers", logs({ elasticMemoryGib: 14, elasticKibanas: 3 }), ["workerCount"]],
  ["a volume that is too small", logs({ elasticVolumeGib: 5 }), ["elasticVolumeGib"]],
  ["logs on NFS", logs({ storageClasses: [NFS], elasticStorageClass: "archive" }), ["elasticStorageClass"]],
  ["no kind of logs", logs({ elasticApplicationDays: 0, elasticInfrastructureDays: 0, elasticAuditDays: 0 }), ["elasticApplicationDays"]],
  ["a retention below zero", logs({ elasticAuditDays: -1 }), ["elasticAuditDays"]],
  ["a URL as Kibana's host", logs({ elasticKibanaHost: "https://logs.example.com" }), ["elasticKibanaHost"]],
  ["a host without Kibana", logs({ elasticKibanas: 0, elasticKibanaHost: "logs.example.com" }), ["elasticKibanaHost"]],
  ["a host that no router serves", logs({ elasticKibanaHost: "logs.example.com" }), ["elasticKibanaHost"]],
  ["a host two labels below a router's domain", logs({ elasticKibanaHost: "a.logs.apps.dev.okd.example.com" }), ["elasticKibanaHost"]],
  ["a user without a password", logs(users(anna)), ["elasticUserPasswords"]],
  ["a password without a user", logs({ elasticUserPasswords: { bob: "correct horse battery" } }), ["elasticUserPasswords"]],
  ["a short password", passwords("sesame"), ["elasticUserPasswords"]],
  ["a password with the line break of its file", passwords("correct horse battery\n"), ["elasticUserPasswords"]],
  ["a password that bcrypt would cut", passwords("x".repeat(73)), ["elasticUserPasswords"]],
  ["a user that Elasticsearch has", logs({ ...users({ ...anna, name: "elastic" }) }), ["elasticUsers"]],
  ["a user who may read nothing", logs({ ...users({ ...anna, logs: [] }) }), ["elasticUsers"]],
  ["an unknown kind of logs", logs({ ...users({ ...anna, logs: ["network"] }) }), ["elasticUsers"]],
];

testRefusals(REFUSED);

test("the problem of an invalid password does not show the password", () => {
  expect(JSON.stringify(problemsOf(withKeys(passwords("sesame"))))).not.toContain("sesame");
});

test.each([
  ["the defaults", {}],
  ["one node", { elasticNodes: 1 }],
  ["the newest version of 8", { elasticVersion: "8.19.12" }],
  ["an operator that watches all namespaces", { operators: [{ ...ECK, targetNamespaces: [] }] }],
  ["infra nodes", { elasticOnInfraNodes: true, infraCount: 3 }],
  ["a host of the default router", { elasticKibanaHost: "logs.apps.dev.okd.example.com" }],
  ["a reader", { ...users(anna), elasticUserPasswords: { anna: "correct horse battery" } }],
  ["only the platform's logs, without Kibana", { elasticApplicationDays: 0, elasticAuditDays: 0, elasticKibanas: 0 }],
])("%s are accepted", (_, more) => {
  expect(problemKeys(logs(more))).toEqual([]);
});

test("the fix suggests the operator of the community catalog on OKD and of the certified catalog on OpenShift, and is valid as it is", () => {
  const suggestion = (keys: object) => {
    const [{ fix }] = problemsOf(withKeys({ ...LOGS, operators: [], ...keys })).filter(({ key }) => key === "elasticLicence");
    return JSON.parse(/'(\{.*\})'/.exec(fix)?.[1] ?? "") as { name: string; source: string };
  };
  expect(suggestion({})).toMatchObject({ name: "elastic-cloud-eck", source: "community-operators" });
  const certified = suggestion(OPENSHIFT);
  expect(certified).toMatchObject({ name: "elasticsearch-eck-operator-certified", source: "certified-operators" });
  expect(problemKeys({ ...LOGS, ...OPENSHIFT, operators: [certified] })).toEqual([]);
});

test("without elasticLicence the configuration has no Elasticsearch", () => {
  expect(parseConfiguration(withKeys({ operators: [ECK] })).platform.elastic).toBeUndefined();
});

test("Elasticsearch in a disconnected cluster gives a warning, because the nodes cannot pull its images", () => {
  const warnings = (keys: Readonly<Record<string, unknown>>) =>
    checkConfiguration(withKeys(keys)).warnings.filter(({ key }) => key === "elasticLicence");
  const operators = [{ ...ECK, source: "cs-community-operator-index-v4-19" }];
  expect(warnings({ ...AIR_GAPPED, ...LOGS, operators })).toHaveLength(1);
  expect(warnings(LOGS)).toEqual([]);
});

test("Kibana's host below the domain of a router shard with a namespaceSelector gives a warning, because the namespace has no such labels", () => {
  const shard = { name: "private", domain: "private.dev.okd.example.com", scope: "Internal" };
  const warned = (namespaceSelector: object, elasticKibanaHost: string) =>
    checkConfiguration(withKeys(logs({ elasticKibanaHost, routerShards: [{ ...shard, namespaceSelector }] })))
      .warnings.filter(({ key }) => key === "elasticKibanaHost")
      .map(({ text }) => /router shard (\w+)/.exec(text)?.[1]);
  const selected = { matchLabels: { exposure: "private" } };
  expect(warned(selected, "logs.private.dev.okd.example.com")).toEqual(["private"]);
  expect(warned(selected, "logs.apps.dev.okd.example.com")).toEqual([]);
});
