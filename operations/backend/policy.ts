/** What of a backend the policies name. */
export interface BackendNames {
  readonly bucketArn: string;
  readonly keyArn: string;
}

/** Only over TLS, whoever asks. */
export function bucketPolicy({ bucketArn }: Pick<BackendNames, "bucketArn">): object {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [bucketArn, `${bucketArn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  };
}

/**
 * What Pulumi needs of a state in S3 and of secrets under a KMS key: objects are listed, read, written and, locks above all, deleted
 * (Pulumi, "Managing state and backends"; gocloud.dev, `secrets/awskms`).
 *
 * @param writes without it for previews, which write the lock and nothing else.
 */
export function userPolicy({ bucketArn, keyArn }: BackendNames, { writes }: { readonly writes: boolean }): object {
  const changing = ["s3:PutObject", "s3:DeleteObject"];
  return {
    Version: "2012-10-17",
    Statement: [
      { Sid: "State", Effect: "Allow", Action: ["s3:GetObject", ...(writes ? changing : [])], Resource: `${bucketArn}/*` },
      ...(writes ? [] : [{ Sid: "Locks", Effect: "Allow", Action: changing, Resource: `${bucketArn}/.pulumi/locks/*` }]),
      { Sid: "Stacks", Effect: "Allow", Action: "s3:ListBucket", Resource: bucketArn },
      { Sid: "Secrets", Effect: "Allow", Action: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"], Resource: keyArn },
    ],
  };
}
