import { enabledCapabilities } from "../capabilities";
import { type KeyProblem, removeCommand, setCommand } from "../problem";
import { httpsIsProxied, missingProxy } from "../proxy/fields";
import { CURRENT_MINOR } from "../releases/current";
import { capabilitiesOf } from "../releases/facts";
import { minorOf } from "../releases/version";
import { rule } from "../rule";
import type { Warning } from "../warning";
import { isDisconnected } from "./fields";

/** The mirror is the registry on the installer host. */
export const mirrorNeedsHost = rule(["mirror", "installerHost"], ({ mirror, installerHost }): KeyProblem[] => {
  if (mirror === "none" || installerHost) return [];
  return [
    {
      key: "mirror",
      wrong: `is ${mirror}, which needs the installer host's registry, but installerHost is false`,
      allowed: "none with installerHost false",
      fix: `${setCommand("installerHost", "true")}, or ${setCommand("mirror", "none")}`,
    },
  ];
});

/** An air-gapped installer host gets everything from the archive; no other mode reads it. */
export const archiveIsForAirGapped = rule(["mirror", "mirrorArchive"], ({ mirror, mirrorArchive }): KeyProblem[] => {
  if ((mirror === "air-gapped") === (mirrorArchive !== "")) return [];
  if (mirrorArchive === "") {
    const wrong = "is not set, but with mirror air-gapped it is the installer host's only source of images and tools";
    return [{ key: "mirrorArchive", wrong, fix: setCommand("mirrorArchive", `s3://okd-archive/${CURRENT_MINOR}`) }];
  }
  return [
    {
      key: "mirrorArchive",
      wrong: `is set, but mirror is ${mirror}`,
      allowed: "only with mirror air-gapped",
      fix: `${setCommand("mirror", "air-gapped")}, or ${removeCommand("mirrorArchive")}`,
    },
  ];
});

/** Disconnected nodes have no NAT gateways. The rule accepts `per-zone`, because it can't tell this default from a missing value. */
export const disconnectedNodesHaveNoNat = rule(["mirror", "vpcId", "natGateways"], ({ mirror, vpcId, natGateways }): KeyProblem[] => {
  if (!isDisconnected(mirror) || vpcId !== "" || natGateways !== "single") return [];
  return [
    {
      key: "natGateways",
      wrong: `is single, but with mirror ${mirror} nodes have no route to the internet`,
      allowed: `not set with mirror ${mirror}`,
      fix: `${removeCommand("natGateways")}, or ${setCommand("mirror", "fallback")}`,
    },
  ];
});

/** An air-gapped cluster has no public name and no public load balancer. */
export const airGappedIsInternal = rule(["mirror", "publish"], ({ mirror, publish }): KeyProblem[] => {
  if (mirror !== "air-gapped" || publish === "Internal") return [];
  return [
    {
      key: "publish",
      wrong: "is External, but an air-gapped network has no internet gateway, so the API can't be reached from the internet",
      allowed: "Internal with mirror air-gapped",
      fix: `${setCommand("publish", "Internal")}, or ${setCommand("mirror", "restricted")}`,
    },
  ];
});

/** With mirror restricted the installer host itself needs egress: a public subnet, or the proxy. */
export const restrictedMirrorHasEgress = rule(
  ["mirror", "vpcId", "publicSubnetIds", "httpsProxy", "noProxy"],
  ({ mirror, vpcId, publicSubnetIds, httpsProxy, noProxy }): KeyProblem[] => {
    if (mirror !== "restricted" || vpcId === "" || publicSubnetIds.length > 0 || httpsIsProxied({ httpsProxy, noProxy })) return [];
    return [
      {
        key: "mirror",
        wrong: `is restricted, but in this existing VPC the installer host can't fetch images: it has neither a public subnet nor ${missingProxy(noProxy)}`,
        allowed: "restricted with publicSubnetIds (publish External) or httpsProxy; air-gapped with an archive in S3",
        fix: `${setCommand("httpsProxy", "http://proxy.example.com:3128")}, or ${setCommand("mirror", "air-gapped")}`,
      },
    ];
  },
);

/**
 * Images are mirrored by digest. The bootstrap instance ignores mirrors for tags, and an air-gapped host can't resolve a tag at the public
 * registry (openshift/oc-mirror, `internal/pkg/release/cincinnati.go`).
 */
export const disconnectedReleaseIsByDigest = rule(["mirror", "releaseImage"], ({ mirror, releaseImage }): KeyProblem[] => {
  if (!isDisconnected(mirror) || releaseImage.includes("@sha256:")) return [];
  if (releaseImage === "" && mirror === "restricted") return [];
  return [
    {
      key: "releaseImage",
      wrong:
        releaseImage === ""
          ? "is not set, but an air-gapped host can't look up the release's image"
          : `names a tag, but disconnected nodes find images only by digest`,
      allowed: 'the release image with its digest (oc adm release info <release>, "Pull From")',
      fix: setCommand("releaseImage", `quay.io/okd/scos-release@sha256:${"0123456789abcdef".repeat(4)}`),
    },
  ];
});

/**
 * The operators of ingress, authentication and console call routes through the default router's load balancer, so the nodes must reach it
 * (openshift/cluster-ingress-operator, pkg/operator/controller/canary).
 */
export const disconnectedNodesReachTheirRouter = rule<"mirror" | "publish" | "httpsProxy" | "noProxy" | "vpcId", Warning>(
  ["mirror", "publish", "httpsProxy", "noProxy", "vpcId"],
  ({ mirror, publish, httpsProxy, noProxy, vpcId }) => {
    if (!isDisconnected(mirror) || publish !== "External" || httpsIsProxied({ httpsProxy, noProxy })) return [];
    const unless = vpcId === "" ? "" : ", unless the VPC has a route to the internet";
    return [
      {
        key: "publish",
        text:
          `The default router's load balancer has only public addresses, which the nodes can't reach with mirror ${mirror}${unless}. ` +
          "The operators of ingress, authentication and console then stay degraded, and the installation does not complete.",
        fix: setCommand("publish", "Internal"),
      },
    ];
  },
);

/** The capabilities that are needed to install an operator from a catalog (openshift/api, `config/v1/types_cluster_version.go`). */
const operatorInstallers = ["OperatorLifecycleManager", "marketplace"];

/**
 * The cluster's own update service is only for OpenShift clusters that can't reach the public update service. It needs the capabilities
 * without which its operator can't be installed.
 */
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
