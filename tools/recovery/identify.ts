import type { RecoveryAccount, Inputs } from "./account";
import type { PendingCreation } from "./state";

/**
 * Finds the import ID of the resource that a creation may have created. The provider's documentation has the form of the
 * import ID for each type.
 */
type Identify = (inputs: Inputs, account: RecoveryAccount, creation: PendingCreation) => Promise<string | undefined>;

/** Finds the resource by its unique `Name` tag, which the creating call itself sets. */
const byName =
  (resourceType: string): Identify =>
  (_inputs, account, { inputs: { tags } }) =>
    account.findTagged(resourceType, (tags as Inputs | undefined) ?? {});

/**
 * Computes the import ID from the inputs, without a lookup in AWS. The next refresh of the Pulumi engine removes the resource from the
 * state if it does not exist.
 */
const byImportId =
  (importId: (inputs: Inputs) => string): Identify =>
  (inputs) =>
    Promise.resolve(importId(inputs));

/**
 * How to find each type of resource that can't be created a second time. All other types can be written again (policies, bucket settings,
 * objects, tags, targets), or exist only in Pulumi's state.
 */
const identities: Readonly<Partial<Record<string, Identify>>> = {
  "aws:ec2/vpc:Vpc": byName("vpc"),
  "aws:ec2/subnet:Subnet": byName("subnet"),
  "aws:ec2/internetGateway:InternetGateway": byName("internet-gateway"),
  "aws:ec2/routeTable:RouteTable": byName("route-table"),
  "aws:ec2/securityGroup:SecurityGroup": byName("security-group"),
  "aws:ec2/natGateway:NatGateway": byName("natgateway"),
  "aws:ec2/eip:Eip": byName("elastic-ip"),
  "aws:ec2/vpcEndpoint:VpcEndpoint": byName("vpc-endpoint"),
  "aws:ec2/instance:Instance": byName("instance"),
  "aws:ec2/amiCopy:AmiCopy": byName("image"),
  "aws:ebs/volume:Volume": byName("volume"),
  "aws:efs/fileSystem:FileSystem": ({ creationToken = "" }, account) => account.findFileSystem(creationToken),
  "aws:efs/mountTarget:MountTarget": ({ fileSystemId = "", subnetId = "" }, account) => account.findMountTarget(fileSystemId, subnetId),
  "aws:secretsmanager/secret:Secret": ({ name = "" }, account) => account.findSecret(name),
  "aws:ssm/parameter:Parameter": byImportId(({ name = "" }) => name),
  "aws:ec2/route:Route": byImportId(({ routeTableId, destinationCidrBlock }) => [routeTableId, destinationCidrBlock].join("_")),
  "aws:ec2/routeTableAssociation:RouteTableAssociation": byImportId(({ subnetId, routeTableId }) => [subnetId, routeTableId].join("/")),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": (inputs, account) => account.findRule(inputs, false),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": (inputs, account) => account.findRule(inputs, true),
  "aws:lb/loadBalancer:LoadBalancer": ({ name = "" }, account) => account.findLoadBalancer(name),
  "aws:lb/targetGroup:TargetGroup": ({ name = "" }, account) => account.findTargetGroup(name),
  "aws:lb/listener:Listener": ({ loadBalancerArn = "", port }, account) => account.findListener(loadBalancerArn, Number(port)),
  "aws:route53/zone:Zone": ({ name = "" }, account, { inputs }) =>
    account.findPrivateZone(name, (inputs.vpcs as [{ vpcId: string }])[0].vpcId),
  "aws:route53/record:Record": (inputs, account, creation) => account.findRecord(inputs, recordTarget(creation.inputs)),
  "aws:iam/role:Role": byImportId(({ name = "" }) => name),
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": ({ url = "" }, account) => account.findIdentityProvider(url),
  "aws:iam/instanceProfile:InstanceProfile": byImportId(({ name = "" }) => name),
  "aws:s3/bucket:Bucket": ({ bucket = "" }, account) => account.findBucket(bucket),
};

/**
 * The target of a record: the load balancer of its alias or CNAME. The state may contain a list with at most one element as the element
 * itself (Terraform bridge).
 */
function recordTarget({ aliases, records }: PendingCreation["inputs"]): string {
  const first = (list: unknown): unknown => (Array.isArray(list) ? list[0] : list);
  return (first(aliases) as { readonly name: string } | undefined)?.name ?? (first(records) as string);
}

/** The import ID of the resource that an interrupted creation created; undefined if it created nothing, or if the creation can be repeated. */
export async function identify(creation: PendingCreation, account: RecoveryAccount): Promise<string | undefined> {
  return identities[creation.type]?.(creation.inputs as Inputs, account, creation);
}
