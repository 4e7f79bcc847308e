import { type Finding, type Flaw, setCommand } from "../finding";
import { parseInstanceType } from "../instance-type";
import { CURRENT } from "../releases/current";
import { isAtLeast } from "../releases/minor";
import { oldestOf } from "../releases/table";
import { parseVersion } from "../releases/version";
import { rule } from "../rule";

/** Whether a text is a version of OKD or OpenShift. */
export function releaseFlaw(release: string): Flaw | undefined {
  if (parseVersion(release) !== undefined) return undefined;
  if (/\.okd-\d/.test(release)) return { wrong: "is a release of OKD on Fedora CoreOS, which ended with 4.15" };
  if (/^v\d/.test(release) && parseVersion(release.slice(1)) !== undefined) return { wrong: "starts with a v", instead: release.slice(1) };
  return { wrong: "is not a version of OKD or OpenShift" };
}

/**
 * The release is a version of the distribution, and one that this project can install. OpenShift 4.14 is the first whose pods' network is OVN-Kubernetes with the
 * internal ranges that rules/ranges.ts keeps free. OKD 4.16 is the first on CentOS Stream CoreOS. There is no newest: each release brings its own installer.
 */
export const releaseMatchesDistribution = rule(["distribution", "release"], ({ distribution, release }): Finding[] => {
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

/** Whether a text is a full pull specification. */
export function releaseImageFlaw(image: string): Flaw | undefined {
  if (/^[a-z]+:\/\//.test(image)) return { wrong: "has a scheme", instead: image.replace(/^[a-z]+:\/\/([^/@]*@)?/, "") };
  const parts = IMAGE.exec(image)?.groups;
  if (!parts) return { wrong: "is not a pull specification with a tag or a digest" };
  if (!/[.:]/.test(parts["host"] ?? "")) return { wrong: "names no registry" };
  return undefined;
}

/** The registry of a pull specification that {@link releaseImageFlaw} accepts. */
export function registryOf(image: string): string {
  return image.split("/")[0] ?? "";
}

function tagOf(image: string): string | undefined {
  return IMAGE.exec(image)?.groups?.["tag"];
}

/** A release image whose tag is a version is of the release that is named. */
export const releaseImageMatchesRelease = rule(["release", "releaseImage"], ({ release, releaseImage }) => {
  const tag = tagOf(releaseImage);
  if (tag === undefined || !/^\d+\.\d+\.\d+/.test(tag) || tag === release || tag.startsWith(`${release}-`)) return [];
  return [
    {
      key: "releaseImage",
      wrong: `has the tag ${tag}, but release is ${release}`,
      fix: `make the two name the same version, or give the image by its digest`,
    },
  ];
});

/** Architectures as release tags and versions name them, in the installer's spelling. A multi-architecture image (`-multi`) serves all. */
const ARCHITECTURES: Readonly<Record<string, string>> = {
  x86_64: "amd64",
  amd64: "amd64",
  aarch64: "arm64",
  arm64: "arm64",
  ppc64le: "ppc64le",
  s390x: "s390x",
};

/** The architecture that a version or a tag names, such as `4.19.3-aarch64` or `4.22.0-0.nightly-arm64-2026-03-01-000000`. */
function architectureNamed(text: string): string | undefined {
  const named = text.split("-").find((word) => word in ARCHITECTURES);
  return named === undefined ? undefined : ARCHITECTURES[named];
}

/** Release and release image are for the machines' architecture, where they name one. The installer compares them only after it has fetched the image. */
export const releaseFitsArchitecture = rule(
  ["release", "releaseImage", "masterInstanceType"],
  ({ release, releaseImage, masterInstanceType }): Finding[] => {
    const machines = parseInstanceType(masterInstanceType)?.architecture ?? "amd64";
    const suffix = { amd64: "x86_64", arm64: "aarch64" }[machines];
    const named = { release: architectureNamed(release), releaseImage: architectureNamed(tagOf(releaseImage) ?? "") };
    return (["release", "releaseImage"] as const).flatMap((key) =>
      named[key] === undefined || named[key] === machines
        ? []
        : [
            {
              key,
              wrong: `is for ${named[key]} machines, but masterInstanceType (${masterInstanceType}) is ${machines}`,
              allowed: `a release for ${machines} (in a tag: -${suffix}) or for several architectures (-multi)`,
              fix: `give the release for ${machines}, or choose machine types of ${named[key]}`,
            },
          ],
    );
  },
);
