import { parseConfiguration } from "../../../../config/parse";
import { encodeFiles } from "../../../../ignition/file-transfer";
import { installerHostIgnition } from "../../../../ignition/installer-host/installer-host";
import { mirrorServices, mirrorStateKey } from "../../../../ignition/mirror/host-services";
import { parseMirrorState } from "../../../../ignition/mirror/state";
import { waitForMirror } from "../../../../steps/mirror/wait";
import { AIR_GAPPED, RESTRICTED, withKeys } from "../../config/fixture";

const byDigest = `quay.io/okd/scos-release@sha256:${"0123456789abcdef".repeat(4)}`;
const parsed = (changes: Readonly<Record<string, unknown>>) => parseConfiguration(withKeys(changes));

describe("the mirroring service of the installer host", () => {
  const services = (changes: Readonly<Record<string, unknown>>) => {
    const configuration = parsed(changes);
    if (configuration.mirror === undefined) throw new Error("there is no mirror");
    return mirrorServices({ configuration, mirror: configuration.mirror, bucket: "dev-x7k2q-assets", secretArn: "arn:secret" });
  };
  const environment = (changes: Readonly<Record<string, unknown>>) =>
    services(changes).files.find(({ path }) => path.endsWith("mirror.env"))?.contents as string;

  test("gets the bucket and the flags, but no secrets", () => {
    const { units, secrets, files } = services({ ...RESTRICTED, pullSecret: '{"auths":{"quay.io":{"auth":"dXNlcjpwYXNz"}}}' });
    expect([units.map(({ name }) => name), secrets]).toEqual([
      ["okd-mirror.service"],
      [{ arn: "arn:secret", directory: "/etc/okd/mirror" }],
    ]);
    expect(JSON.stringify(files)).not.toContain("dXNlcjpwYXNz");
    const text = environment(RESTRICTED);
    expect(text).toContain("export STATE_BUCKET='dev-x7k2q-assets'\n");
    expect(text).toContain("export MIRROR_FLAGS='--ignore-release-signature'\n");
    expect(text).toContain("export ARCHIVE_BUCKET=''\n");
    expect(environment(AIR_GAPPED)).toMatch(/export ARCHIVE_BUCKET='okd-archive'\nexport ARCHIVE_PREFIX='4.19\/'\n/);
    expect(environment({ ...AIR_GAPPED, mirrorArchive: "s3://okd-archive" })).toContain("export ARCHIVE_PREFIX=''\n");
  });

  test("publishes the state of each image set under a separate S3 key", () => {
    const key = (changes: Readonly<Record<string, unknown>>) => {
      const configuration = parsed(changes);
      return mirrorStateKey({ configuration, mirror: configuration.mirror ?? { mode: "fallback" } });
    };
    expect(key(RESTRICTED)).toMatch(/^mirror\/[0-9a-f]{16}$/);
    expect(key({ ...RESTRICTED, masterVolumeSize: 500 })).toBe(key(RESTRICTED));
    expect(key({ ...RESTRICTED, releaseImage: byDigest })).not.toBe(key(RESTRICTED));
    expect(key({ ...AIR_GAPPED, mirrorArchive: "s3://other" })).not.toBe(key(AIR_GAPPED));
  });

  test("takes images and tools from the archive if the host is air-gapped", () => {
    const setUp = {
      registryImage: "docker.io/library/registry:2.8.3",
      sshPublicKey: "ssh-ed25519 AAAA",
      dataVolumeId: "vol-1",
      registrySecretArn: "arn",
      hostKeyParameter: "/okd/x",
      sessionManager: false,
    };
    interface Ignition {
      storage: { files: { path: string; contents: { source: string } }[] };
      systemd: { units: { name: string; contents: string }[] };
    }
    const { storage, systemd } = JSON.parse(installerHostIgnition({ ...setUp, configuration: parsed(AIR_GAPPED) })) as Ignition;
    const source = (path: string) => storage.files.find((file) => file.path === path)?.contents.source ?? "";
    expect(storage.files.filter(({ contents }) => contents.source.startsWith("s3:")).map(({ contents }) => contents.source)).toEqual([
      "s3://okd-archive/4.19/images/aws-cli.tar",
      "s3://okd-archive/4.19/images/registry.tar",
      "s3://okd-archive/4.19/images/node.tar",
    ]);
    // The host tags the images with the names under which it runs them, whatever names the archive gives them.
    const environment = Buffer.from(source("/etc/okd/host.env").split(",")[1], "base64").toString("utf8");
    expect([...environment.matchAll(/^export \w+_IMAGE='(.*)'$/gm)].map(([, image]) => image)).toEqual([
      "localhost/okd-aws/aws-cli:archive",
      "localhost/okd-aws/registry:archive",
      "localhost/okd-aws/ssm-agent:archive",
    ]);
    const tools = Buffer.from(source("/etc/okd/tools.list").split(",")[1], "base64").toString("utf8");
    expect(
      tools
        .trimEnd()
        .split("\n")
        .map((line) => line.split(" ").slice(0, 3).join(" ")),
    ).toEqual([
      "s3://okd-archive/4.19/tools - oc",
      "s3://okd-archive/4.19/tools - openshift-install",
      "s3://okd-archive/4.19/tools - oc-mirror",
    ]);
    expect(systemd.units.find(({ name }) => name === "okd-images.service")?.contents).toMatch(/^Before=.*okd-secrets\.service/m);
    expect(JSON.parse(installerHostIgnition({ ...setUp, configuration: parsed(RESTRICTED) })) as Ignition).toMatchObject({
      systemd: { units: expect.not.arrayContaining([expect.objectContaining({ name: "okd-images.service" })]) as unknown },
    });
  });
});

describe("the wait for the mirrored release", () => {
  const request = { region: "us-east-1", bucket: "b", key: "k", volumeId: "vol-0a", timeoutSeconds: 2 };
  const done = (volume = "vol0a") => `done 2026-01-01T00:00:09Z ${volume}\n${encodeFiles({ "idms-oc-mirror.yaml": "x" })}`;
  const failed = (time: number) => `failed 2026-01-01T00:00:0${time}Z vol0a\n[ERROR] quay.io answers 503\n`;
  /** Runs the wait against these states, one for each time that it reads the state; the last one is repeated. */
  const wait = (states: readonly (string | undefined)[], timeoutSeconds = 2) => {
    const rest = [...states];
    const said: string[] = [];
    const read = () => Promise.resolve(rest.length > 1 ? rest.shift() : rest[0]);
    return { result: waitForMirror({ ...request, timeoutSeconds }, { read, say: (line) => said.push(line), interval: 1 }), said };
  };

  test("returns oc-mirror's files, even if the host failed twice before it succeeded", async () => {
    const { result, said } = wait([
      undefined,
      "mirroring 2026-01-01T00:00:00Z vol0a\n",
      failed(1),
      failed(1),
      "mirroring 2 vol0a\n",
      done(),
    ]);
    expect(await result).toEqual({ "idms-oc-mirror.yaml": "x" });
    expect(said).toHaveLength(3);
  });

  test("ignores the state of another data volume, and failures from before the wait", async () => {
    const { result, said } = wait([failed(1), done("vol0b"), done()]);
    expect(await result).toEqual({ "idms-oc-mirror.yaml": "x" });
    expect(said).toEqual([]);
  });

  test("fails with oc-mirror's last lines after three failures", async () => {
    const { result } = wait([undefined, failed(1), failed(2), failed(3)]);
    await expect(result).rejects.toThrow(
      /can't mirror the release\. The last attempt failed:\n\[ERROR\] quay\.io answers 503\n.*journalctl --unit okd-mirror/,
    );
  });

  test("fails after its time limit", async () => {
    await expect(wait([undefined], 0.05).result).rejects.toThrow(
      /not mirrored the release within 0\.05 seconds\. It has published no state/,
    );
    await expect(wait(["mirroring 1 vol0a\n"], 0.05).result).rejects.toThrow(/It is still mirroring\./);
  });

  test("refuses a state in an unknown form", () => {
    expect(() => parseMirrorState("<html>")).toThrow(
      'the installer host published the state of the mirror in an unknown form: the first line is "<html>", but must be',
    );
  });
});
