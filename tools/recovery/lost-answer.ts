import { infraIdOf, type StackState, type StateResource } from "./state";

/**
 * Matches AWS's errors that a resource exists already. When AWS carries out a creation and its answer is lost, the provider's SDK sends the
 * request again, and AWS refuses the second one (the errors of the actions in the API references of IAM, S3, SSM, Secrets Manager, EC2,
 * Elastic Load Balancing and Route 53). S3's own error BucketAlreadyExists is left out, because it means that the bucket belongs to another
 * account. The provider uses the same word in another case, without the sentence that S3 adds: in us-east-1, when the provider can read the
 * bucket before it creates the bucket (hashicorp/terraform-provider-aws, `internal/service/s3/bucket.go`, main). This also happens after
 * the Pulumi engine interrupted the creation because another creation failed: the bucket is then in AWS, but not in the state. So the
 * provider's error matches, and the recovery asks S3 for the bucket's owner.
 */
const ALREADY_EXISTS_ERROR = new RegExp(
  [
    String.raw`\b(?:EntityAlreadyExists|BucketAlreadyOwnedByYou|ParameterAlreadyExists|ResourceExistsException|HostedZoneAlreadyExists)\b`,
    String.raw`\b(?:RouteAlreadyExists|Resource\.AlreadyAssociated|InvalidGroup\.Duplicate|InvalidPermission\.Duplicate|InvalidSubnet\.Conflict)\b`,
    String.raw`\bDuplicate(?:LoadBalancerName|TargetGroupName|Listener)\b`,
    String.raw`\bcreating S3 Bucket \([\w.-]{1,63}\): BucketAlreadyExists(?![:\w])`,
    "but it already exists",
  ].join("|"),
);

/** Whether a creation failed because AWS has the resource already. */
export function saysExists(message: string): boolean {
  return ALREADY_EXISTS_ERROR.test(message);
}

/**
 * Whether a deletion failed because AWS does not know the resource any more. When AWS carries out a deletion and its answer is lost, the provider's
 * SDK sends the request again, and AWS answers with such an error. The provider treats some of these errors as failures (DeleteListener's
 * ListenerNotFound: hashicorp/terraform-provider-aws, `internal/service/elbv2/listener.go`, main).
 */
export function saysGone(message: string): boolean {
  return (
    /^deleting urn:/.test(message) &&
    /\b(?:Invalid\w{1,60}\.NotFound|NoSuch[A-Z]\w{1,60}|[A-Z]\w{1,60}NotFound(?:Exception)?)\b/.test(message)
  );
}

/** Inputs that name a resource for the whole account. */
interface Named {
  readonly name?: unknown;
  readonly bucket?: unknown;
  readonly tags?: { readonly Name?: unknown };
}

/**
 * Whether an existing resource can belong only to this cluster: its name contains the cluster's random identity, or it has no name, but its
 * inputs contain the ID of another resource, such as a route's table. Any other resource may belong to somebody else.
 */
function isOwn({ inputs = {} }: StateResource, infraId: string): boolean {
  const { name, bucket, tags } = inputs as Named;
  const names = [name, bucket, tags?.Name].filter((each) => typeof each === "string");
  // A DNS record's name does not contain the random identity, so the recovery compares the record's target.
  return names.length === 0 || "records" in inputs || "aliases" in inputs || names.some((each) => each.includes(infraId));
}

/**
 * Adds the cluster's own failed creations to the state's open creations, because the recovery looks for the resources of open creations. A creation
 * whose resource is in the state is left out: a provider may record a resource although its creation failed.
 */
export function withFailedCreations(state: StackState, failed: readonly StateResource[]): StackState {
  const { resources = [], pending_operations: pending = [] } = state.deployment;
  const infraId = infraIdOf(state);
  if (infraId === undefined) return state;
  const recorded = new Set(resources.map(({ urn }) => urn));
  const own = failed.filter((creation) => !recorded.has(creation.urn) && isOwn(creation, infraId));
  const open = own.map((resource) => ({ type: "creating", resource }));
  return { ...state, deployment: { ...state.deployment, pending_operations: [...pending, ...open] } };
}
