/**
 * Runs the real installer in a GovCloud region of the emulated AWS, for which the release publishes no machine image. The tests check the
 * installer's messages about the install-config.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type EmulatedAws, startAws } from "@okd-aws/sandbox/aws";
import { ensureToolchain } from "@okd-aws/sandbox/toolchain";
import { shellInput } from "../../components/installer/executor";
import { installerScript, readScript } from "../../components/installer/scripts";
import { parseConfiguration } from "../../config/parse";
import { encodeFiles } from "../../ignition/file-transfer";
import { renderInstallConfig } from "../../ignition/install-config";
import { ED25519 } from "../unit/config/key-material";
import { withKeys } from "../unit/config/fixture";
import { describeWithTools } from "./requirements";

describeWithTools("OKD's installer in us-gov-east-1, where OKD has no image", () => {
  const directory = mkdtempSync(join(tmpdir(), "govcloud-"));
  const zones = ["us-gov-east-1a", "us-gov-east-1b", "us-gov-east-1c"];
  let aws: EmulatedAws;
  let environment: NodeJS.ProcessEnv;
  let hasStreamsOfOkd = false;

  beforeAll(async () => {
    const { tools, environment: variables } = await ensureToolchain(["moto", "openshift-install"]);
    // A build of openshift/installer without the tag scos contains OpenShift's stream. The installer reads its data from files, so OKD's
    // data can replace them.
    const data = (variables as Partial<typeof variables>).OPENSHIFT_INSTALL_DATA;
    const own = join(directory, "data");
    if (data !== undefined) {
      cpSync(data, own, { recursive: true });
      copyFileSync(join(own, "coreos", "scos.json"), join(own, "coreos", "rhcos.json"));
      hasStreamsOfOkd = true;
    }
    aws = await startAws({ directory: join(directory, "aws"), python: tools.moto, seed: { images: {}, zones: ["okd.example.com"] } });
    environment = {
      HOME: directory,
      PATH: `${dirname(tools["openshift-install"])}:${process.env.PATH ?? ""}`,
      ...(data !== undefined && { OPENSHIFT_INSTALL_DATA: own }),
      ...aws.environment,
      AWS_REGION: "us-gov-east-1",
      OKD_RELEASE: "4.19.0-okd-scos.1",
      OPENSHIFT_INSTALL_RELEASE_IMAGE_OVERRIDE: "quay.io/okd/scos-release:4.19.0-okd-scos.1",
      LOG_LEVEL: "error",
      INFRA_ID: "dev-abcde",
      CLUSTER_ID: "6d1a5b5e-6d3f-4b8a-9a5e-0123456789ab",
    };
  });

  afterAll(async () => {
    await aws.stop();
    rmSync(directory, { recursive: true });
  });

  /** Runs the installer's step `manifests` with the program's install-config. */
  function manifests(imageId?: string): { status: number | null; stderr: string } {
    const configuration = parseConfiguration(withKeys({ "aws:region": "us-gov-east-1", zones, publish: "Internal", executor: "local" }));
    const text = renderInstallConfig(configuration, { sshPublicKey: ED25519, zones, credentialsMode: "mint", ...(imageId && { imageId }) });
    const input = shellInput(`${installerScript}\n${readScript("manifests")}`, encodeFiles({ "install-config.yaml": text }));
    return spawnSync("bash", ["-s"], { env: environment, input, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  }

  it("refuses an install-config without an image", () => {
    const { status, stderr } = manifests();
    if (!hasStreamsOfOkd) return;
    expect(stderr).toContain("platform.aws.amiID: Required value: AMI must be provided");
    expect(status).not.toBe(0);
  });

  it("accepts an install-config that names the copied image", () => {
    const { status, stderr } = manifests("ami-0123456789abcdef0");
    expect([status, stderr]).toEqual([0, expect.not.stringContaining("FATAL")]);
  });
});
