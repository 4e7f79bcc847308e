import { execFile } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { load } from "js-yaml";
import { projectDirectory } from "@okd-aws/sandbox";
import { describeWithTools } from "../engine/requirements";
import { Topology } from "../engine/topology";
import type { Relay } from "../engine/relay";
import { forwardedPort } from "./forwarded-port";

const run = promisify(execFile);

/** The dev stack's own configuration. */
const dev = (load(readFileSync(join(projectDirectory, "Pulumi.dev.yaml"), "utf8")) as { config: Record<string, unknown> }).config;

/**
 * Installs the dev cluster from the simulated installer host: over a real SSH connection, with the host's real health script, registry and
 * `openshift-install`. It does not prove that a real instance boots. test/engine/ssh-executor.test.ts tests OpenSSH's own part.
 */
describeWithTools("a cluster whose installation runs on the installer host", () => {
  let stack: Topology;
  let forwarded: Relay;
  const steps = [
    "bootstrap-complete",
    "certificate-approver-token",
    "install-complete",
    "installation-ignition",
    "installation-manifests",
    "installation-stream",
    "installer-host-health",
  ];

  beforeAll(async () => {
    stack = await Topology.open("ssh-installation", { machines: true });
    forwarded = await forwardedPort(stack.sandbox.directory);
    const image = await stack.boto(`
images = boto3.client("ec2").describe_images(Filters=[{"Name": "architecture", "Values": ["x86_64"]}])["Images"]
print(json.dumps(images[0]["ImageId"]))`);
    await stack.configure({
      ...dev,
      "okd-aws:executor": "ssh",
      "okd-aws:installerHostAccess": "forwarded",
      "okd-aws:forwardedPort": String(forwarded.port),
      "okd-aws:installerHostImageId": image,
    });
  });

  afterAll(async () => {
    await forwarded.close();
    await stack.close();
  });

  const kubectl = async (...args: readonly string[]) => {
    const { sandbox } = stack;
    return (await run(sandbox.toolchain.tools.kubectl, ["--kubeconfig", sandbox.kubeconfig, ...args], { env: sandbox.processEnvironment }))
      .stdout;
  };

  test("is installed by one `pulumi up`", async () => {
    await stack.up();
    const { kubeconfig } = await stack.outputs();
    writeFileSync(stack.sandbox.kubeconfig, kubeconfig as string, { mode: 0o600 });
    const version = (await kubectl("get", "clusterversion", "--no-headers")).split(/ +/);
    expect(version.slice(0, 4)).toEqual(["version", dev["okd-aws:release"], "True", "False"]);
    expect((await kubectl("get", "nodes", "--no-headers")).match(/ Ready /g)).toHaveLength(6);
    expect(forwarded.connections).toBeGreaterThanOrEqual(steps.length);
  });

  test("ran all steps of the installation on the installer host, and none on this machine", async () => {
    const { resources = [] } = (await stack.state()).deployment;
    const named = (type: string) => resources.filter((resource) => resource.type === type).map(({ urn }) => urn.split("::").at(-1));
    expect(named("command:remote:Command").sort()).toEqual(steps);
    expect(named("command:local:Command").filter((name) => steps.includes(name ?? ""))).toEqual([]);
  });

  test("knows the host by the host key that the host published", async () => {
    const { resources = [] } = (await stack.state()).deployment;
    const { stdout } = resources.find(({ urn }) => urn.endsWith("::installer-host-host-keys"))?.outputs as { stdout: string };
    const hostKeys = stdout.trim().split("\n");
    const { infraId } = await stack.outputs();
    const published = await stack.boto(
      `print(json.dumps(boto3.client("ssm").get_parameter(Name=sys.argv[1])["Parameter"]["Value"]))`,
      `/okd/${String(infraId)}/installer-host/ssh-host-key`,
    );
    expect(hostKeys).toHaveLength(1);
    expect(published).toMatch(new RegExp(`^i-[0-9a-f]+ ${hostKeys[0].replaceAll("+", "\\+")}\n$`));
  });

  test("has a registry that accepts only its password and has its own certificate", async () => {
    const { registryPassword, registryUrl } = await stack.outputs();
    const { hostname } = new URL(registryUrl as string);
    const { root, port } = hostOf(stack.sandbox.directory);
    const answer = async (password: string) =>
      (
        await run("curl", [
          ...[
            "--silent",
            "--noproxy",
            "*",
            "--cacert",
            join(root, "etc/okd/client/ca.crt"),
            "--output",
            "/dev/null",
            "--write-out",
            "%{http_code}",
          ],
          ...["--user", `okd:${password}`, "--resolve", `${hostname}:${port}:127.0.0.1`, `https://${hostname}:${port}/v2/`],
        ])
      ).stdout;
    expect([await answer(registryPassword as string), await answer("wrong")]).toEqual(["200", "401"]);
  });

  test("keeps keys, passwords and credentials out of the readable state", async () => {
    const { resources = [] } = (await stack.state()).deployment;
    const { sshPrivateKey, registryPassword, kubeadminPassword } = (await stack.outputs()) as Record<string, string>;
    const credentials = "AWS_SECRET_ACCESS_KEY";
    // The serialized code of a dynamic provider may contain the name of the credentials' variable, because the code reads this variable.
    const textOf = (resource: object, secret: string): string =>
      JSON.stringify(resource, (key, value: unknown) => (key === "__provider" && secret === credentials ? undefined : value));
    const holding = (secret: string) =>
      resources.filter((resource) => textOf(resource, secret).includes(JSON.stringify(secret).slice(1, -1))).map(({ urn }) => urn);
    const secrets = { sshPrivateKey, registryPassword, kubeadminPassword, credentials };
    expect(Object.values(secrets).filter((secret) => secret.length < 10)).toEqual([]);
    expect(Object.fromEntries(Object.entries(secrets).map(([name, secret]) => [name, holding(secret)]))).toEqual({
      sshPrivateKey: [],
      registryPassword: [],
      kubeadminPassword: [],
      credentials: [],
    });
  });

  test("loses only the bootstrap instance's declarations in a second update, and later previews show no change", async () => {
    const changes = (await stack.preview()).filter(({ op }) => op !== "delete");
    expect(changes).toEqual([]);
    await stack.up();
    await stack.expectNoChanges();
  });

  test("is destroyed without a connection to the installer host, and leaves nothing in the account", async () => {
    await stack.destroy();
    expect(await stack.inventory()).toEqual(stack.sandbox.baseline());
  });
});

/** The directory of the simulated installer host's files, and the port of its registry. */
function hostOf(sandbox: string): { root: string; port: number } {
  const [host] = readdirSync(join(sandbox, "hosts")).filter((name) => name.startsWith("i-"));
  const { http } = load(readFileSync(join(sandbox, "hosts", host, "registry-push.yml"), "utf8")) as { http: { addr: string } };
  return { root: join(sandbox, "hosts", host, "root"), port: Number(http.addr.split(":")[1]) };
}
