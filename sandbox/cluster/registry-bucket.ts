import { randomBytes } from "node:crypto";
import {
  CreateBucketCommand,
  ListBucketsCommand,
  PutBucketEncryptionCommand,
  PutBucketTaggingCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { sandboxClientConfiguration } from "../aws/client";
import type { Api, KubeObject } from "./api";
import type { BootstrapConfig } from "./bootstrap-config";

interface RegistryConfig extends KubeObject {
  spec?: { managementState?: string; storage?: { s3?: { bucket?: string } } };
}

const path = "/apis/imageregistry.operator.openshift.io/v1/configs/cluster";

/**
 * Prepares the storage of the image registry as its operator does: it creates a bucket of the cluster, unless the configuration names a bucket or the registry
 * is removed. The bucket also gets the user's tags (openshift/cluster-image-registry-operator, pkg/storage/s3/s3.go of release-4.19: CreateStorage).
 */
export async function ensureRegistryBucket(
  api: Api,
  tags: BootstrapConfig["resourceTags"],
  options: { infraId: string; region: string; readonly say: (text: string) => void },
): Promise<string> {
  const { infraId, region } = options;
  const known = await api.get<RegistryConfig>(path);
  const bucket = known?.spec?.storage?.s3?.bucket;
  if (bucket !== undefined && bucket !== "") return bucket;
  if (known?.spec?.managementState === "Removed") return "";
  const name = await makeBucket(infraId, region, tags);
  const storage = { managementState: "Managed", s3: { bucket: name, region, encrypt: true } };
  const spec = { ...(known === undefined && { managementState: "Managed", replicas: 2 }), storage };
  await api.apply(
    { apiVersion: "imageregistry.operator.openshift.io/v1", kind: "Config", metadata: { name: "cluster" }, spec },
    "cluster-image-registry-operator",
  );
  options.say(`the image registry's bucket is ${name}`);
  return name;
}

/** Creates and configures the bucket, or continues with a bucket that an interrupted run created. Returns the bucket's name. */
async function makeBucket(infraId: string, region: string, tags: BootstrapConfig["resourceTags"]): Promise<string> {
  const client = new S3Client(sandboxClientConfiguration(region));
  const prefix = `${infraId}-image-registry-${region}-`;
  // Like the operator, this fills the name with random characters. AWS allows 63 characters.
  const { Buckets = [] } = await client.send(new ListBucketsCommand({}));
  const name =
    Buckets.map(({ Name = "" }) => Name).find((one) => one.startsWith(prefix)) ?? (prefix + randomBytes(32).toString("hex")).slice(0, 62);
  const place = region !== "us-east-1" && { CreateBucketConfiguration: { LocationConstraint: region as "eu-central-1" } };
  await client.send(new CreateBucketCommand({ Bucket: name, ...place })).catch((error: unknown) => {
    if ((error as Error).name !== "BucketAlreadyOwnedByYou") throw error;
  });
  const TagSet = [
    { Key: `kubernetes.io/cluster/${infraId}`, Value: "owned" },
    { Key: "Name", Value: `${infraId}-image-registry` },
    ...tags.map(({ key, value }) => ({ Key: key, Value: value })),
  ];
  await client.send(new PutBucketTaggingCommand({ Bucket: name, Tagging: { TagSet } }));
  const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" as const } }];
  await client.send(new PutBucketEncryptionCommand({ Bucket: name, ServerSideEncryptionConfiguration: { Rules } }));
  const allBlocked = { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true };
  await client.send(new PutPublicAccessBlockCommand({ Bucket: name, PublicAccessBlockConfiguration: allBlocked }));
  return name;
}
