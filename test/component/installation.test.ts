/**
 * The installer's steps with a stub as executor. This test does not prove that a wrong answer of a step stops the update: under Pulumi's mocks a
 * rejected output would also end the test runner.
 */
import * as pulumi from "@pulumi/pulumi";
import { load } from "js-yaml";
import type { ClusterIdentity } from "../../components/cluster-identity";
import type { InstallerStep } from "../../components/installer/executor";
import { Installation } from "../../components/installer/installation";
import { parseConfiguration } from "../../config/parse";
import { assertNothingForbidden } from "../../ignition/manifest-patches";
import { devStack } from "./configurations";
import { answers, infraId } from "./installer-answers";

jest.mock<typeof import("../../ignition/manifest-patches")>("../../ignition/manifest-patches", () => ({
  ...jest.requireActual("../../ignition/manifest-patches"),
  assertNothingForbidden: jest.fn(),
}));

const valueOf = <T>(input: pulumi.Input<T>) =>
  new Promise<unknown>((resolve) => {
    pulumi.output(input).apply(resolve);
  });

/** Declares an installation with an executor that records the steps. Returns the recorded steps by name. */
async function steps(changes: Readonly<Record<string, unknown>> = {}): Promise<Record<string, InstallerStep>> {
  await pulumi.runtime.setMocks({ newResource: ({ inputs }) => ({ id: undefined, state: inputs as object }), call: () => ({}) });
  const given: Record<string, InstallerStep> = {};
  const run = (name: string, step: InstallerStep) => {
    given[name.replace("installation-", "")] = step;
    return { resource: undefined as unknown as pulumi.Resource, answer: pulumi.output(answers[name]), triggers: pulumi.output(undefined) };
  };
  const identity: Pick<ClusterIdentity, "infraId" | "clusterId"> = {
    infraId: pulumi.output(infraId),
    clusterId: pulumi.output("7c0e7b3e"),
  };
  const installation = new Installation("installation", {
    executor: { run, answerNow: () => Promise.reject(new Error("no test may ask for an answer during a preview")) },
    configuration: parseConfiguration(devStack(changes)),
    identity: identity as ClusterIdentity,
    phase: "before-first-boot",
  });
  const { files } = installation.install({
    zones: ["us-east-1a"],
    sshPublicKey: "ssh-ed25519 AAAA core",
    privateZoneId: "Z0",
    manifests: {},
    credentialsMode: "mint",
  });
  await Promise.all(Object.values(files).map(valueOf));
  return given;
}

/** The steps' triggers by name. */
async function triggers(changes: Readonly<Record<string, unknown>> = {}): Promise<Record<string, unknown>> {
  const values = Object.entries(await steps(changes)).map(async ([name, step]) => [name, await valueOf([...step.triggers])] as const);
  return Object.fromEntries(await Promise.all(values));
}

test("each executor gets the pull secret as a secret, and its triggers contain no secret", async () => {
  for (const [name, step] of Object.entries(await steps())) {
    const secret = [await pulumi.isSecret(pulumi.output(step.input)), await pulumi.isSecret(pulumi.all([...step.triggers]))];
    expect([name, secret]).toEqual([name, [name !== "stream", false]]);
  }
});

test("the check that no manifest creates Machines reads the manifests in the bootstrap instance's ignition config, not the manifests that the program requested", async () => {
  await steps();
  const [[checked]] = jest.mocked(assertNothingForbidden).mock.calls;
  expect(Object.entries(checked).map(([path, text]) => [path, load(text)])).toEqual([
    [
      "/opt/openshift/manifests/scheduler.yml",
      { apiVersion: "config.openshift.io/v1", kind: "Scheduler", spec: { mastersSchedulable: true } },
    ],
  ]);
});

describe("a step of the installer runs again", () => {
  const changed = async (changes: Readonly<Record<string, unknown>>) => {
    const [before, after] = [await triggers(), await triggers(changes)];
    return Object.keys(before).filter((step) => JSON.stringify(before[step]) !== JSON.stringify(after[step]));
  };

  test.each<[string, Readonly<Record<string, unknown>>, string[]]>([
    ["never if nothing changes", {}, []],
    ["for a change of the cluster's own settings", { tags: { team: "platform" } }, ["manifests", "ignition"]],
    ["for another release image", { releaseImage: "quay.io/okd/scos-release:other" }, ["stream", "manifests", "ignition"]],
    [
      "not for a change of settings that only AWS uses",
      { protectMasters: true, masterVolumeSize: 500, natGateways: "single", adminCidrs: [] },
      [],
    ],
  ])("%s", async (_, changes, again) => {
    expect(await changed(changes)).toEqual(again);
  });
});
