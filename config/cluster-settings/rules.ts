import { type KeyProblem, setCommand } from "../finding";
import { hasFeature, sinceOf } from "../releases/facts";
import { nameOf } from "../releases/minor";
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
      wrong: `is Modern, but with ${nameOf(minor)} etcd may not start with TLS 1.3 as its minimum version`,
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
      text: `Modern works with ${nameOf(minor)}, but OpenShift supports it only from ${sinceOf("tls-modern-supported")} on.`,
      fix: SET_INTERMEDIATE,
    },
  ];
});
