import { isDeepStrictEqual } from "node:util";
import type { CloudComponent } from "../config/releases/components";
import { toYaml } from "../lib/yaml";
import type { ComponentCredentialsRequest } from "./credentials-requests";
import type { Manifests } from "./manifests";
import { tokenAudiences } from "./token-issuer";

/**
 * Permissions of a role that components of several releases may assume: every statement that one of the releases requests, once. If the
 * other releases request nothing more, the result equals the first release's request.
 */
export function mergedRequest([first, ...others]: readonly [
  ComponentCredentialsRequest,
  ...ComponentCredentialsRequest[],
]): ComponentCredentialsRequest {
  const statements = [...first.statements];
  for (const statement of others.flatMap((request) => request.statements)) {
    if (!statements.some((each) => isDeepStrictEqual(each, statement))) statements.push(statement);
  }
  const serviceAccounts = [...new Set([first, ...others].flatMap((request) => request.serviceAccounts))];
  return { statements, serviceAccounts, tokenPath: first.tokenPath };
}

/** The policy of a component's role: exactly the release's statements. */
export function rolePolicy({ statements }: Pick<ComponentCredentialsRequest, "statements">): object {
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

/** The identity provider of the cluster's tokens. */
interface IdentityProvider {
  readonly arn: string;
  /** The issuer's URL. */
  readonly issuer: string;
}

/** Trust policy of a component's role: trusts only the component's service accounts, with this cluster's tokens for components. */
export function roleTrust(
  { secret }: CloudComponent,
  { serviceAccounts }: ComponentCredentialsRequest,
  provider: IdentityProvider,
): object {
  return serviceAccountTrust({ namespace: secret.namespace, accounts: serviceAccounts, audience: tokenAudiences.components }, provider);
}

/** Service accounts of one namespace, with tokens for one audience. */
export interface TrustedAccounts {
  readonly namespace: string;
  readonly accounts: readonly string[];
  readonly audience: string;
}

/** Trust policy of a role: trusts only these service accounts of one namespace, with this cluster's tokens for one audience. */
export function serviceAccountTrust({ namespace, accounts, audience }: TrustedAccounts, provider: IdentityProvider): object {
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
            [`${host}:aud`]: audience,
            [`${host}:sub`]: accounts.map((account) => `system:serviceaccount:${namespace}:${account}`),
          },
        },
      },
    ],
  };
}

/**
 * An AWS configuration file that names a component's role; it contains no secrets.
 *
 * @param region for components that set no region themselves: the region whose endpoint of STS they use; default: none in the file
 */
export function roleCredentials({ tokenPath }: Pick<ComponentCredentialsRequest, "tokenPath">, roleArn: string, region?: string): string {
  return [
    "[default]",
    "sts_regional_endpoints = regional",
    ...(region === undefined ? [] : [`region = ${region}`]),
    `role_arn = ${roleArn}`,
    `web_identity_token_file = ${tokenPath}`,
    "",
  ].join("\n");
}

/** The Secret from which a component learns its role, as a file for openshift-install's asset directory. */
export function roleSecret({ name, secret }: CloudComponent, request: ComponentCredentialsRequest, roleArn: string): Manifests {
  return {
    [`manifests/99_okd-aws_cloud-credentials_${name}.yaml`]: toYaml({
      apiVersion: "v1",
      kind: "Secret",
      type: "Opaque",
      metadata: secret,
      stringData: { credentials: roleCredentials(request, roleArn) },
    }),
  };
}

/** Sets the issuer of the cluster's tokens. The bootstrap instance reads the file under this name (openshift/installer, `bootkube.sh`). */
export function authenticationManifest(issuer: string): Manifests {
  return {
    "manifests/cluster-authentication-02-config.yaml": toYaml({
      apiVersion: "config.openshift.io/v1",
      kind: "Authentication",
      metadata: { name: "cluster" },
      spec: { serviceAccountIssuer: issuer },
    }),
  };
}

/** Path at which openshift-install looks for the key that signs the tokens (openshift/installer, `pkg/asset/tls/boundsasigningkey.go`). */
export const signingKeyFile = "tls/bound-service-account-signing-key.key";
