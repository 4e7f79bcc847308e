/** An installation that runs on the installer host. program.ts lists the facts that this kind of test cannot prove. */
import { load } from "js-yaml";
import { devStack } from "./configurations";
import { type Declared, type AwsAnswers, Program } from "./program";
import { utils } from "ssh2";
import { ed25519Pair } from "../../components/ssh-key-pair";

// test/unit/components/installer/deployer-credentials.test.ts tests the answers of STS.
jest.mock("../../components/installer/deployer-credentials", () => ({
  deployerCredentials: (_region: string, access: string) =>
    Promise.resolve({ AWS_SECRET_ACCESS_KEY: access === "permanent" ? "hunter2" : "of the session" }),
}));

const image = "ami-0123456789abcdef0";
const bastion = {
  installerHostAccess: "bastion",
  bastionHost: "bastion.example.com:2200",
  bastionUser: "ec2-user",
  bastionHostKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKBHqpljB8DRpyoEzPSTrQ21nPSLuspdsQLpT6T0f8br root@bastion",
  bastionPrivateKey: ed25519Pair(utils).private,
};
const overSsh = (changes: Readonly<Record<string, unknown>> = {}) =>
  devStack({ installerHost: true, executor: "ssh", installerHostImageId: image, ...changes });
const run = (changes: Readonly<Record<string, unknown>> = {}, found: AwsAnswers = {}) =>
  Program.run(overSsh(changes), found, ["okd-aws:bastionPrivateKey", "okd-aws:sshPrivateKey"]);

const remote = (program: Program) => program.all("command:remote:Command");
const health = (program: Program) => program.one("command:remote:Command", "installer-host-health");
const connectionOf = ({ inputs }: Declared) => inputs.connection as Record<string, unknown>;
const ssh = (program: Program) =>
  program
    .all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    .filter(({ name, inputs }) => name.startsWith("installer-host-") && inputs.fromPort === 22)
    .map(({ inputs }) => inputs.cidrIpv4);
const unitsOf = (program: Program) => {
  const { inputs } = program.one("aws:s3/bucketObject:BucketObject", "installer-host-ignition-installer-host.ign");
  return (load(inputs.content as string) as { systemd: { units: { name: string }[] } }).systemd.units.map(({ name }) => name);
};

const before = { ...process.env };
beforeAll(() => {
  process.env.AWS_ACCESS_KEY_ID = "AKIAEXAMPLE";
  process.env.AWS_SECRET_ACCESS_KEY = "hunter2";
});
afterAll(() => {
  process.env = before;
});

describe("an installation over SSH", () => {
  let program: Program;
  beforeAll(async () => {
    program = await run();
  });

  test("runs every step on the installer host, after the step that waits for its health", () => {
    const names = remote(program).map(({ name }) => name);
    expect(names.sort()).toEqual([
      "bootstrap-complete",
      "certificate-approver-token",
      "install-complete",
      "installation-ignition",
      "installation-manifests",
      "installation-stream",
      "installer-host-health",
    ]);
    expect(program.all("command:local:Command").filter(({ name }) => names.includes(name))).toEqual([]);
    const waiting = remote(program).filter(({ name }) => name !== "installer-host-health");
    expect(waiting.filter((step) => !program.isAfter(step, health(program)))).toEqual([]);
    expect(health(program).inputs.stdin).toContain("sudo /usr/local/bin/okd-health tools 1200");
    expect(health(program).inputs.triggers).toEqual(["installer-host-machine-id"]);
  });

  test("starts after the installer host exists, which boots from its own AMI, while all other instances boot from the release's AMI", () => {
    const host = program.one("aws:ec2/instance:Instance", "installer-host-machine");
    expect(host.inputs.ami).toBe(image);
    expect(remote(program).filter((step) => program.isAfter(host, step) || !program.isAfter(step, host))).toEqual([]);
    const others = program.all("aws:ec2/instance:Instance").filter(({ name }) => name !== host.name);
    expect(others.map(({ inputs }) => inputs.ami)).toEqual(Array(7).fill("ami-x86_64-us-east-1"));
  });

  test("logs in as core at the public address, with the generated key, and knows the host by the key that the host published", () => {
    for (const step of remote(program)) {
      expect([step.name, connectionOf(step)]).toEqual([
        step.name,
        expect.objectContaining({
          host: "public address of installer-host-address",
          port: 22,
          user: "core",
          privateKey: "stub-private-key",
          hostKey: "ecdsa-sha2-nistp256 AAAA",
        }),
      ]);
      expect(step.readable.connection).toBe("[secret]");
    }
    expect(ssh(program)).toEqual(["198.51.100.0/24"]);
  });

  test("passes the deployer's AWS credentials, as a secret, only to the steps that call AWS", () => {
    const given = remote(program).filter(({ inputs }) => (inputs.stdin as string).includes("export AWS_SECRET_ACCESS_KEY='hunter2'"));
    expect(given.map(({ name }) => name).sort()).toEqual(["installation-ignition", "installation-manifests"]);
    expect(JSON.stringify(program.resources.map(({ readable }) => readable))).not.toContain("hunter2");
  });

  test("passes temporary AWS credentials instead of the deployer's access key if the cluster does not need that key (manual mode), so that the state contains no permanent key", async () => {
    const manual = await run({ credentialsMode: "manual" });
    const holding = (text: string) =>
      manual.resources
        .filter(({ inputs }) => JSON.stringify(inputs).includes(text))
        .map(({ name }) => name)
        .sort();
    expect([holding("of the session"), holding("hunter2")]).toEqual([["installation-ignition", "installation-manifests"], []]);
  });

  test("runs no step again for any change after instances have booted", async () => {
    const booted = await run({}, { "aws:ec2/getInstances:getInstances": () => ({ ids: ["i-1"] }) });
    const frozen = remote(booted).filter(({ ignoreChanges }) => ignoreChanges.includes("stdin") && ignoreChanges.includes("connection"));
    expect(frozen.map(({ name }) => name).sort()).toEqual([
      "certificate-approver-token",
      "installation-ignition",
      "installation-manifests",
      "installation-stream",
    ]);
  });
});

test("an installation through a bastion dials the private address, and the host allows SSH from the machine network", async () => {
  const program = await run(bastion);
  expect(connectionOf(health(program))).toMatchObject({
    host: "private address of installer-host-machine",
    port: 22,
    proxy: { host: "bastion.example.com", port: 2200, user: "ec2-user", privateKey: bastion.bastionPrivateKey },
  });
  expect(ssh(program).sort()).toEqual(["10.0.0.0/16", "198.51.100.0/24"]);
  expect(unitsOf(program)).not.toContain("okd-session-manager.service");
});

test("an installation through a forwarded port dials this computer, the host runs the Systems Manager agent, and no rule opens SSH", async () => {
  const program = await run({ installerHostAccess: "forwarded", forwardedPort: 10022, publish: "Internal", adminCidrs: [] });
  expect(connectionOf(health(program))).toMatchObject({ host: "127.0.0.1", port: 10022, hostKey: "ecdsa-sha2-nistp256 AAAA" });
  expect(ssh(program)).toEqual([]);
  expect(unitsOf(program)).toContain("okd-session-manager.service");
  const { policy } = program.one("aws:iam/rolePolicy:RolePolicy", "installer-host-role-policy").inputs;
  expect(policy).toContain("ssmmessages:OpenDataChannel");
});

test("an installation over SSH uses a key of the user, and does not show it", async () => {
  const pair = ed25519Pair(utils);
  const program = await run({ sshPublicKey: pair.public, sshPrivateKey: pair.private });
  expect(connectionOf(health(program)).privateKey).toBe(pair.private);
  expect(program.all("pulumi-nodejs:dynamic/okd:GeneratedSshKey")).toEqual([]);
  expect(Object.keys(program.outputs)).not.toContain("sshPrivateKey");
});

test("with installerHostImageId the installer host is created from this image, also with executor local", async () => {
  const program = await Program.run(devStack({ installerHost: true, installerHostImageId: image }));
  expect(program.one("aws:ec2/instance:Instance", "installer-host-machine").inputs.ami).toBe(image);
  expect(remote(program)).toEqual([]);
});

test.each([
  [
    "that does not exist",
    () => Promise.reject(Object.assign(new Error(), { details: "Your query returned no results. Please change your search criteria." })),
  ],
  ["for another processor", () => ({ architecture: "arm64" })],
])("an image %s is refused before any resource is declared", async (_, answer) => {
  const found = { "aws:ec2/getAmi:getAmi": answer } as unknown as AwsAnswers;
  const { message, declared } = await Program.refusal(overSsh(), found);
  expect(message).toContain(`installerHostImageId names ${image}, which does not exist, or is not for x86_64`);
  expect(message).toContain("an image in us-east-1 that the credentials may use, for x86_64");
  expect(declared.filter((urn) => urn.includes("instance:Instance"))).toEqual([]);
});
