/**
 * Logging in a simulated cluster: the real scheduler places Loki's pods, the CredentialsRequest gets AWS credentials, and the bucket stays after
 * the destroy.
 */
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { newIn } from "../engine/kinds";
import { describeWithTools } from "../engine/requirements";
import { singleNode } from "../engine/single-node";
import { Topology } from "../engine/topology";
import { PULL_SECRET_JSON } from "../unit/config/fixture";
import { LOGGING_OPERATOR, LOKI_OPERATOR, SYSLOG } from "../unit/config/logging/example";

const run = promisify(execFile);

const readUsers = `
iam = boto3.client("iam")
found = {}
for user in iam.list_users()["Users"]:
    name = user["UserName"]
    found[name] = iam.get_user_policy(UserName=name, PolicyName=name + "-policy")["PolicyDocument"]["Statement"]
print(json.dumps(found))
`;

interface Pod {
  readonly metadata: { readonly name: string };
  readonly status: { readonly phase: string };
}

describeWithTools("the logs of a cluster", () => {
  let topology: Topology;

  beforeAll(async () => {
    topology = await Topology.open("logging", { machines: true });
    const configuration = {
      ...singleNode,
      clusterName: "logs",
      distribution: "openshift",
      release: "4.22.9",
      executor: "local",
      bootstrapTimeout: 10,
      installTimeout: 10,
      operators: [LOKI_OPERATOR, LOGGING_OPERATOR],
      lokiSize: "1x.pico",
      logOutputs: [SYSLOG],
      logPipelines: [{ name: "security", kinds: ["audit"], outputs: ["archive"] }],
    };
    await topology.configure(configuration, { pullSecret: PULL_SECRET_JSON });
  });

  afterAll(async () => {
    await (topology as Topology | undefined)?.close();
  });

  const pods = async (selector: string): Promise<string[]> => {
    const args = ["get", "pods", "--namespace", "openshift-logging", "--selector", selector, "--output", "json"];
    const { stdout } = await run("kubectl", args, { env: topology.sandbox.processEnvironment });
    return (JSON.parse(stdout) as { items: Pod[] }).items.map(({ status }) => status.phase);
  };

  it("are collected and stored when the update ends, with keys that may use only the bucket, which stays after a destroy", async () => {
    const before = await topology.inventory();
    await topology.up();
    await topology.up();
    const { kubeconfig, infraId } = await topology.outputs();
    writeFileSync(topology.sandbox.kubeconfig, String(kubeconfig), { mode: 0o600 });
    expect(await pods("app.kubernetes.io/instance=logging-loki")).toEqual(Array.from({ length: 14 }, () => "Running"));
    expect(await pods("app.kubernetes.io/component=collector")).toEqual(["Running"]);
    const bucket = `arn:aws:s3:::${String(infraId)}-loki`;
    const users = Object.entries((await topology.boto(readUsers)) as Record<string, { Action: string[]; Resource: string }[]>);
    const [, statements] = users.find(([name]) => name.includes("okd-aws-loki")) ?? [];
    expect(statements?.filter(({ Action }) => Action.some((action) => action.startsWith("s3:"))).map(({ Resource }) => Resource)).toEqual([
      `${bucket}/*`,
      bucket,
    ]);
    await topology.expectNoChanges();
    await topology.destroy();
    const after = await topology.inventory();
    const left = Object.values(newIn(before, after)).flatMap((kinds) => Object.values(kinds).flat());
    expect(left).toEqual([expect.objectContaining({ Name: `${String(infraId)}-loki` })]);
  });
});
