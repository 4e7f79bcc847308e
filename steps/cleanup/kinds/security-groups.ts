import {
  DeleteSecurityGroupCommand,
  type EC2Client,
  type IpPermission,
  paginateDescribeSecurityGroups,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroup,
} from "@aws-sdk/client-ec2";
import { ownershipTagKey, type ResourceKind, ownedFilter, type CleanupTarget, vpcFilter } from "../resource-kind";
import { collectPages } from "../../../lib/aws/pages";

/**
 * Security groups that the cluster created for its load balancers. The cluster also adds rules to its instances' security groups, which are `shared`: only the
 * rules that refer to a deleted group are revoked there. Other security groups are not changed: if one of them refers to a group of the cluster,
 * AWS refuses the deletion of the cluster's group, and the cleanup reports that.
 */
export const securityGroups: ResourceKind = {
  name: "security groups",
  arns: /^arn:[^:]+:ec2:.*:security-group\//,
  async list({ target, clients: { ec2 } }) {
    return (await describe(ec2, [ownedFilter(target), vpcFilter(target)])).map(({ GroupId = "" }) => ({ id: GroupId }));
  },
  async remove({ id }, { target, clients: { ec2 } }) {
    await revokeReferences(id, target, ec2);
    await ec2.send(new DeleteSecurityGroupCommand({ GroupId: id }));
  },
};

/** Revokes the rules in this cluster's security groups that refer to the group. */
async function revokeReferences(id: string, target: CleanupTarget, ec2: EC2Client): Promise<void> {
  const ours = [vpcFilter(target), { Name: `tag:${ownershipTagKey(target)}`, Values: ["owned", "shared"] }];
  const [ingress, egress] = await Promise.all([
    describe(ec2, [...ours, { Name: "ip-permission.group-id", Values: [id] }]),
    describe(ec2, [...ours, { Name: "egress.ip-permission.group-id", Values: [id] }]),
  ]);
  for (const { GroupId, IpPermissions } of ingress) {
    const permissions = permissionsReferringTo(id, IpPermissions);
    if (permissions.length > 0) await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: permissions }));
  }
  for (const { GroupId, IpPermissionsEgress } of egress) {
    const permissions = permissionsReferringTo(id, IpPermissionsEgress);
    if (permissions.length > 0) await ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: permissions }));
  }
}

/** The parts of permissions whose source or destination is the group. */
function permissionsReferringTo(id: string, permissions: readonly IpPermission[] = []): IpPermission[] {
  return permissions
    .filter(({ UserIdGroupPairs }) => UserIdGroupPairs?.some(({ GroupId }) => GroupId === id))
    .map(({ IpProtocol, FromPort, ToPort }) => ({
      IpProtocol,
      ...(FromPort !== undefined && { FromPort }),
      ...(ToPort !== undefined && { ToPort }),
      UserIdGroupPairs: [{ GroupId: id }],
    }));
}

async function describe(client: EC2Client, Filters: { Name: string; Values: string[] }[]): Promise<SecurityGroup[]> {
  return collectPages(paginateDescribeSecurityGroups({ client }, { Filters }), (page) => page.SecurityGroups);
}
