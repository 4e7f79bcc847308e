import { type Flaw, setCommand } from "../finding";
import { rule } from "../rule";

interface Form {
  readonly pattern: RegExp;
  readonly oldestMinor: number;
  readonly allowed: string;
  readonly example: string;
}

/**
 * OpenShift 4.14 is the first whose pods' network is OVN-Kubernetes with the internal ranges that rules/ranges.ts keeps free. OKD 4.16 is the first on
 * CentOS Stream CoreOS with versions of this form; before it OKD was built on Fedora CoreOS. There is no newest: each release brings its own
 * installer, which refuses what it doesn't know.
 */
const FORMS: Readonly<Record<"okd" | "openshift", Form>> = {
  okd: {
    pattern: /^4\.(\d+)\.\d+-okd-scos\.(?:ec\.|rc\.)?\d+$/,
    oldestMinor: 16,
    allowed: "an OKD version from 4.16 on, such as 4.19.0-okd-scos.1",
    example: "4.19.0-okd-scos.1",
  },
  openshift: {
    pattern: /^4\.(\d+)\.\d+(?:-(?:ec|rc)\.\d+)?$/,
    oldestMinor: 14,
    allowed: "an OpenShift version from 4.14 on, such as 4.19.3",
    example: "4.19.3",
  },
};

/** Minor version of a release; undefined for a text that is no release of any form. */
export function minorOf(release: string): number | undefined {
  const match = FORMS.okd.pattern.exec(release) ?? FORMS.openshift.pattern.exec(release);
  return match ? Number(match[1]) : undefined;
}

/** The release is a version of the distribution, and one that this project can install. */
export const releaseMatchesDistribution = rule(["distribution", "release"], ({ distribution, release }) => {
  const form = FORMS[distribution];
  const other = distribution === "okd" ? "openshift" : "okd";
  const problem = (wrong: string, fix = setCommand("release", form.example)) => [{ key: "release", wrong, allowed: form.allowed, fix }];
  const match = form.pattern.exec(release);
  if (match) return Number(match[1]) < form.oldestMinor ? problem(`is older than 4.${form.oldestMinor}`) : [];
  if (FORMS[other].pattern.test(release)) {
    return problem(
      `is a version of ${other}, but distribution is ${distribution}`,
      `${setCommand("distribution", other)}, or ${setCommand("release", form.example)}`,
    );
  }
  if (/\.okd-\d/.test(release)) return problem("is a release of OKD on Fedora CoreOS, which ended with 4.15");
  if (/^v\d/.test(release)) return problem("starts with a v", setCommand("release", release.slice(1)));
  return problem(`is not a version of ${distribution}`);
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

/** A release image whose tag is a version is of the release that is named. */
export const releaseImageMatchesRelease = rule(["release", "releaseImage"], ({ release, releaseImage }) => {
  const tag = IMAGE.exec(releaseImage)?.groups?.["tag"];
  if (tag === undefined || !/^4\.\d+\.\d+/.test(tag) || tag === release || tag.startsWith(`${release}-`)) return [];
  return [
    {
      key: "releaseImage",
      wrong: `has the tag ${tag}, but release is ${release}`,
      fix: `make the two name the same version, or give the image by its digest`,
    },
  ];
});
