import type { Condition } from "../conditions";

/** Why the cluster does not accept a release. */
export type Cause =
  | "unsigned"
  /** A place that may hold the signature did not answer. */
  | "signature not fetched"
  /** The cluster does not say which of the two above it is. */
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

/** Causes with which each further attempt of the cluster version operator fails in the same way. */
const lasting: ReadonlySet<Cause> = new Set([
  "unsigned",
  "no digest",
  "no verification",
  "image missing",
  "other version",
  "broken payload",
  "lasting precondition",
]);

/** Whether waiting is pointless: the operator tries again, but only a change of the request or of the cluster helps. */
export function isLasting(cause: Cause): boolean {
  return lasting.has(cause);
}

/**
 * Reads the cause of ReleaseAccepted=False. Texts: openshift/cluster-version-operator, `syncPayload` in `pkg/cvo/sync_worker.go` and
 * `pkg/cvo/updatepayload.go`; openshift/library-go, `pkg/verify/verify.go` (release-4.14 to release-4.22).
 *
 * @param event message of the operator's event RetrievePayloadFailed, which from 4.15 on lists what each signature store answered; the condition says
 * only "unable to verify … against keyrings"
 */
export function causeOf({ reason = "", message = "" }: Partial<Condition>, event = ""): Cause {
  if (reason === "VerifyPayloadVersion") return "other version";
  if (reason === "LoadPayload") return "broken payload";
  // The other preconditions look at conditions that change by themselves, such as Upgradeable.
  if (reason === "PreconditionChecks")
    return /"ClusterVersion(?:Rollback|GiantHop)"/.test(message) ? "lasting precondition" : "precondition";
  if (/not accessed via digest|digest has an invalid format|no payload image has been specified/.test(message)) return "no digest";
  if (/verifier is incorrectly configured|verification is not possible/.test(message)) return "no verification";
  if (/Unable to download|\bErrImagePull\b/.test(message))
    return /manifest unknown|name unknown|SignatureValidationFailed/.test(message) ? "image missing" : "image not pulled";
  if (/cannot be verified|signature/i.test(message)) return signatureCause(`${message}\n${event}`);
  return /manifest unknown/.test(message) ? "image missing" : "unknown";
}

/** Each answer of a store begins with the time in RFC 3339 (`Verify` in `verify.go`). */
const ANSWER = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d): /;

/** Answers that won't change: a store without the signature, and signatures that are not good (`verifySignatureWithKeyring`, `verifyAtomicContainerSignature`). */
const BAD =
  /: not found\b|^not signed|^signature (?:error|expired|is not|must|digest)|^the signature is not|^invalid signature|^could not read the message|^unexpected openpgp/;

/** One store that does not answer may be the one that has the signature. */
function signatureCause(text: string): Cause {
  const [words = "", ...answers] = text.split(ANSWER);
  if (/deadline exceeded|timeout|dial tcp|no such host|connection re|response status|x509|proxyconnect/i.test(words))
    return "signature not fetched";
  if (answers.length === 0) return "not verified";
  return answers.every((answer) => BAD.test(answer)) ? "unsigned" : "signature not fetched";
}
