import * as pulumi from "@pulumi/pulumi";
import { LOKI_ACCOUNTS } from "../cluster-objects/logging/names";
import { LOGGING_NAMESPACE } from "../config/logging/operators";
import type { LokiConfiguration } from "../config/logging/settings";
import type { Partition } from "../config/partition";
import type { StatementEntry } from "../ignition/credentials-requests";
import { tokenAudiences } from "../ignition/token-issuer";
import type { TokenIssuer } from "./credentials/token-issuer";
import { serviceRoleArn } from "./iam/service-account-role";
import { allow, bucketKeyStatements } from "./iam/statements";
import type { Naming } from "./naming";
import { PrivateBucket } from "./private-bucket";

/**
 * Days for which the bucket keeps deleted objects, so that logs can be restored. One week to notice the loss: this project's choice. Loki may
 * delete objects but no versions, so an intruder with Loki's credentials can't delete logs permanently.
 */
const graceDays = 7;

export interface LokiStorageArgs {
  readonly naming: Naming;
  readonly partition: Partition;
  readonly region: string;
  readonly settings: Pick<LokiConfiguration, "bucketName" | "kmsKeyArn" | "keepBucket">;
  /** The cluster's OIDC issuer in credentials mode manual; undefined in the other modes. */
  readonly issuer: TokenIssuer | undefined;
  readonly permissionsBoundaryArn?: string;
}

/**
 * The bucket for the logs, which is created unless an existing one is configured, and the permissions with which Loki uses it. In credentials
 * mode manual, an IAM role has these permissions.
 */
export class LokiStorage extends pulumi.ComponentResource {
  readonly bucket: pulumi.Output<string>;
  /** The permissions with which Loki calls AWS. */
  readonly statements: pulumi.Output<StatementEntry[]>;
  /**
   * ARN of the role that Loki's service accounts assume; undefined unless the credentials mode is manual. Known once the role has its policy.
   */
  readonly roleArn: pulumi.Output<string> | undefined;

  constructor(name: string, args: LokiStorageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:cluster:LokiStorage", name, {}, opts);
    const { naming, partition, settings, issuer, permissionsBoundaryArn } = args;
    this.bucket = settings.bucketName === undefined ? this.ownBucket(name, args) : pulumi.output(settings.bucketName);
    this.statements = this.bucket.apply((bucket) => statementsFor(`arn:${partition.name}:s3:::${bucket}`, settings.kmsKeyArn));
    this.roleArn =
      issuer &&
      serviceRoleArn(name, {
        naming,
        part: "loki",
        description: "Role of Loki, which stores the cluster's logs",
        issuer,
        accounts: { namespace: LOGGING_NAMESPACE, accounts: LOKI_ACCOUNTS, audience: tokenAudiences.applications },
        statements: this.statements,
        permissionsBoundaryArn,
        parent: this,
      });
    this.registerOutputs();
  }

  private ownBucket(name: string, { naming, partition, region, settings }: LokiStorageArgs): pulumi.Output<string> {
    const { kmsKeyArn, keepBucket: keep } = settings;
    const versions = { keepForDays: graceDays };
    const made = new PrivateBucket(name, { naming, partition, region, suffix: "loki", kmsKeyArn, versions, keep }, { parent: this });
    return made.guardedName;
  }
}

/**
 * The permissions for one bucket. Loki's operator would request the same actions for all buckets (openshift/loki,
 * `operator/internal/manifests/openshift/credentialsrequest.go`, release-6.6). With a customer managed key S3 calls KMS on behalf of the caller.
 */
function statementsFor(bucketArn: string, kmsKeyArn: string | undefined): StatementEntry[] {
  return [
    allow(["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], `${bucketArn}/*`),
    allow(["s3:ListBucket"], bucketArn),
    ...bucketKeyStatements(kmsKeyArn),
  ];
}
