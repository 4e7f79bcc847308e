import type { Condition } from "../../lib/kubernetes/conditions";

/** The reason why the cluster does not accept a release. */
export type RefusalCause =
  | "unsigned"
  /** A signature store did not answer. */
  | "signature not fetched"
  /** One of the two causes above; the cluster does not report which one. */
  | "not verified"
  | "no digest"
  | "no verification"
  | "image missing"
  | "image not pulled"
  | "other version"
  | "broken payload"
  | "lasting precondition"
  | "precondition"
  | "unknown";

/** Causes because of which every further attempt of the cluster version operator would also fail. */
const LASTING_CAUSES: ReadonlySet<RefusalCause> = new Set([
  "unsigned",
  "no digest",
  "no verification",
  "image missing",
  "other version",
  "broken payload",
  "lasting precondition",
]);

/** Whether waiting is useless: the operator tries again, but only a change of the request or of the cluster helps. */
export function isLasting(cause: RefusalCause): boolean {
  return LASTING_CAUSES.has(cause);
}

/**
 * Finds the cause of ReleaseAccepted=False. Sources of the texts: openshift/cluster-version-operator, `syncPayload` in `pkg/cvo/sync_worker.go` and
 * `pkg/cvo/updatepayload.go`; openshift/library-go, `pkg/verify/verify.go` (release-4.14 to release-4.22).
 *
 * @param event message of the operator's event RetrievePayloadFailed, which from 4.15 on lists the answer of each signature store; the condition contains
 * only "unable to verify … against keyrings"
 */
export function causeOf({ reason = "", message = "" }: Partial<Condition>, event = ""): RefusalCause {
  if (reason === "VerifyPayloadVersion") return "other version";
  if (reason === "LoadPayload") return "broken payload";
  // The other preconditions depend on conditions that can change without the user, such as Upgradeable.
  if (reason === "PreconditionChecks")
    return /"ClusterVersion(?:Rollback|GiantHop)"/.test(message) ? "lasting precondition" : "precondition";
  if (/not accessed via digest|digest has an invalid format|no payload image has been specified/.test(message)) return "no digest";
  if (/verifier is incorrectly configured|verification is not possible/.test(message)) return "no verification";
  if (/Unable to download|\bErrImagePull\b/.test(message))
    return /manifest unknown|name unknown|SignatureValidationFailed/.test(message) ? "image missing" : "image not pulled";
  if (/cannot be verified|signature/i.test(message)) return signatureCause(`${message}\n${event}`);
  return /manifest unknown/.test(message) ? "image missing" : "unknown";
}

/** The time in RFC 3339 with which each store's answer begins (`Verify` in `verify.go`). */
const ANSWER = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d): /;

/**
 * Answers of a signature store that will not change: the store does not have the signature, or the signature is invalid
 * (`verifySignatureWithKeyring`, `verifyAtomicContainerSignature`).
 */
const BAD =
  /: not found\b|^not signed|^signature (?:error|expired|is not|must|digest)|^the signature is not|^invalid signature|^could not read the message|^unexpected openpgp/;

/** The cause is "unsigned" only if every store answered: a store that did not answer may have the signature. */
function signatureCause(text: string): RefusalCause {
  const [words = "", ...answers] = text.split(ANSWER);
  if (/deadline exceeded|timeout|dial tcp|no such host|connection re|response status|x509|proxyconnect/i.test(words))
    return "signature not fetched";
  if (answers.length === 0) return "not verified";
  return answers.every((answer) => BAD.test(answer)) ? "unsigned" : "signature not fetched";
}
