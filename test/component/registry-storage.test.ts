/** The storage of the installer host's registry, tested with the whole program. program.ts lists the facts that this kind of test cannot prove. */
import { load } from "js-yaml";
import { devStack } from "./configurations";
import { infraId } from "./installer-answers";
import { Program } from "./program";

const kmsKey = "arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef";
const run = (changes: Readonly<Record<string, unknown>> = {}) => Program.run(devStack({ installerHost: true, ...changes }));
const policy = (program: Program) =>
  (
    JSON.parse(program.one("aws:iam/rolePolicy:RolePolicy", "installer-host-role-policy").inputs.policy as string) as {
      Statement: { Action: string[]; Resource: string }[];
    }
  ).Statement.map(({ Action, Resource }) => `${Action.join(" ")} on ${Resource}`);

describe("a registry that keeps its images in S3", () => {
  test("has its own private bucket, encrypted with the customer's key and protected like the volume, and the permissions for the bucket", async () => {
    const program = await run({ registryStorage: "s3", volumeKmsKeyArn: kmsKey, protectMasters: true });
    const bucket = program.one("aws:s3/bucket:Bucket", "installer-host-images-bucket");
    expect([bucket.inputs.bucket, bucket.protect]).toEqual([`${infraId}-registry`, true]);
    expect(program.one("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "installer-host-images-access").inputs).toMatchObject({
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(policy(program).filter((line) => /installer-host-images|kms/.test(line))).toEqual([
      "s3:ListBucket s3:GetBucketLocation s3:ListBucketMultipartUploads on arn:stub:installer-host-images-bucket",
      "s3:PutObject s3:GetObject s3:DeleteObject s3:ListMultipartUploadParts s3:AbortMultipartUpload on arn:stub:installer-host-images-bucket/*",
      `kms:Decrypt kms:GenerateDataKey on ${kmsKey}`,
    ]);
    const ignition = program.one("aws:s3/bucketObject:BucketObject", "installer-host-ignition-installer-host.ign").inputs.content as string;
    const { storage } = JSON.parse(ignition) as { storage: { files: { path: string; contents: { source: string } }[] } };
    for (const name of ["push", "collect", "pull"]) {
      const source = storage.files.find(({ path }) => path === `/etc/okd/registry/${name}.yml`)?.contents.source ?? "";
      const config = load(Buffer.from(source.split(",")[1], "base64").toString()) as { storage: object };
      expect(config.storage).toEqual({
        s3: { region: "us-east-1", bucket: `${infraId}-registry`, encrypt: true, keyid: kmsKey },
        redirect: { disable: true },
        delete: { enabled: name !== "pull" },
        ...(name !== "pull" && { cache: { blobdescriptor: "inmemory" } }),
        maintenance: {
          readonly: { enabled: name !== "push" },
          ...(name === "pull" && { uploadpurging: { enabled: false } }),
        },
      });
    }
  });

  test("does not store images on the installer host's volume", async () => {
    const program = await run();
    expect(program.resources.filter(({ name }) => name.includes("images"))).toEqual([]);
  });
});
