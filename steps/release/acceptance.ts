import { type Condition, conditionOf } from "../../lib/kubernetes/conditions";
import { reasonAndMessage } from "./gates";
import { type RefusalCause, causeOf } from "./refusal-cause";
import type { ClusterVersion, DesiredUpdate } from "./request";

/** Whether the cluster has accepted a desired update. */
export type Acceptance =
  | { readonly state: "accepted" }
  | { readonly state: "pending"; readonly condition: Condition | undefined }
  | { readonly state: "refused"; readonly condition: Condition };

/**
 * Reads from ClusterVersion whether a desired update was accepted. Every message of ReleaseAccepted names version and image of its release
 * (cluster-version-operator, `syncPayload` in `pkg/cvo/sync_worker.go`, release-4.14 to release-4.22); a condition about another release is ignored.
 */
export function acceptanceOf({ status }: ClusterVersion, desired: DesiredUpdate): Acceptance {
  const { version, image } = desired;
  const isRunning = status?.desired?.version === version && (image === undefined || status.desired.image === image);
  const condition = conditionOf(status?.conditions, "ReleaseAccepted");
  if (condition?.status === "False" && isAbout(condition.message, desired)) return { state: "refused", condition };
  return isRunning ? { state: "accepted" } : { state: "pending", condition };
}

/** Whether a message of the cluster version operator concerns this release. */
export function isAbout(message = "", { version, image }: DesiredUpdate): boolean {
  return message.includes(`version="${version}"`) && (image === undefined || message.includes(`image="${image}"`));
}

/**
 * The error message for an update that was not accepted: the reason and the fix.
 *
 * @param event message of the operator's event, if it has more details than the condition: see {@link causeOf}
 */
export function notAcceptedMessage(desired: DesiredUpdate, condition: Condition | undefined, seconds: number, event?: string): string {
  const { version } = desired;
  const result =
    condition?.status === "False"
      ? `The cluster does not accept the update to ${version}.`
      : `The cluster has not accepted the update to ${version} within ${seconds} seconds.`;
  const said = `ReleaseAccepted=${condition?.status ?? "missing"}: ${reasonAndMessage(condition)}`;
  const details = event === undefined ? [] : [`The event RetrievePayloadFailed says: ${event}`];
  return [result, said, ...details, remedies[causeOf(condition ?? {}, event)](version)].join("\n\n");
}

const log = "oc -n openshift-cluster-version logs deployment/cluster-version-operator";

/**
 * The likely fix if signatures cannot be fetched. Source of the signature stores: openshift/cluster-update-keys, `stores/store-openshift-official-release` and
 * `stores/store-openshift-official-release-mirror`.
 */
const SIGNATURE_REMEDY =
  "If the cluster has access to the internet, allow it to reach the signature stores (storage.googleapis.com and mirror.openshift.com, through its proxy if it has " +
  "one), then run the same command again. A disconnected cluster needs the ConfigMap of the signature, which oc-mirror writes (docs/disconnected.md).";

const remedies: Readonly<Record<RefusalCause, (version: string) => string>> = {
  unsigned: (version) => `The cluster found no valid signature of this image. ${withoutSignature(version)}`,
  "signature not fetched": () =>
    `The cluster could not fetch the signature of this image: a signature store did not answer. The image itself may be fine. ${SIGNATURE_REMEDY}`,
  "not verified": (version) =>
    "The cluster does not report whether the image has no valid signature, or whether the signature could not be fetched. The log has the answer of each " +
    `signature store: ${log}. If a store did not answer: ${SIGNATURE_REMEDY} If there is no signature: ${withoutSignature(version)}`,
  "no digest": () =>
    "The cluster verifies only images that are named by their digest. Set releaseImage to <repository>@sha256:<digest>: oc adm release info prints the digest.",
  "no verification": () => `The cluster has no keys with which to verify releases. The log has the reason: ${log}.`,
  "image missing": () =>
    "The cluster can't pull the image. Check that releaseImage exists, that the mirror has the release and its signature, and that the pull secret is valid for its registry.",
  "image not pulled": () =>
    "The cluster can't pull the image in time. Check that the nodes reach its registry or the mirror, and that the pull secret is valid for it, then run the same command again.",
  "other version": () => "release and releaseImage name two different releases: set both to the same one.",
  "broken payload": () =>
    "The cluster can't read the image's manifests. Check that releaseImage is a release image for this cluster's version and architecture.",
  "lasting precondition": () => precondition,
  precondition: () => precondition,
  unknown: () => `For details see oc get clusterversion version -o yaml and the log of the cluster version operator (${log}).`,
};

const precondition =
  "Do what the message asks for. To update anyway, set releaseImage, forceUpdate and acceptUpdateRisks (docs/cluster-settings.md).";

function withoutSignature(version: string): string {
  return version.includes("-okd-")
    ? `The update service offers OKD's releases from registry.ci.openshift.org, often without a signature that the cluster can verify. Use the same release ` +
        `from quay.io by its digest, which "oc adm release info --output 'jsonpath={.digest}' quay.io/okd/scos-release:${version}" prints: ` +
        `pulumi config set releaseImage quay.io/okd/scos-release@sha256:<digest>; pulumi config set forceUpdate true. Remove both keys when the update is complete.`
    : `A disconnected cluster needs the ConfigMap of the signature, which oc-mirror writes ` +
        `(docs/disconnected.md). If you have verified the image yourself, set releaseImage to its name with the digest, and forceUpdate to true.`;
}
