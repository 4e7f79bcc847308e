import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { rolePolicy, serviceAccountTrust, type TrustedAccounts } from "../../ignition/cloud-roles";
import type { StatementEntry } from "../../ignition/credentials-requests";
import type { TokenIssuer } from "../credentials/token-issuer";
import type { Naming } from "../naming";

export interface ServiceAccountRoleArgs {
  readonly naming: Naming;
  /** Part of the names in AWS: `<infraID>-<part>-role` and `-policy`. */
  readonly part: string;
  readonly description: string;
  /** The trust policy, which names the service accounts. */
  readonly trust: pulumi.Output<object>;
  readonly statements: pulumi.Output<readonly StatementEntry[]>;
  readonly permissionsBoundaryArn?: string | undefined;
  readonly parent: pulumi.Resource;
}

/**
 * An IAM role that service accounts of the cluster assume, with its policy.
 *
 * @param names names of the two resources
 */
export function serviceAccountRole(
  names: { readonly role: string; readonly policy: string },
  { naming, part, description, trust, statements, permissionsBoundaryArn, parent }: ServiceAccountRoleArgs,
): { readonly role: aws.iam.Role; readonly policy: aws.iam.RolePolicy } {
  // Names are unique in the account: the old role must be deleted before its replacement is created.
  const named = { parent, deleteBeforeReplace: true };
  const role = new aws.iam.Role(
    names.role,
    {
      name: naming.name(`${part}-role`),
      description,
      assumeRolePolicy: pulumi.jsonStringify(trust),
      permissionsBoundary: permissionsBoundaryArn,
      tags: naming.tags(`${part}-role`),
    },
    named,
  );
  const document = pulumi.jsonStringify(statements.apply((all) => rolePolicy({ statements: all })));
  const policy = new aws.iam.RolePolicy(names.policy, { name: naming.name(`${part}-policy`), role: role.name, policy: document }, named);
  return { role, policy };
}

export interface ServiceRoleArgs extends Omit<ServiceAccountRoleArgs, "trust"> {
  /** The cluster's OIDC issuer. */
  readonly issuer: TokenIssuer;
  /** The service accounts that assume the role. */
  readonly accounts: TrustedAccounts;
}

/** The role of a service on the cluster. @returns its ARN, which is known once the role has its policy */
export function serviceRoleArn(name: string, { issuer, accounts, ...args }: ServiceRoleArgs): pulumi.Output<string> {
  const trust = pulumi.all([issuer.provider.arn, issuer.url]).apply(([arn, url]) => serviceAccountTrust(accounts, { arn, issuer: url }));
  const { role, policy } = serviceAccountRole({ role: `${name}-role`, policy: `${name}-role-policy` }, { ...args, trust });
  return pulumi.all([role.arn, policy.id]).apply(([arn]) => arn);
}
