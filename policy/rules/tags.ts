import { listOrNone, oneOf, policyRule, type RuleSettings } from "../rule";
import { object, unknown } from "../value";

/**
 * Types that AWS can tag and that somebody finds by their tags: to list a cluster's resources, to allocate its cost, and for the cleanup.
 */
const taggable = [
  ...["acm/certificate:Certificate", "alb/loadBalancer:LoadBalancer", "alb/targetGroup:TargetGroup", "ebs/volume:Volume"],
  ...["ec2/amiCopy:AmiCopy", "ec2/eip:Eip", "ec2/instance:Instance", "ec2/internetGateway:InternetGateway"],
  ...["ec2/launchTemplate:LaunchTemplate", "ec2/natGateway:NatGateway", "ec2/routeTable:RouteTable", "ec2/securityGroup:SecurityGroup"],
  ...["ec2/subnet:Subnet", "ec2/vpc:Vpc", "ec2/vpcEndpoint:VpcEndpoint", "efs/fileSystem:FileSystem", "elb/loadBalancer:LoadBalancer"],
  ...["iam/instanceProfile:InstanceProfile", "iam/openIdConnectProvider:OpenIdConnectProvider", "iam/role:Role", "iam/user:User"],
  ...["kms/key:Key", "lb/listener:Listener", "lb/loadBalancer:LoadBalancer", "lb/targetGroup:TargetGroup", "route53/zone:Zone"],
  ...["s3/bucket:Bucket", "secretsmanager/secret:Secret", "wafv2/webAcl:WebAcl"],
].map((type) => `aws:${type}`);

/**
 * Maximum tags on a hosted zone (Amazon Route 53 API reference, ChangeTagsForResource). A zone that has this many tags
 * needs the cluster's tag, but not all configured tags.
 */
const MAX_TAGS_ON_ZONE = 10;

interface TagSettings extends RuleSettings {
  /** Required tags; an empty value means that any value is allowed. */
  readonly tags: Readonly<Record<string, string>>;
}

export const requiredTags = policyRule<TagSettings>({
  name: "tags",
  description: "All resources have the cluster's tag and the configured tags.",
  defaults: { tags: { "okd-aws/cluster": "" } },
  appliesTo: oneOf(taggable),
  check({ type, properties: { tags: given } }, { tags: wanted }) {
    if (given === unknown) return [];
    const tags = object(given) ?? {};
    const isFull = type === "aws:route53/zone:Zone" && Object.keys(tags).length >= MAX_TAGS_ON_ZONE;
    const wrong = Object.entries(wanted).filter(([key, value]) => {
      if (isFull && value !== "" && tags[key] === undefined) return false;
      if (tags[key] === unknown) return false;
      return value === "" ? (tags[key] ?? "") === "" : tags[key] !== value;
    });
    if (wrong.length === 0) return [];
    return [
      {
        wrong: `lacks ${wrong.length === 1 ? "a tag" : "tags"}`,
        value: `tags: ${listOrNone(Object.keys(tags))}`,
        allowed: `at least ${wrong.map(([key, value]) => `${key}${value === "" ? "" : `=${value}`}`).join(", ")}`,
        fix: "add `tags: naming.tags(<suffix>)` to the declaration of the resource (components/naming.ts)",
      },
    ];
  },
});
