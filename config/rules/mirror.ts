import type { Configuration, Mirror } from "../configuration";
import { type Finding, type Flaw, removeCommand, setCommand } from "../finding";
import { CURRENT_MINOR } from "../releases/current";
import { rule } from "../rule";
import type { Warning } from "../warning";
import { bucketFlaw } from "./bucket";
import { httpsIsProxied, missingProxy } from "./proxy";

/** Whether a mode leaves the nodes without any way to the internet of their own. */
export function cutsNodesOff(mode: Mirror["mode"] | "none" | undefined): boolean {
  return mode === "restricted" || mode === "air-gapped";
}

/**
 * Whether the cluster writes the records of its routes by itself: nodes that are cut off reach Route 53, which has no endpoint in a region, through
 * a proxy or not at all (reference, section 2).
 */
export function clusterWritesRecords({ mirror, proxy }: Pick<Configuration, "mirror" | "proxy">): boolean {
  return !cutsNodesOff(mirror?.mode) || proxy !== undefined;
}

/** Bucket names as S3 has them (Amazon S3 user guide, "Bucket naming rules"), and keys that need no quoting anywhere. */
const ARCHIVE = /^s3:\/\/(?<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?<prefix>(?:\/[\w.-]+)*)\/?$/;

/** Whether a text names a place in S3. */
export function archiveFlaw(location: string): Flaw | undefined {
  if (ARCHIVE.test(location)) {
    const flaw = bucketFlaw(parseArchive(location).bucket);
    return flaw && { wrong: `has a bucket that ${flaw.wrong}` };
  }
  if (!location.startsWith("s3://")) return { wrong: "is not a place in S3" };
  return { wrong: "is not a bucket, with or without a prefix of letters, digits, dots, dashes and underscores" };
}

/** Bucket and prefix (without slashes around it, empty where there is none) of a location that {@link archiveFlaw} accepts. */
export function parseArchive(location: string): { readonly bucket: string; readonly prefix: string } {
  const { bucket = "", prefix = "" } = ARCHIVE.exec(location)?.groups ?? {};
  return { bucket, prefix: prefix.replace(/^\//, "") };
}

/** A mirror is on the installer host. */
export const mirrorNeedsHost = rule(["mirror", "installerHost"], ({ mirror, installerHost }): Finding[] => {
  if (mirror === "none" || installerHost) return [];
  return [
    {
      key: "mirror",
      wrong: "needs the installer host's registry, but there is no installer host",
      allowed: "none without an installer host",
      fix: `${setCommand("installerHost", "true")}, or ${setCommand("mirror", "none")}`,
    },
  ];
});

/** An archive is what an air-gapped host lives on, and nobody else reads it. */
export const archiveIsForAirGapped = rule(["mirror", "mirrorArchive"], ({ mirror, mirrorArchive }): Finding[] => {
  if ((mirror === "air-gapped") === (mirrorArchive !== "")) return [];
  if (mirrorArchive === "") {
    const wrong = "is missing, but with mirror air-gapped the installer host has nothing else to get images and tools from";
    return [{ key: "mirrorArchive", wrong, fix: setCommand("mirrorArchive", `s3://okd-archive/${CURRENT_MINOR}`) }];
  }
  return [
    {
      key: "mirrorArchive",
      wrong: `is set, but mirror is ${mirror}`,
      allowed: "with mirror air-gapped only",
      fix: `${setCommand("mirror", "air-gapped")}, or ${removeCommand("mirrorArchive")}`,
    },
  ];
});

/** Nodes without a way to the internet have no NAT gateways; per-zone is the default and stands for "not set". */
export const cutOffNodesHaveNoNat = rule(["mirror", "vpcId", "natGateways"], ({ mirror, vpcId, natGateways }): Finding[] => {
  if (!cutsNodesOff(mirror) || vpcId !== "" || natGateways !== "single") return [];
  return [
    {
      key: "natGateways",
      wrong: `is single, but mirror ${mirror} means that nodes have no way to the internet`,
      allowed: `not set with mirror ${mirror}`,
      fix: `${removeCommand("natGateways")}, or ${setCommand("mirror", "fallback")}`,
    },
  ];
});

/** What is cut off altogether has no public name and no public balancer. */
export const airGappedIsInternal = rule(["mirror", "publish"], ({ mirror, publish }): Finding[] => {
  if (mirror !== "air-gapped" || publish === "Internal") return [];
  return [
    {
      key: "publish",
      wrong: "is External, but an air-gapped network has no internet gateway, through which the API could be reached",
      allowed: "Internal with mirror air-gapped",
      fix: `${setCommand("publish", "Internal")}, or ${setCommand("mirror", "restricted")}`,
    },
  ];
});

/** The host that mirrors for nodes without a way out needs one itself: a public subnet, or the proxy. */
export const restrictedHostHasAWayOut = rule(
  ["mirror", "vpcId", "publicSubnetIds", "httpsProxy", "noProxy"],
  ({ mirror, vpcId, publicSubnetIds, httpsProxy, noProxy }): Finding[] => {
    if (mirror !== "restricted" || vpcId === "" || publicSubnetIds.length > 0 || httpsIsProxied({ httpsProxy, noProxy })) return [];
    return [
      {
        key: "mirror",
        wrong: `is restricted, but in this existing VPC the installer host has neither a public subnet nor ${missingProxy(noProxy)} to fetch images through`,
        allowed: "restricted with publicSubnetIds (publish External) or httpsProxy; air-gapped with an archive in S3",
        fix: `${setCommand("httpsProxy", "http://proxy.example.com:3128")}, or ${setCommand("mirror", "air-gapped")}`,
      },
    ];
  },
);

/**
 * Images are mirrored by digest. The bootstrap machine heeds no mirrors for tags, and an air-gapped host can't ask the public registry what a tag
 * stands for (openshift/oc-mirror, `internal/pkg/release/cincinnati.go`).
 */
export const cutOffReleaseIsByDigest = rule(["mirror", "releaseImage"], ({ mirror, releaseImage }): Finding[] => {
  if (!cutsNodesOff(mirror) || releaseImage.includes("@sha256:")) return [];
  if (releaseImage === "" && mirror === "restricted") return [];
  return [
    {
      key: "releaseImage",
      wrong:
        releaseImage === ""
          ? "is missing, but an air-gapped host can't ask which image the release is"
          : `names a tag, but nodes without a way to the internet find images by digest only`,
      allowed: 'the release image with its digest (oc adm release info <release>, "Pull From")',
      fix: setCommand("releaseImage", `quay.io/okd/scos-release@sha256:${"0123456789abcdef".repeat(4)}`),
    },
  ];
});

/**
 * The operators of ingress, authentication and console ask for routes through the default router's load balancer
 * (openshift/cluster-ingress-operator, pkg/operator/controller/canary).
 */
export const cutOffNodesReachTheirRouter = rule<"mirror" | "publish" | "httpsProxy" | "noProxy" | "vpcId", Warning>(
  ["mirror", "publish", "httpsProxy", "noProxy", "vpcId"],
  ({ mirror, publish, httpsProxy, noProxy, vpcId }) => {
    if (!cutsNodesOff(mirror) || publish !== "External" || httpsIsProxied({ httpsProxy, noProxy })) return [];
    const unless = vpcId === "" ? "" : ", unless the VPC has a way to the internet";
    return [
      {
        key: "publish",
        text:
          `The default router's load balancer has public addresses only, which the nodes do not reach with mirror ${mirror}${unless}. ` +
          "The operators of ingress, authentication and console then stay degraded, and the installation does not complete.",
        fix: setCommand("publish", "Internal"),
      },
    ];
  },
);
