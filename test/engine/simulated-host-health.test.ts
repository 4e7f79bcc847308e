/**
 * Tests the health that a simulated installer host publishes. The host runs its own `okd-health` against the real registry, with a
 * certificate and password as on a real host. S3 is a server on loopback that keeps uploaded objects.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { SimulatedHostHealth, HostRegistry, HostRoot } from "@okd-aws/sandbox/cluster/hosts";
import { freePort } from "@okd-aws/sandbox/free-port";
import { ensureToolchain } from "@okd-aws/sandbox/toolchain";
import { registryCredentialsProvider } from "../../components/installer-host/registry-credentials";
import { approverStatus } from "../../ignition/certificate-approver";
import { decodeFiles } from "../../ignition/file-transfer";
import { healthServices, parseHostHealth } from "../../ignition/installer-host/health";
import { installerHostIgnition } from "../../ignition/installer-host/installer-host";
import { describeWithTools } from "./requirements";

const ignition = installerHostIgnition({
  configuration: {
    ...{
      clusterDomain: "dev.okd.example.com",
      distribution: "okd",
      release: "4.19.0-okd-scos.1",
      architecture: "amd64",
      region: "us-east-1",
    },
    network: { kind: "new", vpcCidr: "10.0.0.0/16", natGateways: "none", publicSubnets: true, interfaceEndpoints: [] },
  },
  registryImage: "docker.io/library/registry:2.8.3",
  sshPublicKey: "ssh-ed25519 AAAA core",
  dataVolumeId: "vol-0123456789abcdef0",
  registrySecretArn: "arn:registry",
  hostKeyParameter: "/okd/dev-x7k2q/installer-host/ssh-host-key",
  sessionManager: false,
  services: healthServices("dev-x7k2q-assets"),
});
const config = JSON.parse(ignition) as Parameters<SimulatedHostHealth["advance"]>[0];

describeWithTools("a simulated host", () => {
  const directory = mkdtempSync(join(tmpdir(), "host-health-"));
  const environment = { ...process.env };
  const put: [path: string, body: string][] = [];
  const s3 = createServer((request, response) => {
    void text(request).then((body) => {
      put.push([(request.url ?? "").split("?")[0], body]);
      response.end();
    });
  });
  let registry: HostRegistry | undefined;

  beforeAll(async () => {
    await new Promise<void>((resolve) => s3.listen(0, "127.0.0.1", resolve));
    const endpoint = `http://127.0.0.1:${(s3.address() as AddressInfo).port}`;
    Object.assign(process.env, {
      AWS_ENDPOINT_URL_S3: endpoint,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      NO_PROXY: "127.0.0.1",
    });
  });
  afterAll(async () => {
    process.env = environment;
    registry?.end();
    await new Promise((resolve) => s3.close(resolve));
    rmSync(directory, { recursive: true });
  });

  test("publishes the output of its own health script on each change, if its role allows the upload", async () => {
    const { tools } = await ensureToolchain(["registry"]);
    const port = await freePort();
    const root = new HostRoot(join(directory, "root"));
    root.writeConfigFiles(config, port);
    const health = new SimulatedHostHealth(root, { region: "us-east-1", say: () => undefined });
    const asked: string[] = [];
    const advance = (allowed = true) =>
      health.advance(config, "i-0a1b", (action, resource) => {
        asked.push(`${action} ${resource}`);
        return Promise.resolve(allowed);
      });
    const said = () => put.map(([, body]) => parseHostHealth(/^((?:un)?healthy [^]*)$/m.exec(body)?.[1] ?? body));

    await advance(false);
    expect([asked, put]).toEqual([["s3:PutObject arn:aws:s3:::dev-x7k2q-assets/installer-host/health"], []]);
    await advance();
    await advance();
    expect(put.map(([path]) => path)).toEqual([expect.stringMatching(/installer-host\/health$/)]);
    expect(said()[0]).toMatchObject({
      state: "unhealthy",
      instanceId: "i-0a1b",
      reason: expect.stringContaining("the file with its password does not exist yet") as string,
    });

    const { outs } = await registryCredentialsProvider.create({ host: "registry.dev.okd.example.com", rotation: "" });
    for (const [path, content] of Object.entries(decodeFiles(outs?.files ?? ""))) root.write(`/etc/okd/${path}`, content);
    registry = new HostRegistry({
      program: tools.registry,
      root: root.directory,
      storage: join(directory, "storage"),
      port,
      logFile: join(directory, "log"),
    });
    expect(registry.start()).toBe(true);
    root.installTools({ "openshift-install": "/bin/true", kubectl: "/bin/true" }, () => undefined);
    root.write(approverStatus, `${Math.floor(Date.now() / 1000)} working\n\n`);
    for (let attempt = 0; attempt < 40 && said().at(-1)?.state !== "healthy"; attempt++) {
      await sleep(250);
      await advance();
    }
    expect(said().at(-1)).toMatchObject({ state: "healthy", instanceId: "i-0a1b", reason: "" });
  });
});
