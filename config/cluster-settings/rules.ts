import { parseInstanceType } from "../instance-type";
import { type KeyProblem, setCommand } from "../problem";
import { hasFeature, sinceOf } from "../releases/facts";
import { minorName } from "../releases/minor";
import { minorOf } from "../releases/version";
import { rule } from "../rule";
import type { Warning } from "../warning";

const SET_INTERMEDIATE = setCommand("tlsProfile", "Intermediate");

/**
 * Modern means TLS 1.3 as the minimum version. Before 4.19 the etcd operator writes settings with which etcd does not start
 * (openshift/cluster-etcd-operator, commits c8802dd, release-4.18, and c66a71f, first in release-4.19).
 */
export const modernTlsStartsEtcd = rule(["tlsProfile", "release"], ({ tlsProfile, release }): KeyProblem[] => {
  const minor = minorOf(release);
  if (tlsProfile !== "Modern" || hasFeature(minor, "tls-modern")) return [];
  const since = sinceOf("tls-modern");
  return [
    {
      key: "tlsProfile",
      wrong: `is Modern, but with ${minorName(minor)} etcd may not start with TLS 1.3 as its minimum version`,
      allowed: `Modern with release ${since} or later; Old or Intermediate`,
      fix: `${SET_INTERMEDIATE}, or install release ${since} or later`,
    },
  ];
});

/**
 * Up to 4.20 the API's documentation says that Modern is not supported (openshift/api, `config/v1/types_apiserver.go`, release-4.20; no
 * longer in release-4.21).
 */
export const modernTlsIsSupported = rule<"tlsProfile" | "release", Warning>(["tlsProfile", "release"], ({ tlsProfile, release }) => {
  const minor = minorOf(release);
  if (tlsProfile !== "Modern" || hasFeature(minor, "tls-modern-supported")) return [];
  return [
    {
      key: "tlsProfile",
      text: `Modern works with ${minorName(minor)}, but OpenShift supports it only from ${sinceOf("tls-modern-supported")} on.`,
      fix: SET_INTERMEDIATE,
    },
  ];
});

/** The cluster has two pools of nodes, master and worker; infra nodes are workers. */
export const nodeTuningNamesKnownPools = rule(["nodeTuning"], ({ nodeTuning }) =>
  Object.keys(nodeTuning)
    .filter((pool) => pool !== "master" && pool !== "worker")
    .map((pool) => ({
      key: "nodeTuning",
      wrong: `has the pool ${JSON.stringify(pool)}, which does not exist`,
      allowed: "master, worker",
      fix: "use the pool master or worker; infra nodes are workers",
    })),
);

/** Refuses a color of the banner without a text: there would be no banner. */
export const bannerColorsNeedText = rule(
  ["consoleBanner", "consoleBannerColor", "consoleBannerBackground"],
  ({ consoleBanner, consoleBannerColor, consoleBannerBackground }) =>
    consoleBanner !== "" || consoleBannerColor + consoleBannerBackground === ""
      ? []
      : [{ key: "consoleBanner", wrong: "is not set, but a color of the banner is set", fix: setCommand("consoleBanner", "Production") }],
);

/** A link in the application menu needs a section (openshift/console-operator, `manifests`); links in other menus have none. */
export const linksOfTheMenuHaveASection = rule(["consoleLinks"], ({ consoleLinks }) =>
  consoleLinks.flatMap(({ name, location, section }, index) => {
    const needsSection = location === "ApplicationMenu";
    if (needsSection === (section !== undefined)) return [];
    return [
      {
        key: "consoleLinks",
        wrong: `item ${index + 1} (${name}) is in the ${location} ${needsSection ? "without a section" : "with a section, which only the ApplicationMenu has"}`,
        fix: needsSection ? "add section" : "remove section, or set location to ApplicationMenu",
      },
    ];
  }),
);

/**
 * A forced update takes its image from the configuration. The cluster does not verify the image's signature, so the configuration should name
 * the image by its digest.
 */
export const forcedUpdateHasAnImage = rule(
  ["forceUpdate", "releaseImage", "release", "distribution", "masterInstanceType"],
  ({ forceUpdate, releaseImage, release, distribution, masterInstanceType }) => {
    if (!forceUpdate || releaseImage !== "") return [];
    const repository = distribution === "okd" ? "quay.io/okd/scos-release" : "quay.io/openshift-release-dev/ocp-release";
    const suffix = { amd64: "x86_64", arm64: "aarch64" }[parseInstanceType(masterInstanceType)?.architecture ?? "amd64"];
    const tag = distribution === "okd" ? release : `${release}-${suffix}`;
    return [
      {
        key: "forceUpdate",
        wrong: "is true, but releaseImage is not set: it must name the image of a forced update",
        fix: `${setCommand("releaseImage", `${repository}@sha256:<digest>`)}, with the digest that "oc adm release info --output 'jsonpath={.digest}' ${repository}:${tag}" prints`,
      },
    ];
  },
);
