import type { Distribution } from "./distribution";
import { type Minor, minorNamed } from "./minor";

/** Development stage of a release; stable channels offer only `final` releases. */
export type ReleaseStage = "ec" | "rc" | "nightly" | "final";

/** A version of one of the distributions. */
export interface Version {
  readonly distribution: Distribution;
  readonly minor: Minor;
  readonly stage: ReleaseStage;
}

interface Form {
  readonly distribution: Distribution;
  /** With the group `minor`, and the group `stage` if the version can name one. */
  readonly pattern: RegExp;
  /** Stage of a version without the group `stage`. */
  readonly otherwise: ReleaseStage;
}

/**
 * The forms of versions. OpenShift: openshift/cincinnati-graph-data, `channels/candidate-4.22.yaml` and `channels/candidate-5.0.yaml` on
 * master (numbers, ec, rc); nightly builds and their architecture: openshift/release, `core-services/release-controller`, unverified. OKD:
 * the release pages of okd-project/okd (4.22.0-okd-scos.7, 5.0.0-okd-scos.ec.8), and, for the older form, of okd-project/okd-scos
 * (4.14.0-0.okd-scos-2024-01-30-032525).
 */
const FORMS: readonly Form[] = [
  { distribution: "okd", pattern: /^(?<minor>\d{1,3}\.\d{1,3})\.\d{1,4}-okd-scos\.(?:(?<stage>ec|rc)\.)?\d{1,4}$/, otherwise: "final" },
  { distribution: "okd", pattern: /^(?<minor>\d{1,3}\.\d{1,3})\.\d{1,4}-0\.okd-scos-\d{4}-\d{2}-\d{2}-\d{6}$/, otherwise: "final" },
  { distribution: "openshift", pattern: /^(?<minor>\d{1,3}\.\d{1,3})\.\d{1,4}(?:-(?<stage>ec|rc)\.\d{1,4})?$/, otherwise: "final" },
  {
    distribution: "openshift",
    pattern: /^(?<minor>\d{1,3}\.\d{1,3})\.\d{1,4}-0\.(?:konflux-)?(?:nightly|ci)(?:-[a-z0-9]{3,8})?-\d{4}-\d{2}-\d{2}-\d{6}$/,
    otherwise: "nightly",
  },
];

/** Parses a version of either distribution; undefined if the text is neither. */
export function parseVersion(text: string): Version | undefined {
  for (const { distribution, pattern, otherwise } of FORMS) {
    const groups = pattern.exec(text)?.groups;
    if (groups)
      return { distribution, minor: minorNamed(groups["minor"]), stage: (groups["stage"] as ReleaseStage | undefined) ?? otherwise };
  }
  return undefined;
}

/** Whether an OKD version names the build's date, like the first OKD releases on CentOS Stream CoreOS. */
export function isNamedByDate(version: string): boolean {
  return version.includes("-0.okd-scos-");
}

/**
 * The minor release of a version that was checked before.
 *
 * @throws Error for a text that is not a version of a distribution.
 */
export function minorOf(version: string): Minor {
  const parsed = parseVersion(version);
  if (parsed === undefined) throw new Error(`${version} is not a version of OKD or OpenShift`);
  return parsed.minor;
}
