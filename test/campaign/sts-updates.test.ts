import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { projectDirectory } from "@okd-aws/sandbox";
import type { KnownRelease } from "@okd-aws/sandbox/cluster/updates";
import { describeWithTools } from "../engine/requirements";
import { singleNode } from "../engine/single-node";
import { type StackConfiguration, Topology } from "../engine/topology";
import { until } from "../engine/until";

const run = promisify(execFile);

const first = "4.19.0-okd-scos.1";
const gate = "ack-4.19-admissionregistration-v1beta1-api-removals-in-4.20";
const versions = [first, "4.20.0-okd-scos.1", "4.21.0-okd-scos.1", "4.22.0-okd-scos.1", "4.22.0-okd-scos.2"];
/** The known releases. A cluster that runs one release is offered the next one. */
const releases: readonly KnownRelease[] = versions.map((version, index) => ({
  version,
  image:
    index === 0
      ? `quay.io/okd/scos-release:${version}`
      : `registry.ci.openshift.org/origin/release-scos@sha256:${String(index).repeat(64)}`,
  signed: true,
  offeredFrom: index === 0 ? [] : [versions[index - 1]],
}));

const configuration: StackConfiguration = {
  ...singleNode,
  clusterName: "stsup",
  release: first,
  credentialsMode: "manual",
  bootstrapTimeout: 8,
  installTimeout: 8,
};
/** The release image for the installation, which the sandbox's installer needs. The update service offers the images of later releases. */
const atInstallation = { releaseImage: `quay.io/okd/scos-release:${first}` };

const readPolicy = `
iam = boto3.client("iam")
document = iam.get_role_policy(RoleName=sys.argv[1] + "-role", PolicyName=sys.argv[1] + "-policy")["PolicyDocument"]
print(json.dumps([action for statement in document["Statement"] for action in statement["Action"]]))
`;

interface Status {
  readonly desired: { readonly version: string };
  readonly history: readonly { readonly state: string; readonly version: string }[];
}

/** Updates a cluster in manual mode several times. The roles that a release requests are created before the update to that release is requested. */
describeWithTools("updates of a cluster in manual mode", () => {
  let topology: Topology;
  let infraId: string;

  beforeAll(async () => {
    topology = await Topology.open("sts-updates", { machines: true });
    writeFileSync(join(topology.sandbox.directory, "cluster", "releases.json"), JSON.stringify(releases));
    await topology.configure({ ...configuration, ...atInstallation });
    await topology.up();
    await topology.up();
    const outputs = await topology.outputs();
    infraId = String(outputs.infraId);
    writeFileSync(topology.sandbox.kubeconfig, String(outputs.kubeconfig), { mode: 0o600 });
  });

  afterAll(async () => {
    await (topology as Topology | undefined)?.close();
  });

  const kubectl = async (...args: readonly string[]): Promise<string> =>
    (await run("kubectl", [...args], { env: topology.sandbox.processEnvironment })).stdout;
  const status = async (): Promise<Status> =>
    JSON.parse(await kubectl("get", "clusterversion", "version", "--output", "jsonpath={.status}")) as Status;
  const completed = (version: string) =>
    until(`the cluster runs ${version}`, async () => {
      const [entry] = (await status()).history;
      return entry.version === version && entry.state === "Completed";
    });
  const machineApi = async () => (await topology.boto(readPolicy, `${infraId}-machine-api`)) as string[];
  const annotation = () =>
    kubectl(
      "get",
      "cloudcredential",
      "cluster",
      "--output",
      "jsonpath={.metadata.annotations.cloudcredential\\.openshift\\.io/upgradeable-to}",
    );
  const update = async (release: string, keys: StackConfiguration = {}) => {
    await topology.configure({ ...configuration, release, ...keys });
    return topology.run(["up", "--yes", "--skip-preview"]);
  };

  test("are blocked after the installation by the cloud credential operator, and a preview shows no change", async () => {
    await topology.expectNoChanges();
    const upgradeable = await kubectl(
      "get",
      "clusteroperator",
      "cloud-credential",
      "--output",
      'jsonpath={.status.conditions[?(@.type=="Upgradeable")].reason}',
    );
    expect(upgradeable).toBe("MissingUpgradeableAnnotation");
  });

  test("to another minor version are refused until the gate is acknowledged, and change nothing in the cluster until then", async () => {
    const { code, stdout, stderr } = await update(versions[1]);
    expect(code).not.toBe(0);
    expect(stdout + stderr).toContain(`The gate ${gate} is not acknowledged.`);
    expect(stdout + stderr).not.toContain("The operator cloud-credential blocks");
    expect([(await status()).desired.version, await annotation()]).toEqual([first, ""]);
  });

  test("are accepted after the acknowledgement, because the roles exist and the annotation `upgradeable-to` confirms that", async () => {
    const { code, stdout, stderr } = await update(versions[1], { acknowledgedUpdateGates: [gate] });
    expect([code, code === 0 ? "" : stdout + stderr]).toEqual([0, ""]);
    expect([(await status()).desired.version, await annotation()]).toEqual([versions[1], "4.20"]);
    await completed(versions[1]);
    await topology.up();
    await topology.expectNoChanges();
  });

  test("show in the preview which permissions a release adds, and grant them before the update is requested", async () => {
    expect((await update(versions[2])).code).toBe(0);
    await completed(versions[2]);
    await topology.up();
    const before = await machineApi();
    expect(before).not.toContain("ec2:AllocateHosts");
    await topology.configure({ ...configuration, release: versions[3] });
    const { stdout } = await topology.run(["preview", "--diff"]);
    expect(stdout).toMatch(/\+.*ec2:AllocateHosts/);
    expect(stdout).not.toMatch(/cloud-credential-policy|ebs-csi-driver-policy/);
    expect((await update(versions[3])).code).toBe(0);
    expect(await machineApi()).toEqual(expect.arrayContaining([...before, "ec2:AllocateHosts", "ec2:ReleaseHosts"]));
    expect(await annotation()).toBe("4.22");
    const secret = await kubectl(
      "--namespace",
      "openshift-machine-api",
      "get",
      "secret",
      "aws-cloud-credentials",
      "--output",
      "jsonpath={.data.credentials}",
    );
    expect(Buffer.from(secret, "base64").toString()).toContain(`role_arn = arn:aws:iam::123456789012:role/${infraId}-machine-api-role\n`);
    await completed(versions[3]);
  });

  test("remove a permission that a new release no longer requests only after the cluster runs the new release", async () => {
    await topology.up();
    // A patch release that does not need the permissions that 4.22 added.
    const file = join(topology.sandbox.directory, "requests.json");
    const asked = readFileSync(join(projectDirectory, "sandbox", "oc-stand-in", "requests.json"), "utf8");
    writeFileSync(file, asked.replace('"actionsSince": { "22"', '"actionsSince": { "23"'));
    topology.environment = { OC_STAND_IN_REQUESTS: file };
    const { code, stdout, stderr } = await update(versions[4]);
    expect([code, code === 0 ? "" : stdout + stderr]).toEqual([0, ""]);
    expect(await machineApi()).toContain("ec2:AllocateHosts");
    await completed(versions[4]);
    await topology.up();
    expect(await machineApi()).not.toContain("ec2:AllocateHosts");
    await topology.expectNoChanges();
  });

  test("leave nothing when the cluster is destroyed", async () => {
    await topology.destroy();
    expect((await topology.state()).deployment.resources ?? []).toEqual([]);
  });
});
