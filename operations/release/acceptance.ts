import { type Condition, conditionOf } from "../conditions";
import { reasonAndMessage } from "./gates";
import type { ClusterVersion, DesiredUpdate } from "./request";

/** What the cluster made of a desired update. */
export type Acceptance =
  | { readonly state: "accepted" }
  | { readonly state: "pending"; readonly condition: Condition | undefined }
  | { readonly state: "refused"; readonly condition: Condition };

/**
 * Reads ClusterVersion's verdict on a desired update. Every message of ReleaseAccepted names version and image of its release
 * (cluster-version-operator, `syncPayload` in `pkg/cvo/sync_worker.go`, release-4.14 to release-4.22); a verdict on another one says nothing.
 */
export function acceptanceOf({ status }: ClusterVersion, desired: DesiredUpdate): Acceptance {
  const { version, image } = desired;
  const isRunning = status?.desired?.version === version && (image === undefined || status.desired.image === image);
  const condition = conditionOf(status?.conditions, "ReleaseAccepted");
  const message = condition?.message ?? "";
  const isAboutIt = message.includes(`version="${version}"`) && (image === undefined || message.includes(`image="${image}"`));
  if (condition?.status === "False" && isAboutIt) return { state: "refused", condition };
  return isRunning ? { state: "accepted" } : { state: "pending", condition };
}

/** Why an update was not accepted, and what to do. */
export function notAccepted(desired: DesiredUpdate, condition: Condition | undefined, seconds: number): string {
  const { version } = desired;
  const verdict =
    condition?.status === "False"
      ? `The cluster does not accept the update to ${version}.`
      : `The cluster has not accepted the update to ${version} within ${seconds} seconds.`;
  const said = `ReleaseAccepted=${condition?.status ?? "missing"}: ${reasonAndMessage(condition)}`;
  return [verdict, said, remedy(desired, condition)].join("\n\n");
}

function remedy({ version }: DesiredUpdate, { reason = "", message = "" }: Partial<Condition> = {}): string {
  const isOkd = version.includes("-okd-");
  if (/cannot be verified|signature/i.test(message)) {
    return isOkd
      ? `The update service offers OKD's releases from registry.ci.openshift.org, and often without a signature that the cluster can verify. Take the same release ` +
          `from quay.io by its digest, which "oc adm release info --output 'jsonpath={.digest}' quay.io/okd/scos-release:${version}" prints: ` +
          `pulumi config set releaseImage quay.io/okd/scos-release@sha256:<digest>; pulumi config set forceUpdate true. Take both out again when the update is complete.`
      : `The cluster finds no signature of this image. In a disconnected network it needs the ConfigMap of the signature, which oc-mirror writes ` +
          `(docs/disconnected.md). If you have verified the image yourself, set releaseImage to it by its digest, and forceUpdate to true.`;
  }
  if (/manifest unknown|Unable to download/i.test(message)) {
    return "The cluster can't pull the image. See whether releaseImage exists, whether the mirror has the release, and whether the pull secret opens its registry.";
  }
  if (reason === "VerifyPayloadVersion") return "release and releaseImage name two different releases: set both to the same one.";
  if (reason === "PreconditionChecks") {
    return "Do what the message asks for. To update all the same, set releaseImage, forceUpdate and acceptUpdateRisks (docs/cluster-settings.md).";
  }
  return "oc get clusterversion version -o yaml and the log of the cluster version operator (oc -n openshift-cluster-version logs deployment/cluster-version-operator) say more.";
}
