import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "../../config/configuration";
import type { CloudComponent } from "../../config/releases/components";
import { mergedRequest, rolePolicy, roleTrust } from "../../ignition/cloud-roles";
import type { ComponentCredentialsRequest } from "../../ignition/credentials-requests";
import type { Naming } from "../naming";
import type { ReleaseRequests } from "./release-requests";
import type { TokenIssuer } from "./token-issuer";

export interface CloudRolesArgs {
  readonly naming: Naming;
  readonly configuration: Pick<Configuration, "iam">;
  readonly issuer: TokenIssuer;
  /** The releases whose components assume the roles; the configured release comes first. */
  readonly releases: readonly ReleaseRequests[];
  readonly parent: pulumi.Resource;
}

/** The IAM role of a component. */
export interface CloudRole {
  readonly component: CloudComponent;
  readonly arn: pulumi.Output<string>;
  /** Resources that must exist before the component can use the role. */
  readonly resources: readonly pulumi.Resource[];
}

/** Declares a role for each component of the releases. With several releases a role allows what any of them requests. */
export function declareCloudRoles(name: string, args: CloudRolesArgs): readonly CloudRole[] {
  const components = new Map(args.releases.flatMap((release) => release.components.map((each) => [each.name, each] as const)));
  return [...components.values()].map((component) => {
    const asking = args.releases.filter((release) => release.components.some((each) => each.name === component.name));
    const request = pulumi
      .all(asking.map(({ requests }) => requests))
      .apply((all) =>
        mergedRequest(all.map((each) => each[component.name]) as [ComponentCredentialsRequest, ...ComponentCredentialsRequest[]]),
      );
    return declareRole(name, component, request, args);
  });
}

function declareRole(
  name: string,
  component: CloudComponent,
  request: pulumi.Output<ComponentCredentialsRequest>,
  { naming, configuration, issuer, parent }: CloudRolesArgs,
): CloudRole {
  const { provider } = issuer;
  const suffix = `${component.name}-role`;
  const named = { parent, deleteBeforeReplace: true };
  const trust = pulumi
    .all([request, provider.arn, issuer.url])
    .apply(([asked, arn, url]) => roleTrust(component, asked, { arn, issuer: url }));
  const role = new aws.iam.Role(
    `${name}-${suffix}`,
    {
      name: naming.name(suffix),
      description: `Role of the cluster's secret ${component.secret.namespace}/${component.secret.name}`,
      assumeRolePolicy: pulumi.jsonStringify(trust),
      permissionsBoundary: configuration.iam.permissionsBoundaryArn,
      tags: naming.tags(suffix),
    },
    named,
  );
  const policy = new aws.iam.RolePolicy(
    `${name}-${component.name}-policy`,
    { name: naming.name(`${component.name}-policy`), role: role.name, policy: pulumi.jsonStringify(request.apply(rolePolicy)) },
    named,
  );
  return { component, arn: role.arn, resources: [role, policy] };
}
