import { enabledCapabilities } from "../capabilities";
import { type Finding, removeCommand } from "../finding";
import { capabilitiesOf } from "../releases/facts";
import { minorOf } from "../releases/version";
import { rule } from "../rule";
import { cutsNodesOff } from "./mirror";

/** The optional parts that install an operator out of a catalog (openshift/api, `config/v1/types_cluster_version.go`). */
const installers = ["OperatorLifecycleManager", "marketplace"];

/** An update service of its own is for an OpenShift cluster that can't ask the public one, and needs what installs its operator. */
export const updateServiceHasAUse = rule(
  ["updateService", "distribution", "mirror", "release", "baselineCapabilitySet", "additionalEnabledCapabilities"],
  ({ updateService, distribution, mirror, release, baselineCapabilitySet: set, additionalEnabledCapabilities: additional }): Finding[] => {
    if (!updateService) return [];
    const minor = minorOf(release);
    const enabled = enabledCapabilities(minor, set === "" ? "vCurrent" : set, additional);
    const leftOut = capabilitiesOf(minor).filter((name) => installers.includes(name) && !enabled.has(name));
    const finding = (wrong: string, allowed: string) => ({ key: "updateService", wrong: `is true, but ${wrong}`, allowed }) as const;
    const findings = [
      ...(distribution === "okd" ? [finding("of OKD nobody publishes which updates there are", "true with distribution openshift")] : []),
      ...(cutsNodesOff(mirror)
        ? []
        : [finding(`with mirror ${mirror} the cluster asks the public one`, "true with mirror restricted or air-gapped")]),
      ...leftOut.map((name) =>
        finding(`the capability ${name}, without which its operator can't be installed, is left out`, `true with ${name} enabled`),
      ),
    ];
    return findings.map((each) => ({ ...each, fix: removeCommand("updateService") }));
  },
);
