import { oneOf, type Declared, type Refusal, rule } from "../rule";
import { at, flag, isKnown, list, object, shown, texts, unknown, type Value } from "../value";

/** Types that boot a machine from a disk of their own. */
const machineTypes = [
  "aws:ec2/instance:Instance",
  "aws:ec2/spotInstanceRequest:SpotInstanceRequest",
  "aws:ec2/launchConfiguration:LaunchConfiguration",
];
const templateType = "aws:ec2/launchTemplate:LaunchTemplate";

/** Types that say `encrypted` themselves. */
const storageTypes = [
  "aws:ebs/volume:Volume",
  "aws:ebs/snapshotCopy:SnapshotCopy",
  "aws:ec2/amiCopy:AmiCopy",
  "aws:efs/fileSystem:FileSystem",
];

const bucketTypes = [
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
];

/** What S3 encrypts with (S3 API, ServerSideEncryptionByDefault). Without a word of it S3 takes the first, so that no bucket is unencrypted. */
const algorithms = ["AES256", "aws:kms", "aws:kms:dsse"];

export const encryption = rule({
  name: "encryption",
  description: "Everything that is stored is encrypted.",
  defaults: {},
  appliesTo: oneOf([...machineTypes, templateType, ...storageTypes, ...bucketTypes]),
  check(resource) {
    if (storageTypes.includes(resource.type)) return disk("it", resource.properties);
    if (bucketTypes.includes(resource.type)) return bucket(resource);
    if (resource.type === templateType) return template(resource.properties.blockDeviceMappings);
    const { rootBlockDevice, ebsBlockDevices } = resource.properties;
    return [
      ...disk("its root volume", rootBlockDevice, "rootBlockDevice: { encrypted: true }"),
      ...list(ebsBlockDevices).flatMap((device) => disk(volumeName(device), device)),
    ];
  },
});

/** A template's disks; without a word of them the image's decide, and nobody sees here whether these are encrypted. */
function template(mappings: Value): Refusal[] {
  if (mappings === unknown) return [];
  const disks = list(mappings).filter((mapping) => at(mapping, "ebs") !== undefined || mapping === unknown);
  if (disks.length === 0) return disk("its root volume", undefined, "blockDeviceMappings with ebs: { encrypted: true }");
  return disks.flatMap((mapping) => disk(volumeName(mapping), at(mapping, "ebs")));
}

function volumeName(device: Value): string {
  return ["its volume", ...texts(at(device, "deviceName"))].join(" ");
}

function disk(what: string, properties: Value, fix = "encrypted: true"): Refusal[] {
  if (properties === unknown) return [];
  const encrypted = Array.isArray(properties) ? at(list(properties)[0], "encrypted") : object(properties)?.encrypted;
  if (encrypted === unknown || flag(encrypted) === true) return [];
  return [
    {
      wrong: `${what} isn't encrypted`,
      value: `encrypted: ${shown(encrypted)}`,
      allowed: "encrypted: true; without a kmsKeyId AWS's own key aws/ebs encrypts",
      fix: `declare it with ${fix}`,
    },
  ];
}

function bucket({ properties: { rules } }: Declared): Refusal[] {
  return list(rules).flatMap((each) => {
    const algorithm = at(each, "applyServerSideEncryptionByDefault", "sseAlgorithm");
    if (!isKnown(algorithm) || algorithm === undefined || algorithms.includes(shown(algorithm))) return [];
    const value = `sseAlgorithm: ${shown(algorithm)}`;
    return {
      wrong: "the bucket isn't encrypted",
      value,
      allowed: algorithms.join(", "),
      fix: "use PrivateBucket (components/private-bucket.ts)",
    };
  });
}
