import type { CompleteProblem } from "../../lib/problem";
import { oneOf, type DeclaredResource, policyRule } from "../rule";
import { valueAt, booleanValue, isKnown, valuesIn, object, displayValue, texts, unknown, type PolicyValue } from "../value";

/** Types that start an instance with its own root volume. */
const instanceTypes = [
  "aws:ec2/instance:Instance",
  "aws:ec2/spotInstanceRequest:SpotInstanceRequest",
  "aws:ec2/launchConfiguration:LaunchConfiguration",
];
const templateType = "aws:ec2/launchTemplate:LaunchTemplate";

/** Types of EBS volumes, snapshots and images, which have the property `encrypted`. */
const diskTypes = ["aws:ebs/volume:Volume", "aws:ebs/snapshotCopy:SnapshotCopy", "aws:ec2/amiCopy:AmiCopy"];
const fileSystemType = "aws:efs/fileSystem:FileSystem";

const bucketTypes = [
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
];

/** S3's encryption algorithms (S3 API, ServerSideEncryptionByDefault). Without a setting S3 uses the first, so no bucket is unencrypted. */
const algorithms = ["AES256", "aws:kms", "aws:kms:dsse"];

export const encryption = policyRule({
  name: "encryption",
  description: "All volumes, images, file systems and buckets are encrypted.",
  defaults: {},
  appliesTo: oneOf([...instanceTypes, templateType, ...diskTypes, fileSystemType, ...bucketTypes]),
  check(resource) {
    if (resource.type === fileSystemType)
      return disk("it", resource.properties, { defaultKey: "the AWS managed key aws/elasticfilesystem" });
    if (diskTypes.includes(resource.type)) return disk("it", resource.properties);
    if (bucketTypes.includes(resource.type)) return bucket(resource);
    if (resource.type === templateType) return template(resource.properties.blockDeviceMappings);
    const { rootBlockDevice, ebsBlockDevices } = resource.properties;
    return [
      ...disk("its root volume", rootBlockDevice, { fix: "rootBlockDevice: { encrypted: true }" }),
      ...valuesIn(ebsBlockDevices).flatMap((device) => disk(volumeName(device), device)),
    ];
  },
});

/**
 * Checks the disks of a launch template. Without encryption settings in the template the AMI decides whether the disks are encrypted. The
 * AMI is unknown here, so missing settings are a problem.
 */
function template(mappings: PolicyValue): CompleteProblem[] {
  if (mappings === unknown) return [];
  const disks = valuesIn(mappings).filter((mapping) => valueAt(mapping, "ebs") !== undefined || mapping === unknown);
  if (disks.length === 0) return disk("its root volume", undefined, { fix: "blockDeviceMappings with ebs: { encrypted: true }" });
  return disks.flatMap((mapping) => disk(volumeName(mapping), valueAt(mapping, "ebs")));
}

function volumeName(device: PolicyValue): string {
  return ["its volume", ...texts(valueAt(device, "deviceName"))].join(" ");
}

interface DiskTexts {
  /** The setting that encrypts the disk. */
  readonly fix?: string;
  /** The key that AWS uses if the resource names none (EC2 API reference, CreateVolume; EFS API reference, CreateFileSystem: KmsKeyId). */
  readonly defaultKey?: string;
}

function disk(
  what: string,
  properties: PolicyValue,
  { fix = "encrypted: true", defaultKey = "the account's default key for EBS" }: DiskTexts = {},
): CompleteProblem[] {
  if (properties === unknown) return [];
  const encrypted = Array.isArray(properties) ? valueAt(valuesIn(properties)[0], "encrypted") : object(properties)?.encrypted;
  if (encrypted === unknown || booleanValue(encrypted) === true) return [];
  return [
    {
      wrong: `${what} isn't encrypted`,
      value: `encrypted: ${displayValue(encrypted)}`,
      allowed: `encrypted: true; without a kmsKeyId ${defaultKey} is used`,
      fix: `declare it with ${fix}`,
    },
  ];
}

function bucket({ properties: { rules } }: DeclaredResource): CompleteProblem[] {
  return valuesIn(rules).flatMap((each) => {
    const algorithm = valueAt(each, "applyServerSideEncryptionByDefault", "sseAlgorithm");
    if (!isKnown(algorithm) || algorithm === undefined || algorithms.includes(displayValue(algorithm))) return [];
    const value = `sseAlgorithm: ${displayValue(algorithm)}`;
    return {
      wrong: "the bucket has an unknown encryption algorithm",
      value,
      allowed: algorithms.join(", "),
      fix: "use PrivateBucket (components/private-bucket.ts)",
    };
  });
}
