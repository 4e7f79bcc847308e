/** The documents of credentialsMode manual, which AWS, the installer and the cluster's components read. */
import { createPublicKey, createVerify, generateKeyPairSync, sign } from "node:crypto";
import { load } from "js-yaml";
import { parseConfiguration } from "../../../config/parse";
import { cloudComponents, manifestSelectionConfig } from "../../../ignition/cloud-components";
import { authenticationManifest, mergedRequest, rolePolicy, roleSecret, roleTrust } from "../../../ignition/cloud-roles";
import { requestsByComponent } from "../../../ignition/credentials-requests";
import { discoveryDocument, keySet } from "../../../ignition/token-issuer";
import { credentialsRequest, requestedSecrets } from "../../facts/credentials-requests";
import { withKeys } from "../config/fixture";

const issuer = "https://dev-x7k2q-oidc.s3.us-east-1.amazonaws.com";
const NEEDED = ["CloudCredential", "Ingress", "CloudControllerManager"];

const componentsOf = (keys: Readonly<Record<string, unknown>>) =>
  cloudComponents(parseConfiguration(withKeys(keys))).map(({ name }) => name);

describe("the issuer of service account tokens", () => {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const spki = publicKey.export({ type: "spki", format: "pem" }).toString();

  test("has an OpenID Connect discovery document, with its keys below its own URL", () => {
    expect(JSON.parse(discoveryDocument(issuer))).toMatchObject({
      issuer,
      jwks_uri: `${issuer}/keys.json`,
      response_types_supported: ["id_token"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["RS256"],
    });
  });

  test("publishes the public key of the cluster's signing key, and nothing of the private key", () => {
    const { keys } = JSON.parse(keySet(spki)) as { keys: readonly Record<string, string>[] };
    expect(keys.map((key) => Object.keys(key).sort())).toEqual([["alg", "e", "kid", "kty", "n", "use"]]);
    const [{ kid, alg, use, ...jwk }] = keys;
    const verifier = createVerify("RSA-SHA256").update("a token");
    expect(verifier.verify(createPublicKey({ key: jwk, format: "jwk" }), sign("RSA-SHA256", Buffer.from("a token"), privateKey))).toBe(
      true,
    );
    expect([alg, use]).toEqual(["RS256", "sig"]);
    expect(kid).toMatch(/^[\w-]{43}$/);
  });

  test("names the key as Kubernetes does, by the digest of its DER form", () => {
    const fixed = `-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDOVLQoIeXj0clCpLhAOJrzBFHs
ZBy8IwfPAxf6LTtTsfZLAf8q5qiVldZI9hkfG9sA14QJ7xxKC0n/NEPaEUESB9GT
NGvWyANDXx/ostu1ukCaq7T7zWTDm3WCij94oja0HkLm8krm82jz1OsZrl28y9y6
WEdXWQng2xOcganhCwIDAQAB
-----END PUBLIC KEY-----
`;
    const { keys } = JSON.parse(keySet(fixed)) as { keys: readonly { kid: string }[] };
    // openssl pkey -pubin -outform DER | openssl dgst -sha256 -binary | basenc --base64url
    expect(keys[0].kid).toBe("UVIc7YX1O7qzul7PObe6eqjbw0dyH3uQ1kJ_PTv6Dic");
  });
});

describe("the cluster's components that call AWS", () => {
  test("are those of the release, in a cluster with all capabilities", () => {
    const secrets = cloudComponents(parseConfiguration(withKeys({}))).map(({ secret }) => [secret.namespace, secret.name]);
    expect(secrets.sort()).toEqual(requestedSecrets);
  });

  test("have different names that are short enough for the names of their roles and policies", () => {
    const names = componentsOf({});
    expect(new Set(names).size).toBe(requestedSecrets.length);
    // AWS allows 64 characters; an infraID has up to 27.
    for (const name of names) expect(`${"x".repeat(27)}-${name}-policy`.length).toBeLessThanOrEqual(64);
  });

  test("are fewer without optional capabilities, because the namespaces of these capabilities are missing, too", () => {
    expect(componentsOf({ baselineCapabilitySet: "None", additionalEnabledCapabilities: NEEDED })).toEqual([
      "cloud-credential",
      "cloud-network",
      "ingress",
    ]);
    expect(componentsOf({ baselineCapabilitySet: "None", additionalEnabledCapabilities: [...NEEDED, "Storage"] })).toContain(
      "ebs-csi-driver",
    );
  });

  test("include the components that an older release cannot disable", () => {
    const pullSecret = JSON.stringify({
      auths: Object.fromEntries(["cloud.openshift.com", "quay.io", "registry.redhat.io"].map((host) => [host, { auth: "dXNlcjpwYXNz" }])),
    });
    const old = { distribution: "openshift", release: "4.14.9", pullSecret, baselineCapabilitySet: "None" };
    expect(componentsOf(old)).toEqual(["cloud-credential", "cloud-network", "ingress"]);
  });

  test("are selected by oc with the capabilities and the platform of the install-config", () => {
    const configuration = parseConfiguration(withKeys({ baselineCapabilitySet: "v4.18" }));
    expect(load(manifestSelectionConfig(configuration))).toEqual({
      apiVersion: "v1",
      metadata: { name: "dev" },
      platform: { aws: { region: "us-east-1" } },
      capabilities: { baselineCapabilitySet: "v4.18", additionalEnabledCapabilities: [] },
    });
  });
});

describe("the CredentialsRequests of the release", () => {
  const [ingress] = cloudComponents(parseConfiguration(withKeys({}))).filter(({ name }) => name === "ingress");
  const asked = credentialsRequest("openshift-ingress-operator", "cloud-credentials");

  test("give a component's permissions, service accounts and token path", () => {
    expect(requestsByComponent([ingress], { "ingress.yaml": asked })).toEqual({
      ingress: {
        statements: [
          { effect: "Allow", action: ["ec2:DescribeInstances"], resource: "*" },
          { effect: "Allow", action: ["kms:CreateGrant"], resource: "*", policyCondition: { Bool: { "kms:GrantIsForAWSResource": true } } },
        ],
        serviceAccounts: ["one", "other"],
        tokenPath: "/var/run/secrets/openshift/serviceaccount/token",
      },
    });
  });

  test("are read only if they are for AWS; other objects in the files are ignored", () => {
    const gcp = asked.replace("AWSProviderSpec", "GCPProviderSpec");
    expect(
      Object.keys(requestsByComponent([ingress], { "all.yaml": `${gcp}---\n${asked}---\n`, "other.yaml": "kind: ConfigMap\n" })),
    ).toEqual(["ingress"]);
  });

  test.each<[string, Readonly<Record<string, string>>, RegExp]>([
    ["lack one", {}, /does not request openshift-ingress-operator\/cloud-credentials, for which there is a role/],
    [
      "have one more",
      { "a.yaml": asked, "b.yaml": credentialsRequest("openshift-new", "keys") },
      /requests the secret openshift-new\/keys, for which there is no role\. Install a release/,
    ],
    [
      "name no service account, which would trust every account of the cluster",
      { "a.yaml": asked.replace(/serviceAccountNames.*/, "") },
      /no service account/,
    ],
    ["name no permission", { "a.yaml": asked.replace("statementEntries", "predefinedRoles") }, /no permission/],
  ])("are refused when they %s", (_, files, error) => {
    expect(() => requestsByComponent([ingress], files)).toThrow(error);
  });

  const request = requestsByComponent([ingress], { "ingress.yaml": asked }).ingress;

  test("for a feature that is off by default are left out, even if an older oc lists them", () => {
    const components = cloudComponents(parseConfiguration(withKeys({})));
    const secrets = [...requestedSecrets, ["openshift-cluster-api", "capa-manager-bootstrap-credentials"] as const];
    const files = Object.fromEntries(secrets.map(([namespace, name]) => [`${namespace}.yaml`, credentialsRequest(namespace, name)]));
    expect(Object.keys(requestsByComponent(components, files)).sort()).toEqual(components.map(({ name }) => name).sort());
    const unknown = { "other.yaml": credentialsRequest("openshift-other", "cloud-credentials") };
    expect(() => requestsByComponent(components, { ...files, ...unknown })).toThrow(
      /requests the secret openshift-other\/cloud-credentials, for which there is no role\. Install a release from 4\.14 to 4\.22, or/,
    );
  });

  test("become an IAM policy with exactly their statements", () => {
    expect(rolePolicy(request)).toEqual({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Action: ["ec2:DescribeInstances"], Resource: "*" },
        { Effect: "Allow", Action: ["kms:CreateGrant"], Resource: "*", Condition: { Bool: { "kms:GrantIsForAWSResource": true } } },
      ],
    });
  });

  test("of two releases are merged with the permissions of both; equal requests keep the token path of the first", () => {
    const [statement, other] = request.statements;
    const next = {
      statements: [other, { ...statement, action: ["ec2:CreateTags"] }],
      serviceAccounts: ["other", "third"],
      tokenPath: "/new",
    };
    expect(mergedRequest([request, { ...request, tokenPath: "/old" }])).toEqual(request);
    expect(mergedRequest([next, request])).toEqual({
      statements: [...next.statements, statement],
      serviceAccounts: ["other", "third", "one"],
      tokenPath: "/new",
    });
  });

  test("become a role trust policy for their service accounts and this issuer only", () => {
    expect(roleTrust(ingress, request, { arn: "arn:provider", issuer })).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Federated: "arn:provider" },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: {
            StringEquals: {
              "dev-x7k2q-oidc.s3.us-east-1.amazonaws.com:aud": "openshift",
              "dev-x7k2q-oidc.s3.us-east-1.amazonaws.com:sub": [
                "system:serviceaccount:openshift-ingress-operator:one",
                "system:serviceaccount:openshift-ingress-operator:other",
              ],
            },
          },
        },
      ],
    });
  });

  test("become the Secret that the component reads, with role and token path", () => {
    const [[path, text]] = Object.entries(roleSecret(ingress, request, "arn:role"));
    expect(path).toBe("manifests/99_okd-aws_cloud-credentials_ingress.yaml");
    expect(load(text)).toEqual({
      apiVersion: "v1",
      kind: "Secret",
      type: "Opaque",
      metadata: { namespace: "openshift-ingress-operator", name: "cloud-credentials" },
      stringData: {
        credentials:
          "[default]\nsts_regional_endpoints = regional\nrole_arn = arn:role\nweb_identity_token_file = /var/run/secrets/openshift/serviceaccount/token\n",
      },
    });
  });
});

test("the cluster's Authentication manifest has the issuer's URL", () => {
  const [[path, text]] = Object.entries(authenticationManifest(issuer));
  expect(path).toBe("manifests/cluster-authentication-02-config.yaml");
  expect(load(text)).toMatchObject({ kind: "Authentication", metadata: { name: "cluster" }, spec: { serviceAccountIssuer: issuer } });
});
