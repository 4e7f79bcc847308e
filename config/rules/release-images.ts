import { type Finding, setCommand } from "../finding";
import { partitionOf } from "../partition";
import { CURRENT } from "../releases/current";
import { bootImages } from "../releases/facts";
import { nameOf } from "../releases/minor";
import { minorOf } from "../releases/version";
import { rule } from "../rule";

/** The release has a machine image in the region's partition. From one region of a partition an image can be copied to the others, but to no other partition. */
export const releaseHasImagesInPartition = rule(["distribution", "release", "region"], ({ distribution, release, region }): Finding[] => {
  const minor = minorOf(release);
  const { file, regions } = bootImages(distribution, minor).value;
  const partition = partitionOf(region).name;
  if (regions.some((each) => partitionOf(each).name === partition)) return [];
  const name = { okd: "OKD", openshift: "OpenShift" }[distribution];
  return [
    {
      key: "release",
      wrong: `has no machine image for ${region}: those of ${name} ${nameOf(minor)} (${file}) are in other partitions of AWS`,
      allowed: `a release with an image in the partition ${partition}`,
      fix: setCommand("release", CURRENT[distribution]),
    },
  ];
});
