/** The resources that the program declares for logs in Elasticsearch. program.ts lists the facts that this kind of test cannot prove. */
import { devStack } from "./configurations";
import { Program } from "./program";

const operator = {
  name: "elastic-cloud-eck",
  namespace: "elastic-logging",
  source: "community-operators",
  channel: "stable",
  startingCSV: "elastic-cloud-eck.v3.5.0",
  targetNamespaces: ["elastic-logging"],
};
const logs = { operators: [operator], elasticLicence: "basic", elasticVersion: "9.4.3", elasticNodes: 1 };
const own = (program: Program) => program.resources.filter(({ urn }) => urn.includes("okd:cluster:Elastic$"));
const SEARCH = "kubernetes:elasticsearch.k8s.elastic.co/v1:Elasticsearch";

test("nothing of Elastic is declared without the accepted licence", async () => {
  expect(own(await Program.run(devStack({ operators: [operator] })))).toEqual([]);
});

test("every object comes after the operator, the wait after all custom resources, and the alerts after the wait", async () => {
  const program = await Program.run(devStack(logs));
  const ready = program.one("command:local:Command", "operator-elastic-cloud-eck-ready");
  const objects = own(program).filter(({ type }) => type.startsWith("kubernetes:"));
  expect(objects.filter((each) => !program.isAfter(each, ready)).map(({ name }) => name)).toEqual([]);
  const wait = program.one("command:local:Command", "elastic-ready");
  expect(program.isAfter(program.one("kubernetes:monitoring.coreos.com/v1:PrometheusRule", "elastic-alerts"), wait)).toBe(true);
  const awaited = objects.filter((each) => program.isAfter(wait, each)).map(({ name }) => name);
  expect(awaited).toEqual(
    expect.arrayContaining(["elastic-elasticsearch", "elastic-kibana", "elastic-filebeat-application", "elastic-filebeat-audit"]),
  );
});

test("on infra nodes Elasticsearch comes after the label and taint of these nodes", async () => {
  const program = await Program.run(devStack({ ...logs, infraCount: 2, routerShards: [], elasticOnInfraNodes: true }));
  const search = program.one(SEARCH, "elastic-elasticsearch");
  expect(JSON.stringify(search.inputs.spec)).toContain("node-role.kubernetes.io/infra");
  const marks = program.all("command:local:Command").filter(({ name }) => /^infra-nodes-\d/.test(name));
  expect(marks.map((mark) => program.isAfter(search, mark))).toEqual([true, true]);
});

test("the password of a user is secret, and only one resource contains it", async () => {
  const keys = { ...logs, elasticUsers: [{ name: "anna", logs: ["audit"] }], elasticUserPasswords: { anna: "correct horse battery" } };
  const program = await Program.run(devStack(keys), {}, ["okd-aws:elasticUserPasswords"]);
  const secret = program.one("kubernetes:core/v1:Secret", "elastic-user-anna");
  expect(secret.inputs.stringData).toMatchObject({ username: "anna", password: "correct horse battery" });
  expect(secret.readable.stringData).toBe("[secret]");
  const holders = own(program).filter(({ inputs }) => JSON.stringify(inputs).includes("correct horse battery"));
  expect(holders.map(({ name }) => name)).toEqual(["elastic-user-anna"]);
});
