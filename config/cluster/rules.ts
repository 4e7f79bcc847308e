import { type KeyProblem, setCommand } from "../problem";
import { parseInstanceType } from "../instance-type";
import { partitionOf } from "../partition";
import { CURRENT } from "../releases/current";
import { bootImages } from "../releases/facts";
import { isAtLeast, minorName } from "../releases/minor";
import { oldestOf } from "../releases/table";
import { minorOf, parseVersion } from "../releases/version";
import { rule } from "../rule";
import { imageTag } from "./fields";

/**
 * The release must be a version of the distribution that this project can install. OpenShift 4.14 is the first whose pod network is
 * OVN-Kubernetes with the internal CIDR blocks that config/network/fields.ts reserves. OKD 4.16 is the first on CentOS Stream CoreOS. There
 * is no upper limit, because each release brings its own installer.
 */
export const releaseMatchesDistribution = rule(["distribution", "release"], ({ distribution, release }): KeyProblem[] => {
  const version = parseVersion(release);
  if (version === undefined) return [];
  const oldest = oldestOf(distribution);
  const name = { okd: "an OKD", openshift: "an OpenShift" }[distribution];
  const allowed = `${name} version from ${oldest} on, such as ${CURRENT[distribution]}`;
  const fix = setCommand("release", CURRENT[distribution]);
  if (version.distribution !== distribution) {
    const wrong = `is a version of ${version.distribution}, but distribution is ${distribution}`;
    return [{ key: "release", wrong, allowed, fix: `${setCommand("distribution", version.distribution)}, or ${fix}` }];
  }
  return isAtLeast(version.minor, oldest) ? [] : [{ key: "release", wrong: `is older than ${oldest}`, allowed, fix }];
});

/** If the tag of the release image is a version, it must be the version in `release`. */
export const releaseImageMatchesRelease = rule(["release", "releaseImage"], ({ release, releaseImage }) => {
  const tag = imageTag(releaseImage);
  if (tag === undefined || !/^\d+\.\d+\.\d+/.test(tag) || tag === release || tag.startsWith(`${release}-`)) return [];
  return [
    {
      key: "releaseImage",
      wrong: `has the tag ${tag}, but release is ${release}`,
      fix: `use the same version in both, or the digest of the image`,
    },
  ];
});

/**
 * Architectures as release tags and versions spell them, with the installer's spelling. An image for several architectures (`-multi`) works
 * for all.
 */
const ARCHITECTURES: Readonly<Record<string, string>> = {
  x86_64: "amd64",
  amd64: "amd64",
  aarch64: "arm64",
  arm64: "arm64",
  ppc64le: "ppc64le",
  s390x: "s390x",
};

/**
 * The architecture in a version or tag such as `4.19.3-aarch64` or `4.22.0-0.nightly-arm64-2026-03-01-000000`; undefined if it names none.
 */
function architectureNamed(text: string): string | undefined {
  const named = text.split("-").find((word) => word in ARCHITECTURES);
  return named === undefined ? undefined : ARCHITECTURES[named];
}

/**
 * An architecture that the release or the release image names must be the architecture of the instances. The installer
 * itself would check this only after it has pulled the image.
 */
export const releaseFitsArchitecture = rule(
  ["release", "releaseImage", "masterInstanceType"],
  ({ release, releaseImage, masterInstanceType }): KeyProblem[] => {
    const machines = parseInstanceType(masterInstanceType)?.architecture ?? "amd64";
    const suffix = { amd64: "x86_64", arm64: "aarch64" }[machines];
    const named = { release: architectureNamed(release), releaseImage: architectureNamed(imageTag(releaseImage) ?? "") };
    return (["release", "releaseImage"] as const).flatMap((key) =>
      named[key] === undefined || named[key] === machines
        ? []
        : [
            {
              key,
              wrong: `is for ${named[key]}, but masterInstanceType (${masterInstanceType}) is ${machines}`,
              allowed: `a release for ${machines} (in a tag: -${suffix}) or for several architectures (-multi)`,
              fix: `use the release for ${machines}, or instance types of ${named[key]}`,
            },
          ],
    );
  },
);

/** A DNS name has at most 253 characters (RFC 1035). A route's label with its dot takes 64 of them, and `apps.` 5. */
const MAX_CLUSTER_DOMAIN_CHARACTERS = 253 - 64 - 5;

/** The cluster's domain must leave room for the longest host name below it. */
export const clusterDomainFits = rule(["clusterName", "baseDomain"], ({ clusterName, baseDomain }) => {
  const domain = `${clusterName}.${baseDomain}`;
  if (domain.length <= MAX_CLUSTER_DOMAIN_CHARACTERS) return [];
  return [
    {
      key: "baseDomain",
      wrong: `makes the cluster's domain ${domain.length} characters long`,
      allowed: `at most ${MAX_CLUSTER_DOMAIN_CHARACTERS} characters for <clusterName>.<baseDomain>, so that a route's name fits in front of it`,
      fix: "shorten clusterName or choose a shorter baseDomain",
    },
  ];
});

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
        wrong: `has no AMI for ${region}: the AMIs of ${name} ${minorName(minor)} (${file}) are in other AWS partitions`,
        allowed: `a release with an AMI in the partition ${partition}`,
        fix: setCommand("release", CURRENT[distribution]),
      },
    ];
  },
);
