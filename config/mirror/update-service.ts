import { enabledCapabilities } from "../capabilities";
import { type KeyProblem, removeCommand } from "../finding";
import { capabilitiesOf } from "../releases/facts";
import { minorOf } from "../releases/version";
import { rule } from "../rule";
import { isDisconnected } from "./rules";

/** The capabilities that are needed to install an operator from a catalog (openshift/api, `config/v1/types_cluster_version.go`). */
const operatorInstallers = ["OperatorLifecycleManager", "marketplace"];

/** The update service is for OpenShift clusters that can't reach the public one, and needs the capabilities that install its operator. */
export const updateServiceHasAUse = rule(
  ["updateService", "distribution", "mirror", "release", "baselineCapabilitySet", "additionalEnabledCapabilities"],
  ({
    updateService,
    distribution,
    mirror,
    release,
    baselineCapabilitySet: set,
    additionalEnabledCapabilities: additional,
  }): KeyProblem[] => {
    if (!updateService) return [];
    const minor = minorOf(release);
    const enabled = enabledCapabilities(minor, set === "" ? "vCurrent" : set, additional);
    const leftOut = capabilitiesOf(minor).filter((name) => operatorInstallers.includes(name) && !enabled.has(name));
    const problem = (wrong: string, allowed: string) => ({ key: "updateService", wrong: `is true, but ${wrong}`, allowed }) as const;
    const problems = [
      ...(distribution === "okd"
        ? [problem("distribution is okd, for which no update graph is published", "true only with distribution openshift")]
        : []),
      ...(isDisconnected(mirror)
        ? []
        : [problem(`with mirror ${mirror} the cluster uses the public update service`, "true only with mirror restricted or air-gapped")]),
      ...leftOut.map((name) =>
        problem(`the capability ${name}, which installs its operator, is not enabled`, `true only with ${name} enabled`),
      ),
    ];
    return problems.map((each) => ({ ...each, fix: removeCommand("updateService") }));
  },
);
