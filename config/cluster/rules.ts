import { type KeyProblem, type ValueProblem, setCommand } from "../finding";
import { parseInstanceType } from "../instance-type";
import { CURRENT } from "../releases/current";
import { isAtLeast } from "../releases/minor";
import { oldestOf } from "../releases/table";
import { parseVersion } from "../releases/version";
import { rule } from "../rule";

/** Checks a version of OKD or OpenShift. */
export function releaseProblem(release: string): ValueProblem | undefined {
  if (parseVersion(release) !== undefined) return undefined;
  if (/\.okd-\d/.test(release)) return { wrong: "is a release of OKD on Fedora CoreOS; these ended with 4.15" };
  if (/^v\d/.test(release) && parseVersion(release.slice(1)) !== undefined) return { wrong: "starts with a v", instead: release.slice(1) };
  return { wrong: "is not a version of OKD or OpenShift" };
}

/**
 * The release must be a version of the distribution that this project can install. OpenShift 4.14 is the first whose pod network is
 * OVN-Kubernetes with the internal CIDR blocks that config/network/fields.ts reserves. OKD 4.16 is the first on CentOS Stream CoreOS. There is no
 * upper limit, because each release brings its own installer.
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

const IMAGE = /^(?<host>[a-z0-9.-]+(?::\d+)?)\/(?<path>[a-z0-9._/-]+)(?:@sha256:[0-9a-f]{64}|:(?<tag>[\w.-]{1,128}))$/;

/** Checks a full pull specification. */
export function releaseImageProblem(image: string): ValueProblem | undefined {
  if (/^[a-z]+:\/\//.test(image)) return { wrong: "has a scheme", instead: image.replace(/^[a-z]+:\/\/([^/@]*@)?/, "") };
  const parts = IMAGE.exec(image)?.groups;
  if (!parts) return { wrong: "is not a pull specification with a tag or a digest" };
  if (!/[.:]/.test(parts["host"] ?? "")) return { wrong: "names no registry" };
  return undefined;
}

/** The registry of a pull specification that {@link releaseImageProblem} accepts. */
export function registryOf(image: string): string {
  return image.split("/")[0] ?? "";
}

function tagOf(image: string): string | undefined {
  return IMAGE.exec(image)?.groups?.["tag"];
}

/** If the tag of the release image is a version, it must be that of `release`. */
export const releaseImageMatchesRelease = rule(["release", "releaseImage"], ({ release, releaseImage }) => {
  const tag = tagOf(releaseImage);
  if (tag === undefined || !/^\d+\.\d+\.\d+/.test(tag) || tag === release || tag.startsWith(`${release}-`)) return [];
  return [
    {
      key: "releaseImage",
      wrong: `has the tag ${tag}, but release is ${release}`,
      fix: `use the same version in both, or the digest of the image`,
    },
  ];
});

/** Architectures in release tags and versions, with the installer's spelling. A multi-architecture image (`-multi`) works for all. */
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
 * If release and release image name an architecture, it must be the instances'. The installer itself would check this only after it has
 * pulled the image.
 */
export const releaseFitsArchitecture = rule(
  ["release", "releaseImage", "masterInstanceType"],
  ({ release, releaseImage, masterInstanceType }): KeyProblem[] => {
    const machines = parseInstanceType(masterInstanceType)?.architecture ?? "amd64";
    const suffix = { amd64: "x86_64", arm64: "aarch64" }[machines];
    const named = { release: architectureNamed(release), releaseImage: architectureNamed(tagOf(releaseImage) ?? "") };
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
