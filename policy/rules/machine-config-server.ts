import { describeOpening, openingsOf, openingTypes, opensPort } from "../openings";
import { isWithin, named } from "../ranges";
import { oneOf, rule } from "../rule";

/** The machine config server's ports, with TLS and without; it hands the machines' ignition configs, with their secrets, to whoever asks. */
export const machineConfigPorts: readonly number[] = [22623, 22624];

/** Private addresses (RFC 1918), where nobody says which the machines have. */
const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

export const machineConfigServer = rule({
  name: "machine-config-server",
  description: "The machine config server is reached from machines only.",
  defaults: { machineRanges: privateRanges },
  appliesTo: oneOf(openingTypes),
  check: (resource, { machineRanges }) =>
    openingsOf(resource).flatMap((opening) => {
      const port = machineConfigPorts.find((each) => opensPort(opening, each));
      const ranges = opening.ranges.filter((range) => !isWithin(range, machineRanges));
      if (port === undefined || ranges.length === 0) return [];
      return {
        wrong: `opens port ${port} of the machine config server, whose answers hold the machines' secrets, to others than machines`,
        value: describeOpening(opening, ranges),
        allowed: `the machines' ranges: ${named(machineRanges)}`,
        fix: "let the rule's source be the machines' range (vpcCidr or machineCidr) or their security group, or leave the port out",
      };
    }),
});
