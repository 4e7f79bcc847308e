import { describeOpening, type Opening, openingsOf, openingTypes, opensPort } from "../openings";
import { isPrefixList, isWithin, named } from "../ranges";
import { oneOf, type Refusal, rule } from "../rule";
import { flag, shown, unknown } from "../value";
import { machineConfigPorts } from "./machine-config-server";

/** Ports that people who run the cluster come in by: ssh, and the bootstrap machine's journal (reference, section 4). */
const adminPorts: readonly string[] = ["22", "19531"];

/** The Kubernetes API's port, which in a private cluster everyone may reach who is connected to the VPC. */
export const apiPort = "6443";

/** What a published cluster shows everyone: its API, and the applications (reference, section 3). */
export const publicPorts: readonly string[] = ["80", "443", apiPort];

/** Balancers, which are on the internet unless they are said to be internal. */
const balancerTypes = ["aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer", "aws:elb/loadBalancer:LoadBalancer"];

interface ExposureSettings extends Record<string, readonly string[]> {
  readonly machineRanges: readonly string[];
  /** Ranges of people who run the cluster. */
  readonly adminRanges: readonly string[];
  /** Ports that everyone may reach; none in a private cluster, which has no balancer on the internet either. */
  readonly publicPorts: readonly string[];
  /** Ports that everyone may reach who has a way to the machines' private addresses: the internal load balancer's. */
  readonly connectedPorts: readonly string[];
}

export const exposure = rule<ExposureSettings>({
  name: "exposure",
  description: "The cluster is open only to those to whom the configuration opens it.",
  defaults: { machineRanges: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"], adminRanges: [], publicPorts: [], connectedPorts: [] },
  appliesTo: oneOf([...openingTypes, ...balancerTypes]),
  check(resource, settings) {
    if (balancerTypes.includes(resource.type)) return checkBalancer(resource.properties.internal, settings);
    return openingsOf(resource)
      .filter((opening) => !machineConfigPorts.some((port) => opensPort(opening, port)) || staysInside(opening, settings))
      .flatMap((opening) => checkOpening(opening, settings));
  },
});

function staysInside({ ranges }: Opening, { machineRanges }: ExposureSettings): boolean {
  return ranges.every((range) => isWithin(range, machineRanges));
}

function checkOpening(opening: Opening, settings: ExposureSettings): Refusal[] {
  const { machineRanges, adminRanges } = settings;
  const only = (ports: readonly string[]): boolean =>
    opening.protocol === "tcp" && opening.firstPort === opening.lastPort && ports.includes(String(opening.firstPort));
  const beyond = opening.ranges.filter((range) => !isWithin(range, machineRanges));
  if (only([...settings.publicPorts, ...settings.connectedPorts])) return [];
  const wrong = only(adminPorts) ? beyond.filter((range) => !isWithin(range, adminRanges)) : beyond;
  if (wrong.length === 0) return [];
  return [
    {
      wrong: "opens what the configuration doesn't open",
      value: describeOpening(opening, wrong),
      allowed:
        `anything from machines (${named(machineRanges)}); ports ${adminPorts.join(" and ")} from adminCidrs (${named(adminRanges)}); ` +
        `ports ${named([...new Set([...settings.publicPorts, ...settings.connectedPorts])])} from everywhere, by publish`,
      fix: fixOf(wrong, only(adminPorts)),
    },
  ];
}

function fixOf(wrong: readonly string[], forAdmins: boolean): string {
  if (wrong.some(isPrefixList)) return "write the list's ranges in its place, which a preview can see, or take the rule away";
  return forAdmins
    ? "add the range of the people who need it to adminCidrs, as narrow as it can be, or take the rule away"
    : "take the rule away, or narrow its ports and source";
}

function checkBalancer(internal: Parameters<typeof flag>[0], settings: ExposureSettings): Refusal[] {
  if (internal === unknown || flag(internal) === true || settings.publicPorts.length > 0) return [];
  return [
    {
      wrong: "is a load balancer on the internet, of a cluster that isn't published",
      value: `internal: ${shown(internal)}`,
      allowed: "internal: true, since publish is Internal",
      fix: "make the balancer internal; or, if the cluster is to be public, set publish to External",
    },
  ];
}
