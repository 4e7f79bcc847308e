import type { ValueProblem } from "../finding";
import { rule } from "../rule";

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** A DNS name has at most 253 characters (RFC 1035). A route's label with its dot takes 64 of them, and `apps.` 5. */
const LONGEST_CLUSTER_DOMAIN = 253 - 64 - 5;

/** Checks a base domain: a lower-case DNS name of at least two labels. */
export function baseDomainProblem(domain: string): ValueProblem | undefined {
  const [host] = domain
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, "")
    .split(/[:/]/);
  const bare = host
    .split(".")
    .filter((label) => label !== "")
    .join(".");
  const instead = bare.includes(".") && bare.split(".").every((label) => LABEL.test(label)) ? bare : "example.com";
  if (/^[a-z]+:\/\//i.test(domain)) return { wrong: "is a URL, not a domain", instead };
  if (domain !== domain.toLowerCase()) return { wrong: "has capital letters", instead };
  if (domain.endsWith(".") || domain.startsWith(".")) return { wrong: "starts or ends with a dot", instead };
  const labels = domain.split(".");
  const bad = labels.find((label) => !LABEL.test(label));
  if (bad !== undefined) return { wrong: `has an invalid part: ${JSON.stringify(bad)}`, instead };
  if (labels.length < 2) return { wrong: "is a single word, for which no hosted zone can be created", instead };
  if (/^\d+$/.test(labels.at(-1) ?? "")) return { wrong: "is an address, not a domain", instead };
  return undefined;
}

/** The cluster's domain must leave room for the longest host name below it. */
export const clusterDomainFits = rule(["clusterName", "baseDomain"], ({ clusterName, baseDomain }) => {
  const domain = `${clusterName}.${baseDomain}`;
  if (domain.length <= LONGEST_CLUSTER_DOMAIN) return [];
  return [
    {
      key: "baseDomain",
      wrong: `makes the cluster's domain ${domain.length} characters long`,
      allowed: `at most ${LONGEST_CLUSTER_DOMAIN} characters for <clusterName>.<baseDomain>, so that a route's name fits in front of it`,
      fix: "shorten clusterName or choose a shorter baseDomain",
    },
  ];
});
