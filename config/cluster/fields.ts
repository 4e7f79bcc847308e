import { infraIdPrefix } from "../../lib/openshift/infra-id";
import { RESERVED_STARTS } from "../bucket-name";
import { setCommand, type ValueProblem } from "../problem";
import { parseVersion } from "../releases/version";
import { isDnsLabel } from "../object-name";

/**
 * A DNS label has at most 63 characters; nine are reserved for `\052.apps`, Route 53's form of `*.apps` (openshift/installer, pkg/validate,
 * ClusterName).
 */
const MAX_NAME_CHARACTERS = 54;

/** Beginnings that AWS refuses in names of resources. The names of the cluster's resources begin with the cluster's name. */
const REFUSED_STARTS: readonly { readonly start: string; readonly by: string }[] = [
  { start: "internal-", by: "load balancers" }, // ELB API reference, CreateLoadBalancer
  { start: "sg-", by: "security groups" }, // EC2 API reference, CreateSecurityGroup
  ...RESERVED_STARTS.map((start) => ({ start, by: "buckets" })),
];

/** The infrastructure ID without its five random characters, for example `dev-`: the start of the name of every resource of the cluster. */
export function infrastructureIdPrefix(clusterName: string): string {
  return `${infraIdPrefix(clusterName)}-`;
}

/** Checks the cluster's name: a DNS label, short enough for `*.apps` before it, and allowed as the beginning of resource names in AWS. */
export function clusterNameProblem(name: string): ValueProblem | undefined {
  if (name.includes(".")) {
    const [label = "", ...domain] = name.split(".");
    return {
      wrong: "has a dot, but the name is a single label of the domain",
      fix: `${setCommand("clusterName", label)}, and ${domain.join(".")} belongs to baseDomain`,
    };
  }
  const suggestion = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, "-")
    .slice(0, MAX_NAME_CHARACTERS)
    .split("-")
    .filter((part) => part !== "")
    .join("-");
  const instead = suggestion === "" ? "dev" : suggestion;
  const strange = [...new Set(name.match(/[^a-z0-9-]/g) ?? [])];
  if (strange.length > 0) return { wrong: `has characters that are not allowed in host names: ${strange.join(" ")}`, instead };
  if (name.startsWith("-") || name.endsWith("-")) return { wrong: "starts or ends with a hyphen", instead };
  if (name.length > MAX_NAME_CHARACTERS) return { wrong: `has ${name.length} characters, more than ${MAX_NAME_CHARACTERS}`, instead };
  // The cluster's domain would contain `xn--`, and programs that decode international names refuse such a label if it is not encoded.
  // REFUSED_STARTS can't check this, because the double hyphen becomes a single one in resource names.
  if (name.startsWith("xn--"))
    return { wrong: "starts with xn--, which marks an encoded international name", instead: `okd-${name.slice("xn--".length)}` };
  const refused = REFUSED_STARTS.find(({ start }) => infrastructureIdPrefix(name).startsWith(start));
  if (refused) {
    return {
      wrong: `would make resource names start with "${refused.start}", which AWS refuses for ${refused.by}`,
      instead: `okd-${name}`.slice(0, MAX_NAME_CHARACTERS),
    };
  }
  return undefined;
}

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
  const instead = bare.includes(".") && bare.split(".").every((label) => isDnsLabel(label)) ? bare : "example.com";
  if (/^[a-z]+:\/\//i.test(domain)) return { wrong: "is a URL, not a domain", instead };
  if (domain !== domain.toLowerCase()) return { wrong: "has capital letters", instead };
  if (domain.endsWith(".") || domain.startsWith(".")) return { wrong: "starts or ends with a dot", instead };
  const labels = domain.split(".");
  const bad = labels.find((label) => !isDnsLabel(label));
  if (bad !== undefined) return { wrong: `has an invalid part: ${JSON.stringify(bad)}`, instead };
  if (labels.length < 2) return { wrong: "is a single word, for which no hosted zone can be created", instead };
  if (/^\d+$/.test(labels.at(-1) ?? "")) return { wrong: "is an address, not a domain", instead };
  return undefined;
}

/** Checks a version of OKD or OpenShift. */
export function releaseProblem(release: string): ValueProblem | undefined {
  if (parseVersion(release) !== undefined) return undefined;
  if (/\.okd-\d/.test(release)) return { wrong: "is a release of OKD on Fedora CoreOS; these ended with 4.15" };
  if (/^v\d/.test(release) && parseVersion(release.slice(1)) !== undefined) return { wrong: "starts with a v", instead: release.slice(1) };
  return { wrong: "is not a version of OKD or OpenShift" };
}

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

/** The tag of a pull specification; undefined if it names a digest instead. */
export function imageTag(image: string): string | undefined {
  return IMAGE.exec(image)?.groups?.["tag"];
}
