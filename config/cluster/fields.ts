import { infraIdPrefix } from "../../lib/openshift/infra-id";
import { type ValueProblem, setCommand } from "../finding";
import { RESERVED_STARTS } from "../bucket-name";

/**
 * A DNS label has at most 63 characters; nine are reserved for `\052.apps`, Route 53's form of `*.apps` (openshift/installer, pkg/validate,
 * ClusterName).
 */
const LONGEST = 54;

/** Starts of names that AWS refuses; the names of our resources start with the cluster's name. */
const REFUSED_STARTS: readonly { readonly start: string; readonly by: string }[] = [
  { start: "internal-", by: "load balancers" }, // ELB API reference, CreateLoadBalancer
  { start: "sg-", by: "security groups" }, // EC2 API reference, CreateSecurityGroup
  ...RESERVED_STARTS.map((start) => ({ start, by: "buckets" })),
];

/** The infrastructure ID without its five random characters, for example `dev-`: the start of the name of every resource of the cluster. */
export function infrastructureIdPrefix(clusterName: string): string {
  return `${infraIdPrefix(clusterName)}-`;
}

/** Checks the cluster's name: a DNS label that leaves room for `*.apps`, with which resource names on AWS may start. */
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
    .slice(0, LONGEST)
    .split("-")
    .filter((part) => part !== "")
    .join("-");
  const instead = suggestion === "" ? "dev" : suggestion;
  const strange = [...new Set(name.match(/[^a-z0-9-]/g) ?? [])];
  if (strange.length > 0) return { wrong: `has characters that are not allowed in host names: ${strange.join(" ")}`, instead };
  if (name.startsWith("-") || name.endsWith("-")) return { wrong: "starts or ends with a hyphen", instead };
  if (name.length > LONGEST) return { wrong: `has ${name.length} characters, more than ${LONGEST}`, instead };
  // Resource names get a single hyphen, but the domain keeps the double one, and programs that decode xn-- labels refuse those that aren't
  // encoded.
  if (name.startsWith("xn--"))
    return { wrong: "starts with xn--, which marks an encoded international name", instead: `okd-${name.slice("xn--".length)}` };
  const refused = REFUSED_STARTS.find(({ start }) => infrastructureIdPrefix(name).startsWith(start));
  if (refused) {
    return {
      wrong: `would make resource names start with "${refused.start}", which AWS refuses for ${refused.by}`,
      instead: `okd-${name}`.slice(0, LONGEST),
    };
  }
  return undefined;
}
