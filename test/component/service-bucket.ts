import type { Program } from "./program";

/** Expects that a service's bucket is encrypted with the key, and that a lifecycle deletes only old versions, after a week. */
export function expectServiceBucket(program: Program, storage: string, kmsKeyArn: string): void {
  const encryption = program.one(
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    `${storage}-encryption`,
  );
  expect(JSON.stringify(encryption.inputs.rules)).toContain(kmsKeyArn);
  const lifecycle = program.one("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", `${storage}-lifecycle`);
  const rules = lifecycle.inputs.rules as unknown as { expiration?: { days?: number }; noncurrentVersionExpiration?: object }[];
  expect(rules.map(({ expiration }) => expiration?.days)).toEqual([undefined, undefined]);
  expect(rules[0].noncurrentVersionExpiration).toEqual({ noncurrentDays: 7 });
}
