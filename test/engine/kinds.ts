import type {
  Address,
  Image,
  Instance,
  NatGateway,
  NetworkInterface,
  SecurityGroup,
  SecurityGroupRule,
  Subnet,
  Volume,
  Vpc,
  VpcEndpoint,
} from "@aws-sdk/client-ec2";
import type {
  Listener,
  LoadBalancer,
  LoadBalancerAttribute,
  Tag,
  TargetDescription,
  TargetGroup,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AccessPointDescription, FileSystemDescription, MountTargetDescription } from "@aws-sdk/client-efs";
import type { HostedZone, ResourceRecordSet } from "@aws-sdk/client-route-53";
import type { Inventory } from "@okd-aws/sandbox/aws";

/** A load balancer with its listeners and target groups, as the inventory lists it. */
export interface ListedBalancer extends LoadBalancer {
  readonly Attributes: readonly LoadBalancerAttribute[];
  readonly Listeners: readonly Listener[];
  readonly Tags: Tag[];
}

export interface ListedTargetGroup extends TargetGroup {
  readonly Attributes: readonly LoadBalancerAttribute[];
  readonly Targets: readonly TargetDescription[];
}

export interface ListedZone extends HostedZone {
  readonly Records: readonly ResourceRecordSet[];
  readonly VPCs: readonly { readonly VPCId: string }[];
}

export interface ListedBucket {
  readonly Name: string;
  readonly Objects: readonly { readonly Key: string }[];
  readonly Encryption: { readonly ServerSideEncryptionConfiguration: { readonly Rules: readonly unknown[] } } | null;
  readonly PublicAccessBlock: { readonly PublicAccessBlockConfiguration: Readonly<Record<string, boolean>> } | null;
  readonly Ownership: unknown;
  readonly Policy: { readonly Policy: string } | null;
}

export interface ListedRole {
  readonly Arn: string;
  readonly RoleName: string;
  readonly Description?: string;
  readonly PermissionsBoundary?: { readonly PermissionsBoundaryArn: string };
  readonly AssumeRolePolicyDocument: { readonly Statement: readonly unknown[] };
  readonly InlinePolicies: Readonly<Record<string, { readonly Statement: readonly unknown[] }>>;
}

export interface ListedFileSystem extends FileSystemDescription {
  readonly MountTargets: readonly MountTargetDescription[];
  readonly Policy: { readonly Policy: string } | null;
  readonly BackupPolicy: { readonly BackupPolicy: { readonly Status: string } } | null;
}

/** The kinds of resources in the inventory that tests read, by `<service>/<kind>`. */
export interface Kinds {
  readonly "ec2/addresses": Address;
  readonly "ec2/images": Image;
  readonly "ec2/instances": Instance;
  readonly "ec2/nat-gateways": NatGateway;
  readonly "ec2/network-interfaces": NetworkInterface;
  readonly "ec2/security-group-rules": SecurityGroupRule;
  readonly "ec2/security-groups": SecurityGroup;
  readonly "ec2/subnets": Subnet;
  readonly "ec2/volumes": Volume;
  readonly "ec2/vpc-endpoints": VpcEndpoint;
  readonly "ec2/vpcs": Vpc;
  readonly "efs/access-points": AccessPointDescription;
  readonly "efs/file-systems": ListedFileSystem;
  readonly "elbv2/load-balancers": ListedBalancer;
  readonly "elbv2/target-groups": ListedTargetGroup;
  readonly "iam/profiles": { readonly InstanceProfileName: string; readonly Roles: readonly string[] };
  readonly "iam/oidc-providers": { readonly Arn: string; readonly Url: string; readonly ClientIDList: readonly string[] };
  readonly "iam/roles": ListedRole;
  readonly "kms/keys": { readonly Arn: string };
  readonly "route53/zones": ListedZone;
  readonly "s3/buckets": ListedBucket;
}

/** The region under which the inventory lists services without a region. */
export const worldwide = "global";

/** All resources of a kind in a region, or worldwide. */
export function listed<Kind extends keyof Kinds>(inventory: Inventory, region: string, kind: Kind): readonly Kinds[Kind][] {
  return ((inventory[region] as Partial<Record<Kind, unknown[]>> | undefined)?.[kind] as Kinds[Kind][] | undefined) ?? [];
}

/** The resources of the second inventory that the first inventory does not have, or has with other properties. */
export function newIn(before: Inventory, after: Inventory): Inventory {
  const found: Inventory = {};
  for (const [region, kinds] of Object.entries(after)) {
    for (const [kind, items] of Object.entries(kinds)) {
      const known = new Set((before as Partial<Inventory>)[region]?.[kind]?.map((item) => JSON.stringify(item)));
      const added = items.filter((item) => !known.has(JSON.stringify(item)));
      if (added.length > 0) (found[region] ??= {})[kind] = added;
    }
  }
  return found;
}
