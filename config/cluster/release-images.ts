import { type KeyProblem, setCommand } from "../finding";
import { partitionOf } from "../partition";
import { CURRENT } from "../releases/current";
import { bootImages } from "../releases/facts";
import { nameOf } from "../releases/minor";
import { minorOf } from "../releases/version";
import { rule } from "../rule";

/** The release needs an AMI in the region's partition. It can be copied to other regions of that partition, but to no other partition. */
export const releaseHasImagesInPartition = rule(
  ["distribution", "release", "region"],
  ({ distribution, release, region }): KeyProblem[] => {
    const minor = minorOf(release);
    const { file, regions } = bootImages(distribution, minor).value;
    const partition = partitionOf(region).name;
    if (regions.some((each) => partitionOf(each).name === partition)) return [];
    const name = { okd: "OKD", openshift: "OpenShift" }[distribution];
    return [
      {
        key: "release",
        wrong: `has no AMI for ${region}: those of ${name} ${nameOf(minor)} (${file}) are in other AWS partitions`,
        allowed: `a release with an AMI in the partition ${partition}`,
        fix: setCommand("release", CURRENT[distribution]),
      },
    ];
  },
);
