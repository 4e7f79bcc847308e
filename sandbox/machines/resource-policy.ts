import type { Permissions } from "./permissions";
import { mayDo, type PermissionRequest } from "./policy";
import type { AwsSnapshot } from "./aws-snapshot";

/**
 * IAM's decision about a role's request, including the policy of the bucket that the request is about: S3 evaluates the role's policies and the bucket's policy (S3 user guide,
 * "How Amazon S3 authorizes a request"). The requests are treated as sent over TLS.
 */
export async function mayWithBucketPolicy(
  snapshot: AwsSnapshot,
  permissions: Permissions,
  { action, resource, context }: Pick<PermissionRequest, "action" | "resource" | "context">,
): Promise<ReturnType<typeof mayDo>> {
  const bucket = /^arn:[\w-]+:s3:::([^/]+)/.exec(resource)?.[1];
  const resourcePolicy = bucket === undefined ? undefined : await snapshot.bucketPolicyOf(bucket);
  const { roleArn } = permissions;
  return mayDo(permissions, {
    action,
    resource,
    ...(resourcePolicy && { resourcePolicy }),
    context: {
      "aws:securetransport": "true",
      "aws:principalarn": roleArn,
      "aws:principalaccount": roleArn.split(":")[4] ?? "",
      ...context,
    },
  });
}
