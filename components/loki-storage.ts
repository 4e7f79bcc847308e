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
 * Days during which a deleted log can be brought back: a week to notice the loss. Loki may not delete versions, so an intruder with its
 * credentials can't remove the traces. This project's choice.
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

/** The bucket with the logs, unless it exists, and the permissions with which Loki uses it. In mode manual, a role has them. */
export class LokiStorage extends pulumi.ComponentResource {
  readonly bucket: pulumi.Output<string>;
  /** The permissions with which Loki calls AWS. */
  readonly statements: pulumi.Output<StatementEntry[]>;
  /** ARN of the role that Loki's service accounts assume; undefined unless the mode is manual. Known once the role has its policy. */
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
 * The permissions for one bucket (openshift/loki, `operator/internal/manifests/openshift/credentialsrequest.go`, release-6.6, for all buckets). With a
 * customer managed key S3 calls KMS on behalf of the caller.
 */
function statementsFor(bucketArn: string, kmsKeyArn: string | undefined): StatementEntry[] {
  return [
    allow(["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], `${bucketArn}/*`),
    allow(["s3:ListBucket"], bucketArn),
    ...bucketKeyStatements(kmsKeyArn),
  ];
}
