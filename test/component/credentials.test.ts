/**
 * The cluster's cloud credentials: how the program chooses the mode, and the resources that manual mode declares. program.ts lists the facts that this kind of
 * test cannot prove.
 */
import { createPublicKey } from "node:crypto";
import { load } from "js-yaml";
import * as pulumi from "@pulumi/pulumi";
import { encodeFiles, decodeFiles } from "../../ignition/file-transfer";
import { requestedSecrets } from "../facts/credentials-requests";
import { callerCredentials } from "../../stacks/preflight/caller-credentials";
import { devStack } from "./configurations";
import { differenceFromDevStack } from "./difference";
import { answers, infraId } from "./installer-answers";
import { type Declared, type AwsAnswers, Program, rememberedMode, signingPublicKey } from "./program";

jest.mock("../../stacks/preflight/caller-credentials", () => {
  const real = jest.requireActual<typeof import("../../stacks/preflight/caller-credentials")>("../../stacks/preflight/caller-credentials");
  return { ...real, callerCredentials: jest.fn(real.callerCredentials) };
});

type Keys = Readonly<Record<string, unknown>>;

const run = (changes: Keys = {}, found: AwsAnswers = {}) => Program.run(devStack(changes), found);
const caller = (arn: string): AwsAnswers => ({
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({ arn, accountId: "123456789012" }),
});
const role = caller("arn:aws:sts::123456789012:assumed-role/ci/run-1");
const machines: AwsAnswers = { "aws:ec2/getInstances:getInstances": () => ({ ids: ["i-1"] }) };

/** The files on a step's standard input. */
function given(program: Program, step: string): Record<string, string> {
  const input = program.one("command:local:Command", step).inputs.stdin as string;
  return decodeFiles(input.slice(input.lastIndexOf("\nexit 0\n}\n") + "\nexit 0\n}\n".length));
}

const installConfig = (program: Program) =>
  load(given(program, "installation-manifests")["install-config.yaml"]) as Record<string, unknown>;
const policy = ({ inputs }: Declared, key = "policy") => JSON.parse(inputs[key] as string) as { Statement: Record<string, unknown>[] };

const key = { AWS_ACCESS_KEY_ID: "ASIAEXAMPLE", AWS_SECRET_ACCESS_KEY: "x" };
const before = process.env;
afterEach(() => {
  process.env = before;
});

describe("the credentials mode", () => {
  const modeOf = async (changes: Keys, found: AwsAnswers) => installConfig(await run(changes, found)).credentialsMode;

  test.each<[string, Keys, AwsAnswers, string]>([
    ["mint with a user's access key", {}, {}, "Mint"],
    ["manual with a role's credentials", {}, role, "Manual"],
    ["manual with a federated user's credentials", {}, caller("arn:aws:sts::123456789012:federated-user/me"), "Manual"],
    ["mint for a user whose name looks like a role's", {}, caller("arn:aws:iam::123456789012:user/assumed-role"), "Mint"],
    ["the configured mode", { credentialsMode: "passthrough" }, {}, "Passthrough"],
  ])("is %s", async (_, changes, found, expected) => {
    expect(await modeOf(changes, found)).toBe(expected);
  });

  test("is manual with a user's temporary credentials, which only the session token shows", async () => {
    process.env = { ...before, ...key, AWS_SESSION_TOKEN: "token" };
    expect(await modeOf({}, {})).toBe("Manual");
  });

  test("can't be determined with two sources of credentials, which may belong to two accounts: the program ends before it declares a resource", async () => {
    process.env = { ...before, ...key, AWS_PROFILE: "prod" };
    const { message, declared } = await Program.refusal(devStack());
    expect(message).toContain("AWS_PROFILE is set together with AWS_ACCESS_KEY_ID");
    expect(message).toContain("unset AWS_PROFILE, or unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN");
    expect(declared).toEqual([]);
  });

  test("can't be determined if the program's AWS clients and Pulumi's AWS provider use two accounts: the program ends before it declares a resource", async () => {
    jest.mocked(callerCredentials).mockResolvedValueOnce({ hasToken: true, account: "210987654321" });
    const { message, declared } = await Program.refusal(devStack());
    expect(message).toContain(
      "AWS_PROFILE gives account 210987654321 to this program's AWS clients, but account 123456789012 to Pulumi's AWS provider",
    );
    expect(declared).toEqual([]);
  });

  test("comes with a warning if the credentials may expire before the installation ends, until instances exist", async () => {
    const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue();
    const end = new Date(Date.now() + 600_000).toISOString();
    process.env = { ...before, ...key, AWS_SESSION_TOKEN: "token", AWS_CREDENTIAL_EXPIRATION: end };
    await run();
    expect(warn.mock.calls.map(([text]) => text)).toEqual([expect.stringContaining(`The AWS credentials expire at ${end}`)]);
    warn.mockClear();
    await run({}, machines);
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });

  test("is the mode in the state as soon as instances exist, whatever the credentials are", async () => {
    for (const found of [machines, { ...machines, ...role }]) {
      const program = await run({}, found);
      expect([installConfig(program).credentialsMode, rememberedMode]).toEqual(["Passthrough", "passthrough"]);
      expect(program.all("aws:iam/openIdConnectProvider:OpenIdConnectProvider")).toEqual([]);
    }
  });

  test("is refused if it would give the cluster credentials that expire", async () => {
    const { message, declared } = await Program.refusal(devStack({ credentialsMode: "mint" }), role);
    expect(message).toContain("credentialsMode");
    expect(message).toContain("is mint, but the AWS credentials in use are temporary");
    expect(declared).toEqual([]);
    // An existing cluster does not get the credentials in use: it already has its own.
    await run({ credentialsMode: "passthrough" }, { ...machines, ...role });
  });

  const block = (settings: Readonly<Record<string, boolean>>): AwsAnswers => ({
    "s3control:GetPublicAccessBlock": ({ AccountId }) => {
      expect(AccountId).toBe("123456789012");
      return { PublicAccessBlockConfiguration: settings };
    },
  });
  const everything = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };

  test.each<[string, Keys, AwsAnswers, Readonly<Record<string, boolean>>, string]>([
    ["if configured", { credentialsMode: "manual" }, {}, everything, "is manual\\. .*\\(BlockPublicPolicy, RestrictPublicBuckets\\)"],
    [
      "if a role's credentials require manual mode",
      {},
      role,
      { RestrictPublicBuckets: true },
      "is not set; with temporary credentials this means manual\\. .*\\(RestrictPublicBuckets\\)",
    ],
  ])("cannot be manual, %s, in an account that blocks public buckets", async (_, keys, found, settings, wrong) => {
    const { message, declared } = await Program.refusal(devStack(keys), { ...found, ...block(settings) });
    expect(message).toMatch(new RegExp(`credentialsMode ${wrong}`));
    const change = `BlockPublicAcls=${"BlockPublicAcls" in settings},IgnorePublicAcls=${"IgnorePublicAcls" in settings},BlockPublicPolicy=false`;
    expect(message).toContain(`put-public-access-block --account-id 123456789012 --public-access-block-configuration ${change}`);
    expect(declared).toEqual([]);
  });

  test("can be manual if the account allows public policies, if its setting is missing or not readable, and after instances exist", async () => {
    const refusing = (name: string): AwsAnswers => ({
      "s3control:GetPublicAccessBlock": () => {
        throw Object.assign(new Error("no"), { name });
      },
    });
    const harmless = block({ BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: false });
    for (const found of [harmless, refusing("NoSuchPublicAccessBlockConfiguration"), refusing("AccessDenied")])
      expect(await modeOf({ credentialsMode: "manual" }, found)).toBe("Manual");
    await run({ credentialsMode: "manual" }, { ...machines, ...block(everything) });
    await expect(run({ credentialsMode: "manual" }, refusing("SlowDown"))).rejects.toThrow("no");
  });

  test("makes no request to AWS if the mode is not manual", async () => {
    const asked: string[] = [];
    await run({}, { "s3control:GetPublicAccessBlock": () => (asked.push("block"), {}) });
    expect(asked).toEqual([]);
  });
});

describe("manual mode", () => {
  let program: Program;
  beforeAll(async () => {
    program = await run({ credentialsMode: "manual" });
  });

  test("declares a key, the issuer's bucket with two documents, an OIDC provider, and a role for each component", () => {
    expect(differenceFromDevStack(program)).toEqual({
      SigningKey: 1,
      Bucket: 1,
      BucketPublicAccessBlock: 1,
      BucketOwnershipControls: 1,
      BucketPolicy: 1,
      BucketObject: 2,
      OpenIdConnectProvider: 1,
      Role: requestedSecrets.length,
      RolePolicy: requestedSecrets.length,
      Command: 1,
      RoleReleases: 1,
    });
  });

  test("lets everyone read the two documents, and nothing else", () => {
    const [{ Statement }] = [policy(program.one("aws:s3/bucketPolicy:BucketPolicy", "cloud-credentials-issuer-policy"))];
    const bucket = `arn:aws:s3:::${infraId}-oidc`;
    expect(Statement.filter(({ Effect }) => Effect === "Allow").map(({ Action, Resource }) => [Action, Resource])).toEqual([
      ["s3:GetObject", [`${bucket}/.well-known/openid-configuration`, `${bucket}/keys.json`]],
    ]);
    const documents = program.all("aws:s3/bucketObject:BucketObject").filter(({ name }) => name.startsWith("cloud-credentials-"));
    const url = `https://${infraId}-oidc.s3.us-east-1.amazonaws.com`;
    expect(documents.map(({ inputs }) => inputs.key).sort()).toEqual([".well-known/openid-configuration", "keys.json"]);
    expect(program.one("aws:iam/openIdConnectProvider:OpenIdConnectProvider").inputs).toMatchObject({
      url,
      clientIdLists: ["openshift", "sts.amazonaws.com"],
    });
    // AWS reads the documents when it uses the OIDC provider, so the documents must exist first.
    const provider = program.one("aws:iam/openIdConnectProvider:OpenIdConnectProvider");
    for (const document of documents) expect(program.isAfter(provider, document)).toBe(true);
  });

  test("gives each role the release's permissions, and lets only the component's service accounts assume it", () => {
    const roles = program.all("aws:iam/role:Role").filter(({ name }) => name.startsWith("cloud-credentials-"));
    for (const made of roles) {
      const [namespace] = (made.inputs.description as string).replace("Role of the cluster's secret ", "").split("/");
      const [{ Principal, Condition }] = policy(made, "assumeRolePolicy").Statement;
      expect(Principal).toEqual({ Federated: "arn:stub:cloud-credentials-issuer-provider" });
      expect(Condition).toEqual({
        StringEquals: {
          [`${infraId}-oidc.s3.us-east-1.amazonaws.com:aud`]: "openshift",
          [`${infraId}-oidc.s3.us-east-1.amazonaws.com:sub`]: ["one", "other"].map(
            (account) => `system:serviceaccount:${namespace}:${account}`,
          ),
        },
      });
      const [rights] = program.all("aws:iam/rolePolicy:RolePolicy").filter(({ inputs }) => inputs.role === made.inputs.name);
      expect(policy(rights).Statement.map(({ Action }) => Action)).toEqual([["ec2:DescribeInstances"], ["kms:CreateGrant"]]);
    }
    expect(roles).toHaveLength(requestedSecrets.length);
  });

  test("passes the signing key and the manifests to the installer", () => {
    const files = given(program, "installation-ignition");
    expect(files["tls/bound-service-account-signing-key.key"]).toBe("stub-signing-key");
    const secrets = Object.entries(files)
      .filter(([path]) => path.startsWith("patches/manifests/99_okd-aws_cloud-credentials_"))
      .map(([, text]) => load(text) as { metadata: { namespace: string; name: string }; stringData: { credentials: string } });
    expect(secrets.map(({ metadata }) => [metadata.namespace, metadata.name]).sort()).toEqual(requestedSecrets);
    for (const { stringData } of secrets) expect(stringData.credentials).toMatch(/^role_arn = arn:stub:cloud-credentials-[a-z-]+-role$/m);
    expect(load(files["patches/manifests/cluster-authentication-02-config.yaml"])).toMatchObject({
      spec: { serviceAccountIssuer: `https://${infraId}-oidc.s3.us-east-1.amazonaws.com` },
    });
  });

  test("keeps the private key secret everywhere, and shows the permissions of the components", () => {
    expect(JSON.stringify(program.resources.map(({ readable }) => readable))).not.toContain("stub-signing-key");
    expect(program.one("pulumi-nodejs:dynamic/okd:SigningKey").secretOutputs).toEqual(["privateKey"]);
    const rights = program.all("aws:iam/rolePolicy:RolePolicy").map(({ readable }) => readable.policy);
    expect(rights).not.toContain("[secret]");
    const keys = program.one("aws:s3/bucketObject:BucketObject", "cloud-credentials-issuer-keys.json").readable.content;
    expect(JSON.parse(keys as string)).toMatchObject({ keys: [createPublicKey(signingPublicKey).export({ format: "jwk" })] });
  });

  test("sets the permissions boundary on its roles, and creates no role for a component that the cluster does not have", async () => {
    const boundary = "arn:aws:iam::123456789012:policy/boundary";
    const keys = { baselineCapabilitySet: "None", additionalEnabledCapabilities: ["CloudCredential", "CloudControllerManager", "Ingress"] };
    const whole = decodeFiles(answers["cloud-credentials-requests"]);
    const kept = Object.entries(whole).filter(([path]) => /credential-operator|network-config|ingress/.test(path));
    jest.replaceProperty(answers, "cloud-credentials-requests", encodeFiles(Object.fromEntries(kept)));
    const smaller = await run({ credentialsMode: "manual", permissionsBoundaryArn: boundary, ...keys });
    const roles = smaller.all("aws:iam/role:Role").filter(({ name }) => name.startsWith("cloud-credentials-"));
    expect(roles.map(({ inputs }) => [inputs.name, inputs.permissionsBoundary])).toEqual(
      ["cloud-credential", "cloud-network", "ingress"].map((name) => [`${infraId}-${name}-role`, boundary]),
    );
    jest.restoreAllMocks();
  });
});
