import { infraIdPrefix } from "../../ignition/infra-id";
import { type Flaw, setCommand } from "../finding";
import { RESERVED_STARTS } from "./bucket";

/** 63, the longest DNS label, less nine for the `\052.apps` that Route 53 makes of `*.apps` (openshift/installer, pkg/validate, ClusterName). */
const LONGEST = 54;

/** Names that AWS refuses at the start, because the names of our resources start with the cluster's. */
const REFUSED_STARTS: readonly { readonly start: string; readonly by: string }[] = [
  { start: "internal-", by: "load balancers" }, // ELB API reference, CreateLoadBalancer
  { start: "sg-", by: "security groups" }, // EC2 API reference, CreateSecurityGroup
  ...RESERVED_STARTS.map((start) => ({ start, by: "buckets" })),
];

/** The infrastructure ID without its five random characters, for example `dev-`: what every name of the cluster's resources starts with. */
export function infrastructureIdPrefix(clusterName: string): string {
  return `${infraIdPrefix(clusterName)}-`;
}

/** Whether a name can be the cluster's: a DNS label that leaves room for `*.apps`, and the start of names that AWS takes. */
export function clusterNameFlaw(name: string): Flaw | undefined {
  if (name.includes(".")) {
    const [label = "", ...domain] = name.split(".");
    return {
      wrong: "has a dot, but it is one label of the domain",
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
  if (strange.length > 0) return { wrong: `has characters that a host name can't have: ${strange.join(" ")}`, instead };
  if (name.startsWith("-") || name.endsWith("-")) return { wrong: "starts or ends with a hyphen", instead };
  if (name.length > LONGEST) return { wrong: `has ${name.length} characters, more than ${LONGEST}`, instead };
  // The double hyphen becomes a single one in resources' names, but the domain's name keeps it, and programs that decode such labels refuse those that aren't encoded.
  if (name.startsWith("xn--"))
    return { wrong: "starts with xn--, which marks an encoded international name", instead: `okd-${name.slice("xn--".length)}` };
  const refused = REFUSED_STARTS.find(({ start }) => infrastructureIdPrefix(name).startsWith(start));
  if (refused) {
    return {
      wrong: `would start every resource's name with "${refused.start}", which AWS refuses for ${refused.by}`,
      instead: `okd-${name}`.slice(0, LONGEST),
    };
  }
  return undefined;
}
