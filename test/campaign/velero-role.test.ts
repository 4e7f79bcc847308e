/**
 * Velero in credentials mode manual: it assumes its role with a token of its service account. The destroy of the stack deletes the role and all
 * other resources of Velero.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { newIn } from "../engine/kinds";
import { describeWithTools } from "../engine/requirements";
import { singleNode } from "../engine/single-node";
import { Topology } from "../engine/topology";

describeWithTools("backups of the objects of a cluster without permanent credentials", () => {
  let topology: Topology;

  beforeAll(async () => {
    topology = await Topology.open("velero-role", { machines: true });
    await topology.configure({
      ...singleNode,
      clusterName: "role",
      release: "4.19.0-okd-scos.1",
      releaseImage: "quay.io/okd/scos-release:4.19.0-okd-scos.1",
      credentialsMode: "manual",
      bootstrapTimeout: 8,
      installTimeout: 8,
      veleroSchedules: [{ name: "daily" }],
      veleroKeepBucket: false,
    });
  });

  afterAll(async () => {
    await (topology as Topology | undefined)?.close();
  });

  it("are stored with the role's permissions, and the account is as before once the stack is destroyed", async () => {
    const before = await topology.inventory();
    // The update fails if the first backup is not complete.
    await topology.up();
    const calls = readFileSync(join(topology.sandbox.aws.directory, "calls.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { action: string; status: number; resource?: string });
    const assumed = calls.filter(
      ({ action, resource }) => action === "sts:AssumeRoleWithWebIdentity" && resource?.endsWith("-velero-role"),
    );
    expect(assumed.map(({ status }) => status)).toContain(200);
    await topology.destroy();
    const after = await topology.inventory();
    expect(newIn(before, after)).toEqual({});
  });
});
