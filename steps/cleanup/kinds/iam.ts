import {
  DeleteAccessKeyCommand,
  DeleteInstanceProfileCommand,
  DeleteOpenIDConnectProviderCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  DetachGroupPolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  ListOpenIDConnectProvidersCommand,
  ListOpenIDConnectProviderTagsCommand,
  paginateListAccessKeys,
  paginateListAttachedRolePolicies,
  paginateListAttachedUserPolicies,
  paginateListEntitiesForPolicy,
  paginateListInstanceProfiles,
  paginateListInstanceProfilesForRole,
  paginateListInstanceProfileTags,
  paginateListPolicies,
  paginateListPolicyTags,
  paginateListPolicyVersions,
  paginateListRolePolicies,
  paginateListRoles,
  paginateListRoleTags,
  paginateListUserPolicies,
  paginateListUsers,
  paginateListUserTags,
  RemoveRoleFromInstanceProfileCommand,
} from "@aws-sdk/client-iam";
import { filterBy } from "../batches";
import { type AwsTag, isOwned, type ResourceKind, type CleanupContext } from "../resource-kind";
import { collectPages } from "../../../lib/aws/pages";

/** Selects the resources that the cluster owns. IAM's lists contain no tags, so the tags are read for each resource. */
async function filterOwned(context: CleanupContext, ids: readonly string[], tagsOf: (id: string) => Promise<readonly AwsTag[]>) {
  const found = await filterBy(ids, async (id) => {
    try {
      return isOwned(await tagsOf(id), context.target);
    } catch (error) {
      if (error instanceof Error && error.name.startsWith("NoSuchEntity")) return false; // somebody else deleted it meanwhile
      throw error;
    }
  });
  return found.map((id) => ({ id }));
}

/** Users that the cloud credential operator created, with their keys and policies. */
export const users: ResourceKind = {
  name: "IAM users",
  arns: /^arn:[^:]+:iam::\d+:user\//,
  async list(context) {
    const { iam: client } = context.clients;
    const names = (await collectPages(paginateListUsers({ client }, {}), (page) => page.Users)).map(({ UserName = "" }) => UserName);
    return filterOwned(context, names, (UserName) => collectPages(paginateListUserTags({ client }, { UserName }), (page) => page.Tags));
  },
  async remove({ id: UserName }, { clients: { iam: client } }) {
    for (const { AccessKeyId } of await collectPages(paginateListAccessKeys({ client }, { UserName }), (page) => page.AccessKeyMetadata))
      await client.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId }));
    for (const PolicyName of await collectPages(paginateListUserPolicies({ client }, { UserName }), (page) => page.PolicyNames))
      await client.send(new DeleteUserPolicyCommand({ UserName, PolicyName }));
    for (const { PolicyArn } of await collectPages(
      paginateListAttachedUserPolicies({ client }, { UserName }),
      (page) => page.AttachedPolicies,
    ))
      await client.send(new DetachUserPolicyCommand({ UserName, PolicyArn }));
    await client.send(new DeleteUserCommand({ UserName }));
  },
};

/** Roles; they are removed from their instance profiles first. */
export const roles: ResourceKind = {
  name: "IAM roles",
  arns: /^arn:[^:]+:iam::\d+:role\//,
  async list(context) {
    const { iam: client } = context.clients;
    const all = await collectPages(paginateListRoles({ client }, {}), (page) => page.Roles);
    const names = all.filter(({ Path }) => !Path?.startsWith("/aws-service-role/")).map(({ RoleName = "" }) => RoleName);
    return filterOwned(context, names, (RoleName) => collectPages(paginateListRoleTags({ client }, { RoleName }), (page) => page.Tags));
  },
  async remove({ id: RoleName }, { clients: { iam: client } }) {
    const profiles = await collectPages(paginateListInstanceProfilesForRole({ client }, { RoleName }), (page) => page.InstanceProfiles);
    for (const { InstanceProfileName } of profiles)
      await client.send(new RemoveRoleFromInstanceProfileCommand({ RoleName, InstanceProfileName }));
    for (const PolicyName of await collectPages(paginateListRolePolicies({ client }, { RoleName }), (page) => page.PolicyNames))
      await client.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
    for (const { PolicyArn } of await collectPages(
      paginateListAttachedRolePolicies({ client }, { RoleName }),
      (page) => page.AttachedPolicies,
    ))
      await client.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
    await client.send(new DeleteRoleCommand({ RoleName }));
  },
};

/** Instance profiles. */
export const instanceProfiles: ResourceKind = {
  name: "IAM instance profiles",
  arns: /^arn:[^:]+:iam::\d+:instance-profile\//,
  async list(context) {
    const { iam: client } = context.clients;
    const all = await collectPages(paginateListInstanceProfiles({ client }, {}), (page) => page.InstanceProfiles);
    const names = all.map(({ InstanceProfileName = "" }) => InstanceProfileName);
    return filterOwned(context, names, (InstanceProfileName) =>
      collectPages(paginateListInstanceProfileTags({ client }, { InstanceProfileName }), (page) => page.Tags),
    );
  },
  async remove({ id: InstanceProfileName }, { clients: { iam: client } }) {
    const all = await collectPages(paginateListInstanceProfiles({ client }, {}), (page) => page.InstanceProfiles);
    const { Roles = [] } = all.find((profile) => profile.InstanceProfileName === InstanceProfileName) ?? {};
    for (const { RoleName } of Roles) await client.send(new RemoveRoleFromInstanceProfileCommand({ RoleName, InstanceProfileName }));
    await client.send(new DeleteInstanceProfileCommand({ InstanceProfileName }));
  },
};

/** Managed policies; they are detached from users, roles and groups first. */
export const policies: ResourceKind = {
  name: "IAM policies",
  arns: /^arn:[^:]+:iam::\d+:policy\//,
  async list(context) {
    const { iam: client } = context.clients;
    const all = await collectPages(paginateListPolicies({ client }, { Scope: "Local" }), (page) => page.Policies);
    const arns = all.map(({ Arn = "" }) => Arn);
    return filterOwned(context, arns, (PolicyArn) => collectPages(paginateListPolicyTags({ client }, { PolicyArn }), (page) => page.Tags));
  },
  async remove({ id: PolicyArn }, { clients: { iam: client } }) {
    for await (const { PolicyUsers, PolicyRoles, PolicyGroups } of paginateListEntitiesForPolicy({ client }, { PolicyArn })) {
      for (const { UserName } of PolicyUsers ?? []) await client.send(new DetachUserPolicyCommand({ UserName, PolicyArn }));
      for (const { RoleName } of PolicyRoles ?? []) await client.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
      for (const { GroupName } of PolicyGroups ?? []) await client.send(new DetachGroupPolicyCommand({ GroupName, PolicyArn }));
    }
    for (const { VersionId, IsDefaultVersion } of await collectPages(
      paginateListPolicyVersions({ client }, { PolicyArn }),
      (p) => p.Versions,
    ))
      if (IsDefaultVersion !== true) await client.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId }));
    await client.send(new DeletePolicyCommand({ PolicyArn }));
  },
};

/** OIDC identity providers of clusters whose components assume roles. */
export const identityProviders: ResourceKind = {
  name: "IAM identity providers",
  arns: /^arn:[^:]+:iam::\d+:oidc-provider\//,
  async list(context) {
    const { iam } = context.clients;
    const { OpenIDConnectProviderList = [] } = await iam.send(new ListOpenIDConnectProvidersCommand({}));
    const arns = OpenIDConnectProviderList.map(({ Arn = "" }) => Arn);
    return filterOwned(context, arns, async (arn) => {
      const { Tags = [] } = await iam.send(new ListOpenIDConnectProviderTagsCommand({ OpenIDConnectProviderArn: arn }));
      return Tags;
    });
  },
  async remove({ id }, { clients: { iam } }) {
    await iam.send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: id }));
  },
};
