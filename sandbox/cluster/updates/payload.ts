import { kubeTime } from "../kube-time";
import type { SimulatedClusterVersion } from "./clusterversion";
import type { KnownRelease } from "./known-releases";
import { failedPreconditions, summarize } from "./preconditions";

/** A desired update with its image. */
export interface UpdateTarget {
  readonly version: string;
  readonly image: string;
  readonly force: boolean;
}

/** The result of loading a target. The condition ReleaseAccepted is made from it. */
export interface Load {
  readonly accepted: boolean;
  /** The reason of the condition ReleaseAccepted. */
  readonly step: "RetrievePayload" | "VerifyPayloadVersion" | "PreconditionChecks" | "PayloadLoaded";
  readonly message: string;
  /** Message of the event RetrievePayloadFailed, which contains more than the condition. */
  readonly event?: string;
  readonly verified: boolean;
  /** For the history: the failures that a forced update overrode, and the warnings. */
  readonly acceptedRisks: string;
}

/**
 * Verifies and loads a release image (openshift/cluster-version-operator, `pkg/cvo/updatepayload.go` and `syncPayload` in
 * `pkg/cvo/sync_worker.go`, release-4.19). `force` overrides a missing signature and failed preconditions, but not a missing image or an
 * image of another version.
 */
export function loadPayload(cluster: SimulatedClusterVersion, target: UpdateTarget, releases: readonly KnownRelease[]): Load {
  const { version, image, force } = target;
  const named = `version="${version}" image="${image}"`;
  const release = releases.find((each) => each.image === image);
  const failed = (step: Load["step"], message: string, event?: string): Load => ({
    accepted: false,
    step,
    message,
    ...(event !== undefined && { event }),
    verified: false,
    acceptedRisks: "",
  });
  const unverified = verificationError(image, release);
  if (unverified !== undefined && !force) {
    const message = `Retrieving payload failed ${named} failure=The update cannot be verified: ${unverified}`;
    return failed("RetrievePayload", message, [message, ...storeAnswers(image, release)].join(" // "));
  }
  if (release === undefined) {
    const failure = `Unable to download and prepare the update: fetching update payload: ${pullError(version, image)}`;
    return failed("RetrievePayload", `Retrieving payload failed ${named} failure=${failure}`);
  }
  if (release.version !== version) {
    const failure = `release image version ${release.version} does not match the expected upstream version ${version}`;
    return failed("VerifyPayloadVersion", `Verifying payload failed ${named} failure=${failure}`);
  }
  const summary = summarize(failedPreconditions(cluster, version), force);
  if (summary?.blocks === true) {
    return failed("PreconditionChecks", `Preconditions failed for payload loaded ${named}: ${summary.message}`);
  }
  const forced = `Target release ${named} cannot be verified, but continuing anyway because the update was forced: ${unverified ?? ""}`;
  return {
    accepted: true,
    step: "PayloadLoaded",
    message: `Payload loaded ${named} architecture="amd64"`,
    verified: unverified === undefined,
    acceptedRisks: [...(unverified === undefined ? [] : [forced]), ...(summary === undefined ? [] : [summary.message])].join("\n"),
  };
}

/**
 * The reason why a signature does not verify (openshift/library-go, `pkg/verify/verify.go`); undefined if it verifies. The name of OKD's keyring
 * comes from okd-project/okd#2125.
 */
function verificationError(image: string, release: KnownRelease | undefined): string | undefined {
  const digest = /@(sha256:.*)$/.exec(image)?.[1];
  if (digest === undefined) return "release images that are not accessed via digest cannot be verified";
  if (release?.signed === true) return undefined;
  const keyring = release === undefined || release.version.includes("okd") ? "verifier-public-key-ci" : "verifier-public-key-redhat";
  return `unable to verify ${digest} against keyrings: ${keyring}`;
}

/**
 * The answers of the signature stores (`unwrappedErrorAggregate` in `pkg/cvo/sync_worker.go`, since release-4.15; openshift/library-go,
 * `pkg/verify/verify.go` and `pkg/verify/store`). The URL comes from openshift/cluster-update-keys,
 * `stores/store-openshift-official-release`.
 */
function storeAnswers(image: string, release: KnownRelease | undefined): string[] {
  const digest = /@sha256:(.*)$/.exec(image)?.[1];
  if (digest === undefined) return [];
  const url = `https://storage.googleapis.com/openshift-release/official/signatures/openshift/release/sha256=${digest}/signature-1`;
  const time = kubeTime();
  return [
    release?.signed === "unreachable"
      ? `[${time}: Get "${url}": dial tcp 203.0.113.7:443: i/o timeout, ${time}: context deadline exceeded]`
      : `[${time}: unable to retrieve signature from ${url}: not found, ${time}: containers/image signature store under ${url}: not found]`,
  ];
}

/**
 * The error of the pod that fetches the payload: its first container does not start (`podCompletionCheckFn`). The real pod's name ends in
 * random letters.
 */
function pullError(version: string, image: string): string {
  const [repository, reference = ""] = image.split(/@|:(?=[^:/]*$)/);
  const waiting = `initcontainer cleanup is waiting with reason "ErrImagePull" and message "reading manifest ${reference} in ${repository}: manifest unknown"`;
  return `pod version-${version}-x7k2p failed at pending with reason "" and message "" and status ${waiting}`;
}
