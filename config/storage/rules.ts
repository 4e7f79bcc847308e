import { removeCommand, setCommand } from "../problem";
import { rule } from "../rule";

/** Maximum MiB/s of a gp3 volume per provisioned IOPS (EBS user guide, "General Purpose SSD volumes"). */
const THROUGHPUT_PER_IOPS = 0.25;

export const oneClassIsTheDefault = rule(["storageClasses"], ({ storageClasses }) => {
  const names = storageClasses.filter((each) => each.default === true).map(({ name }) => name);
  if (names.length < 2) return [];
  return [
    { key: "storageClasses", wrong: `has ${names.length} default classes: ${names.join(", ")}`, fix: "keep default: true for one of them" },
  ];
});

export const classesAreWithinLimits = rule(["storageClasses"], ({ storageClasses }) =>
  storageClasses.flatMap((each, index) => {
    if (each.type !== "ebs") return [];
    const { iops = 3000, throughput = 125 } = each;
    if (throughput <= iops * THROUGHPUT_PER_IOPS) return [];
    return [
      {
        key: "storageClasses",
        wrong: `item ${index + 1} (${each.name}) has a throughput of ${throughput} MiB/s, more than ${iops} IOPS allow`,
        allowed: `at most ${THROUGHPUT_PER_IOPS} MiB/s per IOPS, here ${Math.floor(iops * THROUGHPUT_PER_IOPS)}`,
        fix: `set its iops to ${Math.ceil(throughput / THROUGHPUT_PER_IOPS)}`,
      },
    ];
  }),
);

export const removedRegistryIsNotSet = rule(
  ["imageRegistryState", "imageRegistryBucket", "imageRegistryReplicas"],
  ({ imageRegistryState, imageRegistryBucket, imageRegistryReplicas }) =>
    imageRegistryState !== "Removed" || (imageRegistryBucket === "" && imageRegistryReplicas === 0)
      ? []
      : [
          {
            key: "imageRegistryState",
            wrong: "is Removed, but imageRegistryBucket or imageRegistryReplicas is set",
            fix: `${setCommand("imageRegistryState", "Managed")}, or ${removeCommand("imageRegistryBucket")} and ${removeCommand("imageRegistryReplicas")}`,
          },
        ],
);

/** The key applies only to an existing bucket; the operator decides how its own bucket is encrypted. */
export const imageKeyNeedsBucket = rule(
  ["imageRegistryBucket", "imageRegistryKmsKeyArn"],
  ({ imageRegistryBucket, imageRegistryKmsKeyArn }) =>
    imageRegistryKmsKeyArn !== "" && imageRegistryBucket === ""
      ? [
          {
            key: "imageRegistryKmsKeyArn",
            wrong: "is set, but imageRegistryBucket is not, so the images are in the operator's own bucket",
            fix: `set imageRegistryBucket, or ${removeCommand("imageRegistryKmsKeyArn")}`,
          },
        ]
      : [],
);
