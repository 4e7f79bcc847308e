import type { StatementEntry } from "../../ignition/credentials-requests";

/** A permission for one resource. */
export function allow(action: readonly string[], resource: string): StatementEntry {
  return { effect: "Allow", action, resource };
}

/** The permissions for the customer managed key of a bucket: S3 calls KMS on behalf of the caller. None without a key. */
export function bucketKeyStatements(kmsKeyArn: string | undefined): StatementEntry[] {
  return kmsKeyArn === undefined ? [] : [allow(["kms:GenerateDataKey", "kms:Decrypt"], kmsKeyArn)];
}
