import { S3Client } from "@aws-sdk/client-s3";
import { STSClient } from "@aws-sdk/client-sts";
import { AwsAccount } from "../../../../tools/recovery/account";

afterEach(() => {
  jest.restoreAllMocks();
});

test("if S3 denies a bucket, the error warns that the suggested Pulumi command also removes all other interrupted creations", async () => {
  jest.spyOn(STSClient.prototype, "send").mockImplementation((() => Promise.resolve({ Account: "123456789012" })) as never);
  jest
    .spyOn(S3Client.prototype, "send")
    .mockImplementation((() => Promise.reject(Object.assign(new Error("denied"), { $metadata: { httpStatusCode: 403 } }))) as never);
  await expect(new AwsAccount("us-east-1").findBucket("dev-2nnq6-etcd-backup")).rejects.toThrow(
    "the bucket dev-2nnq6-etcd-backup belongs to another account, or these credentials may not read it: allow s3:ListBucket and run the same " +
      "command again. If the bucket belongs to another account, its owner has to delete it. Otherwise only " +
      '"pulumi refresh --clear-pending-creates" removes its creation from the state, and with it every other interrupted creation. Resources ' +
      "that AWS created for these would be left over, so look for them in AWS first",
  );
});
