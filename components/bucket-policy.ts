import * as pulumi from "@pulumi/pulumi";

/** Statement of a bucket's policy that denies requests over plain HTTP. */
export function denyPlainHttp(bucketArn: pulumi.Output<string>) {
  return {
    Sid: "DenyPlainHttp",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [bucketArn, pulumi.interpolate`${bucketArn}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}
