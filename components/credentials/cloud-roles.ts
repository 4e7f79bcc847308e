import * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "../../config/configuration";
import type { CloudComponent } from "../../config/releases/components";
import { mergedRequest, roleTrust } from "../../ignition/cloud-roles";
import type { ComponentCredentialsRequest } from "../../ignition/credentials-requests";
import { serviceAccountRole } from "../iam/service-account-role";
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
  const trust = pulumi
    .all([request, issuer.provider.arn, issuer.url])
    .apply(([asked, arn, url]) => roleTrust(component, asked, { arn, issuer: url }));
  const { role, policy } = serviceAccountRole(
    { role: `${name}-${component.name}-role`, policy: `${name}-${component.name}-policy` },
    {
      naming,
      part: component.name,
      description: `Role of the cluster's secret ${component.secret.namespace}/${component.secret.name}`,
      trust,
      statements: request.apply(({ statements }) => statements),
      permissionsBoundaryArn: configuration.iam.permissionsBoundaryArn,
      parent,
    },
  );
  return { component, arn: role.arn, resources: [role, policy] };
}
