/**
 * Checks the installer host's set-up with the real programs that read it: ignition's validator and systemd. CoreOS itself is not tested.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ensureToolchain } from "@okd-aws/sandbox/toolchain";
import { healthServices } from "../../ignition/installer-host/health";
import { installerHostIgnition, type InstallerHostSetUp } from "../../ignition/installer-host/installer-host";
import { mirrorServices } from "../../ignition/mirror/host-services";
import { bootstrapPointer } from "../../ignition/pointer";
import { describeWithTools } from "./requirements";

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "installer-host-"));
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

const configuration: InstallerHostSetUp["configuration"] = {
  clusterDomain: "dev.okd.example.com",
  distribution: "okd",
  release: "4.19.0-okd-scos.1",
  architecture: "amd64",
  region: "us-east-1",
  network: { kind: "new", vpcCidr: "10.0.0.0/16", natGateways: "none", publicSubnets: true, interfaceEndpoints: ["ec2"] },
  proxy: { httpProxy: "http://proxy.example.com:3128", httpsProxy: "https://proxy.example.com:3128", noProxy: ".example.com" },
  additionalTrustBundle: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
};
const setUp: InstallerHostSetUp = {
  configuration,
  registryImage: "docker.io/library/registry:2.8.3",
  sshPublicKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKBHqpljB8DRpyoEzPSTrQ21nPSLuspdsQLpT6T0f8br core\n",
  dataVolumeId: "vol-0123456789abcdef0",
  registrySecretArn: "arn:aws:secretsmanager:us-east-1:123456789012:secret:dev-x7k2q-registry-AbCdEf",
  hostKeyParameter: "/okd/dev-x7k2q/installer-host/ssh-host-key",
  sessionManager: true,
  services: {
    files: [{ path: "/etc/okd/approver.js", mode: 0o644, contents: { bucket: "assets", key: "approver.js", sha256: "0".repeat(64) } }],
    secrets: [{ arn: "arn:aws:secretsmanager:us-east-1:123456789012:secret:approver-AbCdEf", directory: "/etc/okd/approver" }],
    units: [
      ...healthServices("dev-x7k2q-assets").units,
      {
        name: "approver.service",
        enabled: true,
        contents: "[Unit]\nDescription=Further service\n\n[Service]\nExecStart=/usr/bin/true\n\n[Install]\nWantedBy=multi-user.target\n",
      },
    ],
  },
};

/** The same host without a route to the internet. It mirrors from an archive. */
const mirror = { mode: "air-gapped", archive: { bucket: "okd-archive", prefix: "4.19" } } as const;
const mirroring: InstallerHostSetUp = {
  ...setUp,
  configuration: { ...configuration, mirror },
  services: mirrorServices({
    configuration: { ...configuration, updateService: false, platform: {} },
    mirror,
    bucket: "dev-x7k2q-assets",
    secretArn: "arn:aws:secretsmanager:us-east-1:123456789012:secret:x",
  }),
};

describeWithTools("the ignition config", () => {
  test.each([
    ["of the host", installerHostIgnition(setUp)],
    ["of an air-gapped host", installerHostIgnition(mirroring)],
    ["of the pointer", bootstrapPointer({ bucket: "b", key: "k", sha256: "0".repeat(64) }, configuration)],
  ])("%s is accepted by ignition's own validator without a message", async (_, config) => {
    const { tools } = await ensureToolchain(["ignition-validate"]);
    const file = join(root, "config.ign");
    writeFileSync(file, config);
    const { status, stdout, stderr } = spawnSync(tools["ignition-validate"], [file], { encoding: "utf8" });
    expect([status, stdout, stderr]).toEqual([0, "", ""]);
    expect(Buffer.byteLength(bootstrapPointer({ bucket: "b", key: "k", sha256: "0".repeat(64) }, configuration))).toBeLessThan(16 * 1024);
  });
});

const systemd = spawnSync("systemd-analyze", ["--version"]).status === 0;
if (!systemd) console.warn("skipped: systemd-analyze is not on this machine, so systemd does not check the units");
(systemd ? describe : describe.skip)("the units", () => {
  test.each([
    ["host", setUp],
    ["air-gapped host", mirroring],
  ])("of the %s are accepted by systemd", (_, given) => {
    const { storage, systemd: section } = JSON.parse(installerHostIgnition(given)) as {
      storage: { files: { path: string; mode: number }[] };
      systemd: { units: { name: string; contents: string }[] };
    };
    const place = (path: string, contents: string, mode = 0o644) => {
      mkdirSync(dirname(join(root, "os", path)), { recursive: true });
      writeFileSync(join(root, "os", path), contents, { mode });
    };
    // systemd checks that the programs exist.
    for (const { path, mode } of storage.files) place(path, "", mode);
    for (const program of ["podman", "mountpoint", "test", "true"]) place(`/usr/bin/${program}`, "", 0o755);
    for (const target of ["network-online", "multi-user", "timers", "sysinit", "basic", "shutdown", "network"])
      place(`/usr/lib/systemd/system/${target}.target`, `[Unit]\nDescription=${target}\n`);
    place("/usr/lib/systemd/system/sshd.service", "[Service]\nExecStart=/usr/bin/true\n");
    for (const { name, contents } of section.units) place(`/etc/systemd/system/${name}`, contents);
    const names = section.units.map(({ name }) => name);
    const { status, stderr } = spawnSync("systemd-analyze", ["verify", `--root=${join(root, "os")}`, "--man=no", ...names], {
      encoding: "utf8",
    });
    expect([status, stderr]).toEqual([0, ""]);
  });
});
