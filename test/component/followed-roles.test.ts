/** Roles of a running cluster in manual mode: how their permissions follow the release. program.ts lists the facts that this kind of test cannot prove. */
import * as pulumi from "@pulumi/pulumi";
import { roleReleasesProvider } from "../../components/credentials/role-releases";
import type { CloudComponent } from "../../config/releases/components";
import { cloudComponents } from "../../ignition/cloud-components";
import { decodeFiles, encodeFiles } from "../../ignition/file-transfer";
import { readClusterInput } from "../../steps/cluster-input";
import type { RoleSecret } from "../../steps/release/request";
import { askRunningReleases } from "../../steps/release/running";
import { credentialsRequest, requestedSecrets } from "../facts/credentials-requests";
import { devStack } from "./configurations";
import { installedAccount } from "./installed";
import { answers } from "./installer-answers";
import { type Declared, Program, stored } from "./program";

jest.mock<typeof import("../../ignition/cloud-components")>("../../ignition/cloud-components", () => {
  const actual = jest.requireActual<typeof import("../../ignition/cloud-components")>("../../ignition/cloud-components");
  return { ...actual, cloudComponents: jest.fn(actual.cloudComponents) };
});
jest.mock<typeof import("../../steps/release/running")>("../../steps/release/running", () => ({
  ...jest.requireActual("../../steps/release/running"),
  askRunningReleases: jest.fn(),
}));

type Keys = Readonly<Record<string, unknown>>;

const run = (changes: Keys) => Program.run(devStack(changes), installedAccount);
const policy = ({ inputs }: Declared) => JSON.parse(inputs.policy as string) as { Statement: Record<string, unknown>[] };

describe("manual mode on an installed cluster", () => {
  const first = "4.19.0-okd-scos.1";
  const next = "4.22.0-okd-scos.1";
  /**
   * The CredentialsRequests of a release. The ingress operator requests the given actions; the other components request the same actions in each
   * release.
   */
  const asking = (actions: string): string => {
    const files = Object.entries(decodeFiles(answers["cloud-credentials-requests"]));
    const changed = files.map(([path, text]) => [path, path.includes("ingress") ? text.replace('"ec2:DescribeInstances"', actions) : text]);
    return encodeFiles(Object.fromEntries(changed) as Record<string, string>);
  };
  const running = (...versions: readonly string[]) =>
    jest.mocked(askRunningReleases).mockResolvedValue({ releases: versions.map((version) => ({ version, image: `image of ${version}` })) });
  const update = (keys: Keys = {}) => run({ release: next, releaseImage: undefined, ...keys });
  const actionsOf = (program: Program) =>
    policy(program.one("aws:iam/rolePolicy:RolePolicy", "cloud-credentials-ingress-policy")).Statement.map(({ Action }) => Action);
  const release = (program: Program) => program.one("command:local:Command", "release");
  const secretsIn = (program: Program) =>
    readClusterInput<{ secrets?: readonly RoleSecret[] }>(release(program).inputs.stdin as string).secrets;

  beforeEach(() => {
    stored["credentials-mode"] = { mode: "manual" };
    stored["cloud-credentials-requests"] = { triggers: ["config", first, "info", ""] };
    jest.replaceProperty(answers, "cloud-credentials-requests", asking('"ec2:DescribeInstances"'));
    Object.assign(answers, { [`cloud-credentials-requests-${next}`]: asking('"elasticloadbalancing:DescribeLoadBalancers"') });
  });
  afterEach(() => {
    for (const name of Object.keys(stored)) Reflect.deleteProperty(stored, name);
    Reflect.deleteProperty(answers, `cloud-credentials-requests-${next}`);
    jest.restoreAllMocks();
  });

  test("declares the same roles as before while the installed release is configured, and does not read a release", async () => {
    running(first);
    const program = await run({ release: first, releaseImage: undefined });
    expect(program.all("command:local:Command").filter(({ name }) => name.startsWith("cloud-credentials-requests"))).toHaveLength(1);
    expect(actionsOf(program)).toEqual([["ec2:DescribeInstances"], ["kms:CreateGrant"]]);
    expect(secretsIn(program)).toBeUndefined();
  });

  test("reads the new release before an update, and gives a role the permissions of both releases", async () => {
    running(first);
    const program = await update();
    const step = program.one("command:local:Command", `cloud-credentials-requests-${next}`);
    expect(step.inputs.environment).toEqual({
      OKD_RELEASE: next,
      OPENSHIFT_INSTALL_RELEASE_IMAGE_OVERRIDE: `quay.io/okd/scos-release:${next}`,
    });
    // The step's name contains the release, so the step runs once per release. No change of its inputs makes it run again.
    expect(step.ignoreChanges).toEqual(expect.arrayContaining(["stdin", "environment", "triggers"]));
    expect(step.inputs.stdin).not.toContain("openshift-install is not on the PATH");
    expect(actionsOf(program)).toEqual([["elasticloadbalancing:DescribeLoadBalancers"], ["kms:CreateGrant"], ["ec2:DescribeInstances"]]);
  });

  test("requests the update after the roles and a secret for each component exist", async () => {
    running(first);
    const program = await update();
    const secrets = secretsIn(program) ?? [];
    expect(secrets.map(({ namespace, name }) => [namespace, name]).sort()).toEqual(requestedSecrets);
    for (const { credentials } of secrets) expect(credentials).toMatch(/^role_arn = arn:stub:cloud-credentials-[a-z-]+-role$/m);
    for (const type of ["aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy"])
      for (const each of program.all(type).filter(({ name }) => name.startsWith("cloud-credentials-")))
        expect([each.name, program.isAfter(release(program), each)]).toEqual([each.name, true]);
  });

  test("reduces the roles to the permissions of the new release when the update is complete", async () => {
    running(next);
    expect(actionsOf(await update())).toEqual([["elasticloadbalancing:DescribeLoadBalancers"], ["kms:CreateGrant"]]);
  });

  test("keeps a role that only the previous release needs until the update is complete", async () => {
    const old: CloudComponent = {
      name: "old",
      secret: { namespace: "openshift-old", name: "keys" },
      serviceAccounts: ["old"],
      request: ["", ""],
    };
    const { cloudComponents: real } =
      jest.requireActual<typeof import("../../ignition/cloud-components")>("../../ignition/cloud-components");
    jest
      .mocked(cloudComponents)
      .mockImplementation((configuration) => [...real(configuration), ...(configuration.release === first ? [old] : [])]);
    const asked = {
      ...decodeFiles(answers["cloud-credentials-requests"]),
      "requests/old.yaml": credentialsRequest("openshift-old", "keys"),
    };
    jest.replaceProperty(answers, "cloud-credentials-requests", encodeFiles(asked));
    const roles = async (...versions: readonly string[]) => {
      running(...versions);
      const program = await update();
      return { names: program.all("aws:iam/role:Role").map(({ name }) => name), secrets: JSON.stringify(secretsIn(program)) };
    };
    const during = await roles(next, first);
    expect(during.names).toContain("cloud-credentials-old-role");
    expect(during.secrets).not.toContain("openshift-old");
    expect((await roles(next)).names).not.toContain("cloud-credentials-old-role");
    jest.mocked(cloudComponents).mockImplementation(real);
  });

  test("keeps the roles while the cluster does not report its release", async () => {
    jest.mocked(askRunningReleases).mockResolvedValue({ failure: "no answer" });
    stored["cloud-credentials-releases"] = { releases: [next, first] };
    expect(actionsOf(await update())).toEqual([
      ["elasticloadbalancing:DescribeLoadBalancers"],
      ["kms:CreateGrant"],
      ["ec2:DescribeInstances"],
    ]);
  });

  test.each<[string, Awaited<ReturnType<typeof askRunningReleases>>, string]>([
    ["the cluster does not answer", { failure: "no answer" }, "(no answer)"],
    ["the cluster's history has no completed update", { releases: [] }, "(the history in its ClusterVersion has no completed update)"],
  ])(
    "warns that a preview may show the deletion of roles that the update keeps, if no release is remembered and %s",
    async (_, answer, reason) => {
      const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue();
      jest.mocked(askRunningReleases).mockResolvedValue(answer);
      stored["cloud-credentials-releases"] = { releases: undefined };
      await update();
      expect(warn.mock.calls.map(([text]) => text)).toContainEqual(
        expect.stringContaining(`it is not known which release the cluster runs ${reason}. So this preview may show the deletion of roles`),
      );
    },
  );

  describe("the provider that remembers the releases for which roles exist", () => {
    type Inputs = Parameters<typeof roleReleasesProvider.create>[0];
    const after = async (before: readonly string[], inputs: Inputs): Promise<readonly string[] | "unchanged"> => {
      const { changes } = (await roleReleasesProvider.diff?.("id", { releases: before }, inputs)) ?? {};
      if (changes !== true) return "unchanged";
      return (await roleReleasesProvider.update?.("id", { releases: before }, inputs))?.outs?.releases ?? [];
    };

    test.each<[string, readonly string[], Inputs, readonly string[] | "unchanged"]>([
      ["an unchanged release", ["b"], { wanted: "b", settled: true }, "unchanged"],
      ["an unchanged release of a cluster that does not answer", ["b"], { wanted: "b", settled: false }, "unchanged"],
      ["the time before an update", ["a"], { wanted: "b", settled: false }, ["b", "a"]],
      ["the time during an update", ["b", "a"], { wanted: "b", settled: false }, "unchanged"],
      ["a second update before the first is complete", ["b", "a"], { wanted: "c", settled: false }, ["c", "b", "a"]],
      ["a complete update", ["b", "a"], { wanted: "b", settled: true }, ["b"]],
      ["an update that was cancelled", ["b", "a"], { wanted: "a", settled: true }, ["a"]],
      ["an older release in the configuration than in the cluster", ["b"], { wanted: "a", settled: false }, ["a", "b"]],
    ])("handles %s", async (_, before, inputs, expected) => {
      expect(await after(before, inputs)).toEqual(expected);
    });

    test.each<[string, Inputs, readonly string[]]>([
      ["a cluster that is being installed", { wanted: "a", settled: true }, ["a"]],
      ["a cluster that was installed before the state recorded its release", { wanted: "a", installed: "a", settled: false }, ["a"]],
      [
        "a cluster that was installed before the state recorded its release and was updated, with the roles of its installation",
        { wanted: "b", installed: "a", settled: false },
        ["b", "a"],
      ],
    ])("creates the right list for %s", async (_, inputs, expected) => {
      expect((await roleReleasesProvider.create(inputs)).outs?.releases).toEqual(expected);
    });
  });
});
