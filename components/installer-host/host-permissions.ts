import * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "../../config/configuration";
import type { Partition } from "../../config/partition";
import type { PolicyStatement } from "../iam/machine-role";

/** Actions for SSH through Systems Manager, without its other features (AWS Systems Manager user guide, "Instance permissions"). */
const sessionManagerActions = [
  "ssm:UpdateInstanceInformation",
  "ssmmessages:CreateControlChannel",
  "ssmmessages:CreateDataChannel",
  "ssmmessages:OpenControlChannel",
  "ssmmessages:OpenDataChannel",
];

/** The AWS resources that the host reads and writes. */
export interface HostObjects {
  /** ARN of the S3 object with the host's ignition config. */
  readonly ignitionArn: pulumi.Output<string>;
  readonly secretArn: pulumi.Output<string>;
  /** Name of the SSM parameter for the public SSH host keys. */
  readonly parameter: pulumi.Output<string>;
  /** Undefined if the registry's images are on the data volume. */
  readonly registryBucketArn: pulumi.Output<string> | undefined;
}

/** IAM statements of the host's role, without the statements of further services. */
export function hostStatements(
  { region, volumeKmsKeyArn, executor }: Pick<Configuration, "region" | "volumeKmsKeyArn" | "executor">,
  partition: Partition,
  { ignitionArn, secretArn, parameter, registryBucketArn }: HostObjects,
): PolicyStatement[] {
  return [
    { actions: ["s3:GetObject"], resource: ignitionArn },
    { actions: ["secretsmanager:GetSecretValue"], resource: secretArn },
    { actions: ["ssm:PutParameter"], resource: parameterArn(partition, region, parameter) },
    ...(registryBucketArn === undefined ? [] : registryStatements(registryBucketArn)),
    // The key encrypts the objects that the host fetches, publishes and stores in its registry.
    ...(volumeKmsKeyArn === undefined ? [] : [{ actions: ["kms:Decrypt", "kms:GenerateDataKey"], resource: volumeKmsKeyArn }]),
    ...(usesSessionManager(executor) ? [{ actions: sessionManagerActions, resource: "*" }] : []),
  ];
}

/** Whether SSH uses a port that Systems Manager forwards. */
export function usesSessionManager(executor: Configuration["executor"]): boolean {
  return executor.kind === "ssh" && executor.access.kind === "forwarded";
}

/**
 * IAM actions that the registry needs for its bucket (distribution/distribution, `docs/content/storage-drivers/s3.md`, "S3 permission
 * scopes").
 */
function registryStatements(arn: pulumi.Output<string>): PolicyStatement[] {
  return [
    { actions: ["s3:ListBucket", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads"], resource: arn },
    {
      actions: ["s3:PutObject", "s3:GetObject", "s3:DeleteObject", "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload"],
      resource: pulumi.interpolate`${arn}/*`,
    },
  ];
}

/**
 * ARN of an SSM parameter. The parameter's name begins with the slash that the ARN needs after `parameter`. The account is `*`, because
 * the parameter is in the role's own account.
 */
function parameterArn({ name }: Partition, region: string, parameter: pulumi.Output<string>): pulumi.Output<string> {
  return pulumi.interpolate`arn:${name}:ssm:${region}:*:parameter${parameter}`;
}
