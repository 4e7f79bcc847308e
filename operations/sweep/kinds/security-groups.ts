import {
  DeleteSecurityGroupCommand,
  type EC2Client,
  type IpPermission,
  paginateDescribeSecurityGroups,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroup,
} from "@aws-sdk/client-ec2";
import { collect } from "../batches";
import { clusterTagKey, type Kind, ownedFilter, type SweepTarget, vpcFilter } from "../kind";

/**
 * Groups that the cluster made for its balancers. It also writes rules into its machines' groups, which are `shared`: the
 * rules that name a swept group are revoked there, and nothing else is. A group of somebody else that names one is not
 * touched: AWS then refuses the deletion, and the sweep says so.
 */
export const securityGroups: Kind = {
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

/** Rules of this cluster's groups that name the group; a description of what to revoke contains that source alone. */
async function revokeReferences(id: string, target: SweepTarget, ec2: EC2Client): Promise<void> {
  const ours = [vpcFilter(target), { Name: `tag:${clusterTagKey(target)}`, Values: ["owned", "shared"] }];
  const [ingress, egress] = await Promise.all([
    describe(ec2, [...ours, { Name: "ip-permission.group-id", Values: [id] }]),
    describe(ec2, [...ours, { Name: "egress.ip-permission.group-id", Values: [id] }]),
  ]);
  for (const { GroupId, IpPermissions } of ingress) {
    const permissions = naming(id, IpPermissions);
    if (permissions.length > 0) await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: permissions }));
  }
  for (const { GroupId, IpPermissionsEgress } of egress) {
    const permissions = naming(id, IpPermissionsEgress);
    if (permissions.length > 0) await ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: permissions }));
  }
}

/** The parts of permissions whose source or destination is the group. */
function naming(id: string, permissions: readonly IpPermission[] = []): IpPermission[] {
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
  return collect(paginateDescribeSecurityGroups({ client }, { Filters }), (page) => page.SecurityGroups);
}
