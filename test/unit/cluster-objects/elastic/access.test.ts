import { load } from "js-yaml";
import { logRoles, logUser } from "../../../../cluster-objects/elastic/access";
import { elasticsearch } from "../../../../cluster-objects/elastic/elasticsearch";
import { Secret } from "../../../../config/secret";

interface Role {
  readonly indices: readonly { readonly names: readonly string[]; readonly privileges: readonly string[] }[];
  readonly applications: readonly { readonly application: string; readonly resources: readonly string[] }[];
  readonly cluster?: readonly string[];
}

const roles = load((logRoles().stringData as Record<string, string>)["roles.yml"]) as Record<string, Role>;
const anna = { name: "anna", logs: ["application", "audit"] as const, password: new Secret("correct horse battery") };

test("a role may read one kind of logs, in Kibana's default space, and nothing else", () => {
  expect(Object.keys(roles)).toEqual(["okd-aws-application-logs", "okd-aws-infrastructure-logs", "okd-aws-audit-logs"]);
  const { indices, applications, cluster } = roles["okd-aws-audit-logs"];
  expect(indices).toEqual([{ names: ["filebeat-audit"], privileges: ["read", "view_index_metadata"] }]);
  expect(applications.map(({ application, resources }) => [application, ...resources])).toEqual([["kibana-.kibana", "space:default"]]);
  expect(cluster).toBeUndefined();
});

test("a user gets a role for each kind of logs that the user may read, and each of these roles exists", () => {
  const { stringData } = logUser(anna);
  expect(stringData).toEqual({ username: "anna", password: "correct horse battery", roles: "okd-aws-application-logs,okd-aws-audit-logs" });
  for (const role of stringData.roles.split(",")) expect(Object.keys(roles)).toContain(role);
});

test("Elasticsearch gets the roles and each user from Secrets, and keeps its volumes when it is deleted", () => {
  const { spec } = elasticsearch({ version: "9.4.3", nodes: 3, memoryGib: 4, volumeGib: 100, users: [anna] });
  expect(spec).toMatchObject({
    volumeClaimDeletePolicy: "DeleteOnScaledownOnly",
    auth: { roles: [{ secretName: "okd-aws-log-roles" }], fileRealm: [{ secretName: logUser(anna).metadata.name }] },
  });
  expect(JSON.stringify(spec)).not.toContain("correct horse");
});
