import { execFile } from "node:child_process";
import { createHash, createPublicKey, sign, verify } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { load } from "js-yaml";
import { projectDirectory } from "@okd-aws/sandbox";
import { ensureToolchain } from "@okd-aws/sandbox/toolchain";
import { readBootstrapIgnition, fileIn, type DevStackIgnitionConfig } from "../engine/dev-stack/ignition";
import { testSecrets } from "../engine/dev-stack/secrets";
import { worldwide } from "../engine/kinds";
import { describeTopology } from "../engine/life-cycle";
import { singleNode } from "../engine/single-node";

const run = promisify(execFile);
const region = "us-east-1";
const configuration = {
  ...singleNode,
  clusterName: "sts",
  release: "4.19.0-okd-scos.1",
  releaseImage: "quay.io/okd/scos-release:4.19.0-okd-scos.1",
  // The capabilities of all components with an AWS role except ImageRegistry, so the image registry gets no role. Two capabilities have no AWS
  // role: CloudControllerManager, which every cluster on AWS needs (config/capabilities.ts), and Console, which shows that ClusterVersion also gets
  // a capability without a role.
  baselineCapabilitySet: "None",
  additionalEnabledCapabilities: ["CloudCredential", "CloudControllerManager", "Ingress", "Storage", "MachineAPI", "Console"],
};

const assumeRole = `
credentials = boto3.client("sts").assume_role(RoleArn="arn:aws:iam::123456789012:role/ci", RoleSessionName="run-1")["Credentials"]
print(json.dumps([credentials[name] for name in ("AccessKeyId", "SecretAccessKey", "SessionToken")]))
`;

/** Reads the bucket's documents without credentials, and tries to read another object. */
const readPublicly = `
import botocore
from botocore.config import Config
anyone = boto3.client("s3", config=Config(signature_version=botocore.UNSIGNED))
read = lambda key: anyone.get_object(Bucket=sys.argv[1], Key=key)["Body"].read().decode()
boto3.client("s3").put_object(Bucket=sys.argv[1], Key="other", Body=b"other")
try:
    other = read("other")
except botocore.exceptions.ClientError as error:
    other = error.response["ResponseMetadata"]["HTTPStatusCode"]
boto3.client("s3").delete_object(Bucket=sys.argv[1], Key="other")
print(json.dumps({"discovery": read(".well-known/openid-configuration"), "keys": read("keys.json"), "other": other}))
`;

interface Published {
  readonly discovery: string;
  readonly keys: string;
  /** Content of another object in the bucket, or the HTTP status with which S3 refuses the request. */
  readonly other: string | number;
}

/** A CredentialsRequest of the sandbox's release. */
interface Request {
  readonly kind?: string;
  readonly featureSet?: string;
  readonly secret: readonly [namespace: string, name: string];
  readonly serviceAccounts: readonly string[];
  readonly statements: readonly { effect: string; action: string[]; resource: string; policyCondition?: object }[];
}

const released = JSON.parse(readFileSync(join(projectDirectory, "sandbox", "oc-stand-in", "requests.json"), "utf8")) as Request[];
const requests = released.filter(
  ({ kind, featureSet, secret }) => kind === undefined && featureSet === undefined && secret[0] !== "openshift-image-registry",
);

/** A cluster that CI installs with a role's temporary credentials. The cluster keeps none of these credentials, and has its own roles. */
describeTopology(
  {
    name: "sts",
    prepare: async (topology) => {
      const [AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN] = (await topology.boto(assumeRole)) as string[];
      return { configuration, environment: { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } };
    },
  },
  (standing) => {
    const bucket = () => `${standing().infraId}-oidc`;
    const issuer = () => `https://${bucket()}.s3.${region}.amazonaws.com`;
    const published = async () => (await standing().topology.boto(readPublicly, bucket())) as Published;
    const bootstrap = async () => JSON.parse(await readBootstrapIgnition(standing())) as DevStackIgnitionConfig;
    const roles = () =>
      standing()
        .made(worldwide, "iam/roles")
        .filter(({ Description = "" }) => Description.startsWith("Role of the cluster's secret "));

    test("publishes only the issuer's two documents to people without credentials", async () => {
      const { discovery, keys, other } = await published();
      expect(JSON.parse(discovery)).toMatchObject({ issuer: issuer(), jwks_uri: `${issuer()}/keys.json` });
      expect(keys).not.toContain('"d"');
      expect(other).toBe(403);
    });

    test("publishes the key that verifies the cluster's signatures", async () => {
      const privateKey = fileIn(await bootstrap(), "/opt/openshift/tls/bound-service-account-signing-key.key");
      const { keys } = JSON.parse((await published()).keys) as { keys: readonly { kid: string }[] };
      expect(keys).toHaveLength(1);
      const [{ kid, ...jwk }] = keys;
      const publicKey = createPublicKey({ key: jwk, format: "jwk" });
      expect(verify("RSA-SHA256", Buffer.from("token"), publicKey, sign("RSA-SHA256", Buffer.from("token"), privateKey))).toBe(true);
      const der = publicKey.export({ type: "spki", format: "der" });
      expect(kid).toBe(createHash("sha256").update(der).digest("base64url"));
    });

    test("makes AWS trust the issuer", () => {
      const providers = standing().made(worldwide, "iam/oidc-providers");
      expect(providers.map(({ Url, ClientIDList }) => [Url, [...ClientIDList].sort()])).toEqual([
        [issuer().replace("https://", ""), ["openshift", "sts.amazonaws.com"]],
      ]);
    });

    test("has an OIDC provider that the recovery after a killed update finds, because AWS refuses a second one for the same issuer", async () => {
      const find = `const { AwsAccount } = require("./tools/recovery/account");
        new AwsAccount("${region}").findIdentityProvider("${issuer()}").then(console.log);`;
      const { stdout } = await run(process.execPath, ["-r", "ts-node/register/transpile-only", "-e", find], {
        cwd: projectDirectory,
        env: standing().topology.sandbox.processEnvironment,
      });
      expect(stdout.trim()).toBe(standing().made(worldwide, "iam/oidc-providers")[0].Arn);
    });

    test("gives each component that asks for credentials a role with exactly the requested permissions, for its service accounts only", () => {
      const [{ Arn }] = standing().made(worldwide, "iam/oidc-providers");
      const host = issuer().replace("https://", "");
      const made = roles().map(({ Description, AssumeRolePolicyDocument, InlinePolicies }) => [
        Description,
        AssumeRolePolicyDocument.Statement,
        Object.values(InlinePolicies).map(({ Statement }) => Statement),
      ]);
      const asked = requests.map(({ secret: [namespace, name], serviceAccounts, statements }) => [
        `Role of the cluster's secret ${namespace}/${name}`,
        [
          {
            Effect: "Allow",
            Principal: { Federated: Arn },
            Action: "sts:AssumeRoleWithWebIdentity",
            Condition: {
              StringEquals: {
                [`${host}:aud`]: "openshift",
                [`${host}:sub`]: serviceAccounts.map((account) => `system:serviceaccount:${namespace}:${account}`),
              },
            },
          },
        ],
        [
          statements.map(({ effect, action, resource, policyCondition }) => ({
            Effect: effect,
            Action: action,
            Resource: resource,
            ...(policyCondition && { Condition: policyCondition }),
          })),
        ],
      ]);
      // AWS and the inventory return lists in any order.
      expect(sorted(made)).toEqual(sorted(asked));
      expect(made).toHaveLength(5);
    });

    test("installs a secret with its role for each component, and the issuer's name, but no credentials of the deployer", async () => {
      const config = await bootstrap();
      const manifests = (config.storage?.files ?? [])
        .map(({ path }) => path)
        .filter((path) => /^\/opt\/openshift\/(manifests|openshift)\/.*\.ya?ml$/.test(path))
        .map((path) => load(fileIn(config, path)) as Manifest);
      const credentials = manifests.filter(({ kind, stringData }) => kind === "Secret" && stringData?.credentials !== undefined);
      const arns = new Map(roles().map(({ Description = "", Arn }) => [Description.replace("Role of the cluster's secret ", ""), Arn]));
      expect(
        Object.fromEntries(credentials.map(({ metadata, stringData }) => [`${metadata.namespace}/${metadata.name}`, roleIn(stringData)])),
      ).toEqual(
        Object.fromEntries(requests.map(({ secret: [namespace, name] }) => [`${namespace}/${name}`, arns.get(`${namespace}/${name}`)])),
      );
      const of = (kind: string) => manifests.filter((manifest) => manifest.kind === kind).map(({ spec }) => spec);
      expect(of("Authentication")).toEqual([{ serviceAccountIssuer: issuer() }]);
      // The bootstrap instance takes the credentials mode for the cloud credential operator from the install-config in the ConfigMap
      // `cluster-config-v1` (openshift/cloud-credential-operator, `pkg/cmd/render`).
      const installConfig = manifests.find(({ metadata }) => metadata.name === "cluster-config-v1")?.data?.["install-config"];
      expect(load(installConfig ?? "")).toMatchObject({ credentialsMode: "Manual" });
      expect(of("ClusterVersion")).toMatchObject([
        { capabilities: { additionalEnabledCapabilities: configuration.additionalEnabledCapabilities, baselineCapabilitySet: "None" } },
      ]);
      expect(manifests.filter(({ metadata }) => metadata.namespace === "kube-system" && metadata.name === "aws-creds")).toEqual([]);
      expect(fileIn(config, "/opt/openshift/manifests/cluster-authentication-02-config.yaml")).toContain(issuer());
    });

    test("boots from a valid ignition config", async () => {
      const file = join(standing().topology.sandbox.directory, "bootstrap.ign");
      writeFileSync(file, await readBootstrapIgnition(standing()), { mode: 0o600 });
      const { tools } = await ensureToolchain(["ignition-validate"]);
      await run(tools["ignition-validate"], [file]).finally(() => {
        writeFileSync(file, "");
      });
    });

    describe("the secrets of the cluster", () => {
      testSecrets(standing);
    });

    test("shows no change in a preview with the access key of another deployer", async () => {
      const { topology } = standing();
      topology.environment = {};
      await topology.expectNoChanges();
    });

    test("refuses another credentials mode", async () => {
      const { topology } = standing();
      await topology.configure({ ...configuration, credentialsMode: "mint" });
      const { code, stdout, stderr } = await topology.run(["preview"]);
      await topology.configure(configuration);
      expect(code).not.toBe(0);
      expect(stdout + stderr).toContain("credentialsMode can't become mint: the cluster was installed with manual");
    });
  },
);

interface Manifest {
  readonly kind?: string;
  readonly metadata: { readonly namespace?: string; readonly name?: string };
  readonly spec?: object;
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
}

function roleIn(data: Manifest["stringData"]): string | undefined {
  return /^role_arn = (.+)$/m.exec(data?.credentials ?? "")?.[1];
}

/** A value with every list sorted. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted).sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]): [string, unknown] => [key, sorted(item)])
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}
