import { dump } from "js-yaml";
import type { CloudComponent } from "../config/releases/components";
import type { CloudRequest } from "./credentials-requests";
import type { Manifests } from "./manifest-patches";
import { tokenAudiences } from "./token-issuer";

/** The policy of a component's role: the release's statements, and nothing else. */
export function rolePolicy({ statements }: CloudRequest): object {
  return {
    Version: "2012-10-17",
    Statement: statements.map(({ effect, action, resource, policyCondition }) => ({
      Effect: effect,
      Action: action,
      Resource: resource,
      ...(policyCondition && { Condition: policyCondition }),
    })),
  };
}

/** Who may assume a component's role: its own service accounts, with tokens of this cluster that are for components. */
export function roleTrust(
  { secret }: CloudComponent,
  { serviceAccounts }: CloudRequest,
  provider: { readonly arn: string; readonly issuer: string },
): object {
  const host = provider.issuer.replace("https://", "");
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Federated: provider.arn },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: {
            [`${host}:aud`]: tokenAudiences.components,
            [`${host}:sub`]: serviceAccounts.map((account) => `system:serviceaccount:${secret.namespace}:${account}`),
          },
        },
      },
    ],
  };
}

/** The secret in which a component finds what role it has, as a file for openshift-install's asset directory. Nothing in it is secret. */
export function roleSecret({ name, secret }: CloudComponent, { tokenPath }: CloudRequest, roleArn: string): Manifests {
  const credentials = [
    "[default]",
    "sts_regional_endpoints = regional",
    `role_arn = ${roleArn}`,
    `web_identity_token_file = ${tokenPath}`,
    "",
  ].join("\n");
  return {
    [`manifests/99_okd-aws_cloud-credentials_${name}.yaml`]: dump({
      apiVersion: "v1",
      kind: "Secret",
      type: "Opaque",
      metadata: secret,
      stringData: { credentials },
    }),
  };
}

/** Tells the cluster under which issuer's name it signs tokens. The bootstrap machine reads the file by this name (openshift/installer, `bootkube.sh`). */
export function authenticationManifest(issuer: string): Manifests {
  return {
    "manifests/cluster-authentication-02-config.yaml": dump({
      apiVersion: "config.openshift.io/v1",
      kind: "Authentication",
      metadata: { name: "cluster" },
      spec: { serviceAccountIssuer: issuer },
    }),
  };
}

/** Where openshift-install looks for the key that signs the tokens (openshift/installer, `pkg/asset/tls/boundsasigningkey.go`). */
export const signingKeyFile = "tls/bound-service-account-signing-key.key";
