/**
 * The step that asks the release for its CredentialsRequests, run by bash as an executor does, with the sandbox's stand-in for `oc` and a stub of the
 * installer. OpenShift's own `oc` is not tested here.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { load } from "js-yaml";
import { shellInput } from "../../../../components/installer/executor";
import { installerScript, readScript } from "../../../../components/installer/scripts";
import { parseConfiguration } from "../../../../config/parse";
import { cloudComponents, manifestSelectionConfig } from "../../../../ignition/cloud-components";
import { requestsByComponent } from "../../../../ignition/credentials-requests";
import { decodeFiles, encodeFiles } from "../../../../ignition/file-transfer";
import { withKeys } from "../../config/fixture";

const root = join(__dirname, "..", "..", "..", "..");
const script = `${installerScript}\n${readScript("credentials-requests")}`;
const NEEDED = ["CloudCredential", "Ingress", "CloudControllerManager"];

let bin: string;
beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), "oc-"));
  const installer =
    "#!/bin/bash\n# Stub of openshift-install.\necho openshift-install 4.19.0-okd-scos.1; echo release image quay.io/okd/release:of-the-installer\n";
  writeFileSync(join(bin, "openshift-install"), installer, { mode: 0o755 });
  writeFileSync(join(bin, "kubectl"), '#!/bin/bash\n# Stub of kubectl.\necho "kubectl $*"\n', { mode: 0o755 });
  symlinkSync(join(root, "sandbox", "oc-stand-in", "oc"), join(bin, "oc"));
});
afterEach(() => {
  rmSync(bin, { recursive: true });
});

const environment = (more: Readonly<Record<string, string>> = {}) => ({
  PATH: `${bin}:${dirname(process.execPath)}:/usr/bin:/bin`,
  OKD_RELEASE: "4.19.0-okd-scos.1",
  LOG_LEVEL: "info",
  ...more,
});

function ask(
  keys: Readonly<Record<string, unknown>> = {},
  more: Readonly<Record<string, string>> = {},
  files: Readonly<Record<string, string>> = {},
) {
  const configuration = parseConfiguration(withKeys(keys));
  const input = encodeFiles({
    "install-config.yaml": manifestSelectionConfig(configuration),
    "pull-secret.json": configuration.pullSecret.reveal(),
    ...files,
  });
  const { status, stdout, stderr } = spawnSync("bash", ["-s"], {
    input: shellInput(script, input),
    encoding: "utf8",
    env: environment(more),
  });
  return { status, stderr, files: decodeFiles(stdout), components: cloudComponents(configuration) };
}

describe("the release's CredentialsRequests", () => {
  test.each<[string, Readonly<Record<string, unknown>>, number]>([
    ["of a cluster with all capabilities", {}, 6],
    ["of a cluster without optional capabilities", { baselineCapabilitySet: "None", additionalEnabledCapabilities: NEEDED }, 3],
    [
      "of an older capability set",
      { baselineCapabilitySet: "v4.13", additionalEnabledCapabilities: [...NEEDED, "OperatorLifecycleManager"] },
      5,
    ],
    ["of a cluster that lists every capability", { baselineCapabilitySet: "vCurrent" }, 6],
  ])("are for exactly the components that get roles: %s", (_, keys, count) => {
    const { status, files, components } = ask(keys);
    expect([status, Object.keys(files)]).toEqual([0, expect.any(Array)]);
    expect(Object.keys(requestsByComponent(components, files))).toHaveLength(count);
  });

  test("are for AWS only, without those of features that are not enabled", () => {
    const objects = Object.values(ask().files).map(
      (text) => load(text) as { apiVersion: string; kind: string; spec: { providerSpec: { kind: string } } },
    );
    for (const { apiVersion, kind, spec } of objects)
      expect([apiVersion, kind, spec.providerSpec.kind]).toEqual([
        "cloudcredential.openshift.io/v1",
        "CredentialsRequest",
        "AWSProviderSpec",
      ]);
    expect(Object.keys(ask().files).join()).not.toMatch(/gcp|cluster-api/);
  });

  test("come from the configured release image, otherwise from the installer's", () => {
    expect(ask().stderr).toContain("quay.io/okd/release:of-the-installer was not fetched");
    expect(ask({}, { OPENSHIFT_INSTALL_RELEASE_IMAGE_OVERRIDE: "mirror.example.com/okd:4.19" }).stderr).toContain(
      "mirror.example.com/okd:4.19 was not fetched",
    );
  });

  test("come from the mirror, with its account and CA, if the release is mirrored", () => {
    const mirrored = "registry.dev.okd.example.com:5000/openshift/release-images@sha256:1";
    const cutOff = { OKD_SANDBOX_REGISTRIES: "registry.dev.okd.example.com:5000" };
    expect(ask({}, cutOff)).toMatchObject({ status: 1, stderr: expect.stringContaining("lookup quay.io: no such host") as string });
    const files = {
      "pull-secret.json": JSON.stringify({ auths: { "registry.dev.okd.example.com:5000": { auth: "b2tkOng=" } } }),
      "registry-ca.crt": "-----BEGIN CERTIFICATE-----\n",
    };
    const environment = { ...cutOff, MIRRORED_RELEASE_IMAGE: mirrored };
    expect(ask({}, environment, files)).toMatchObject({
      status: 0,
      stderr: expect.stringContaining(`${mirrored} was not fetched`) as string,
    });
    expect(ask({}, environment, { ...files, "pull-secret.json": '{"auths":{}}' }).stderr).toContain("unauthorized");
    expect(ask({}, environment, { "pull-secret.json": files["pull-secret.json"] }).stderr).toContain("unknown authority");
  });

  test("are those of the release image's version, which the stand-in takes from the tag or from the sandbox's list of digests", () => {
    const allowed = (image: string) =>
      Object.values(ask({}, { OPENSHIFT_INSTALL_RELEASE_IMAGE_OVERRIDE: image }).files)
        .join("\n")
        .includes("ec2:AllocateHosts");
    const digest = `registry.ci.openshift.org/origin/release-scos@sha256:${"1".repeat(64)}`;
    expect([allowed("quay.io/okd/scos-release:4.21.0-okd-scos.1"), allowed("quay.io/okd/scos-release:4.22.0-okd-scos.1")]).toEqual([
      false,
      true,
    ]);
    expect(allowed(digest)).toBe(false);
    const releases = join(bin, "releases.json");
    writeFileSync(releases, JSON.stringify([{ version: "4.22.0-okd-scos.1", image: digest }]));
    const { files } = ask({}, { OPENSHIFT_INSTALL_RELEASE_IMAGE_OVERRIDE: digest, OC_STAND_IN_RELEASES: releases });
    expect(Object.values(files).join("\n")).toContain("ec2:AllocateHosts");
  });

  test("cannot be read without oc, and the step's error says that oc is missing", () => {
    rmSync(join(bin, "oc"));
    expect(ask()).toMatchObject({
      status: 1,
      files: {},
      stderr: expect.stringMatching(
        /^oc is not on the PATH.*credentialsMode manual.*install the oc of release 4\.19\.0-okd-scos\.1\.\n$/,
      ) as string,
    });
  });
});

describe("the stand-in for oc", () => {
  const oc = (...args: readonly string[]) => spawnSync(join(bin, "oc"), args, { encoding: "utf8", env: environment() });

  test("passes other commands to kubectl", () => {
    expect(oc("--namespace", "a b", "get", "secret").stdout).toBe("kubectl --namespace a b get secret\n");
  });

  test("refuses flags that it does not support", () => {
    const { status, stderr } = oc("adm", "release", "extract", "--command=openshift-install", "--to=/nowhere");
    expect([status, stderr]).toEqual([1, expect.stringContaining("--command") as string]);
    expect(oc("adm", "release", "extract", "--to=/nowhere").stderr).toContain("only extracts CredentialsRequests and needs --from");
  });
});
