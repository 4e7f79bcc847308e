/**
 * The installer's steps around an executor that is a stub. That a refused answer stops the engine is not proven here: under mocks a rejected output
 * takes the test runner down with it.
 */
import * as pulumi from "@pulumi/pulumi";
import { load } from "js-yaml";
import type { ClusterIdentity } from "../../components/cluster-identity";
import type { Step } from "../../components/installer/executor";
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

/** Runs the steps. */
async function steps(changes: Readonly<Record<string, unknown>> = {}): Promise<Record<string, Step>> {
  await pulumi.runtime.setMocks({ newResource: ({ inputs }) => ({ id: undefined, state: inputs as object }), call: () => ({}) });
  const given: Record<string, Step> = {};
  const run = (name: string, step: Step) => {
    given[name.replace("installation-", "")] = step;
    return { resource: undefined as unknown as pulumi.Resource, answer: pulumi.output(answers[name]), triggers: pulumi.output(undefined) };
  };
  const identity: Pick<ClusterIdentity, "infraId" | "clusterId"> = {
    infraId: pulumi.output(infraId),
    clusterId: pulumi.output("7c0e7b3e"),
  };
  const installation = new Installation("installation", {
    executor: { run, answerNow: () => Promise.reject(new Error("the installation asks nothing in a preview")) },
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

test("every executor is handed the pull secret as a secret, and triggers that are none", async () => {
  for (const [name, step] of Object.entries(await steps())) {
    const secret = [await pulumi.isSecret(pulumi.output(step.input)), await pulumi.isSecret(pulumi.all([...step.triggers]))];
    expect([name, secret]).toEqual([name, [name !== "stream", false]]);
  }
});

test("the manifests that are in the bootstrap machine's config, and not those that were asked for, are proven to make no machines", async () => {
  await steps();
  const [[checked]] = jest.mocked(assertNothingForbidden).mock.calls;
  expect(Object.entries(checked).map(([path, text]) => [path, load(text)])).toEqual([
    [
      "/opt/openshift/manifests/scheduler.yml",
      { apiVersion: "config.openshift.io/v1", kind: "Scheduler", spec: { mastersSchedulable: true } },
    ],
  ]);
});

describe("a step runs again", () => {
  const changed = async (changes: Readonly<Record<string, unknown>>) => {
    const [before, after] = [await triggers(), await triggers(changes)];
    return Object.keys(before).filter((step) => JSON.stringify(before[step]) !== JSON.stringify(after[step]));
  };

  test.each<[string, Readonly<Record<string, unknown>>, string[]]>([
    ["never while nothing changes", {}, []],
    ["for what the cluster is told", { tags: { team: "platform" } }, ["manifests", "ignition"]],
    ["for another release image", { releaseImage: "quay.io/okd/scos-release:other" }, ["stream", "manifests", "ignition"]],
    ["not for what only AWS is told", { protectMasters: true, masterVolumeSize: 500, natGateways: "single", adminCidrs: [] }, []],
  ])("%s", async (_, changes, again) => {
    expect(await changed(changes)).toEqual(again);
  });
});
