import type { Distribution } from "./distribution";
import { minorNamed, type MinorName, minorName } from "./minor";

/**
 * A current release of each distribution, for examples, documentation and the dev stack. OKD: github.com/okd-project/okd, release
 * 4.22.0-okd-scos.7 of 13 July 2026, marked as latest. OpenShift: openshift/cincinnati-graph-data, `channels/stable-4.22.yaml` on master of
 * August 2026.
 */
export const CURRENT: Readonly<Record<Distribution, string>> = { okd: "4.22.0-okd-scos.7", openshift: "4.22.9" };

/** The minor release of {@link CURRENT}: `4.22`. */
export const CURRENT_MINOR: MinorName = minorName(minorNamed(CURRENT.okd));
