import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { AsnConvert } from "@peculiar/asn1-schema";
import { Name } from "@peculiar/asn1-x509";
import { ExtensionsAttribute, Pkcs10CertificateRequest, SubjectAlternativeNameExtension } from "@peculiar/x509";

/**
 * Largest `spec.request` that is read, in characters of base64. A kubelet's request has about 1,000; the API server accepts up to
 * 1.5 MB, the size limit of an object in etcd (etcd-io/etcd, `server/embed/config.go`: DefaultMaxRequestBytes).
 */
export const largestRequest = 16 * 1024;

/** The part of a CertificateSigningRequest that decisions use (`certificates.k8s.io/v1`). */
export interface CertificateRequest {
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly signerName: string;
  /** The requestor. The API server sets user and groups itself. */
  readonly username: string;
  readonly groups: readonly string[];
  readonly usages: readonly string[];
  /** The PKCS#10 request as PEM, encoded in base64; undefined if it was dropped because it is larger than {@link largestRequest}. */
  readonly request: string | undefined;
  /** Whether it has been approved or denied already. */
  readonly decided: boolean;
}

/** The claims in a well-formed CSR of a kubelet; `decideOnClaim` checks whether they are true. */
export interface Claim {
  readonly kind: "client" | "serving";
  /** Name of the node to which the certificate would belong. */
  readonly node: string;
  readonly names: readonly string[];
  readonly addresses: readonly string[];
}

/** The reason why a CSR is not approved. The CSR is left pending, never denied, so that a person or a later check can still approve it. */
export interface Refusal {
  readonly approved: false;
  readonly reason: Reason;
  /** The reason, with the wrong value. */
  readonly message: string;
}

export type Reason =
  | "WrongSigner"
  | "WrongRequestor"
  | "ClientRenewal"
  | "WrongGroups"
  | "WrongUsages"
  | "TooLarge"
  | "Unreadable"
  | "BadSignature"
  | "WrongSubject"
  | "OtherNode"
  | "UnexpectedExtension"
  | "UnexpectedNames"
  | "NoNames"
  | "NoSuchMachine"
  | "AmbiguousMachine"
  | "MachineNotRunning"
  | "NotANode"
  | "NodeExists"
  | "MachineTooOld"
  | "ForeignName"
  | "ForeignAddress";

const nodeUserPrefix = "system:node:";
const nodeGroup = "system:nodes";

/** The identity that all kubelets share until they have a certificate (openshift/cluster-machine-approver, `pkg/controller/csr_check.go`). */
const bootstrapper = {
  username: "system:serviceaccount:openshift-machine-config-operator:node-bootstrapper",
  groups: ["system:authenticated", "system:serviceaccounts", "system:serviceaccounts:openshift-machine-config-operator"],
};
/** Groups of a kubelet with a certificate. */
const nodeGroups = ["system:authenticated", nodeGroup];

/** The signers whose CSRs are handled, with the usage that is specific to each. */
export const signers: Readonly<Partial<Record<string, { readonly kind: Claim["kind"]; readonly usage: string }>>> = {
  "kubernetes.io/kube-apiserver-client-kubelet": { kind: "client", usage: "client auth" },
  "kubernetes.io/kubelet-serving": { kind: "serving", usage: "server auth" },
};

/**
 * The usages that a kubelet's CSR has in addition to its signer's usage: `digital signature`, and for an RSA key also `key encipherment`
 * (kubernetes/kubernetes, `pkg/apis/certificates/helpers.go`).
 */
const commonUsages = ["digital signature"];
const usagesWithRsa = [...commonUsages, "key encipherment"];

/** Exactly one PEM block with nothing before or after it, so that no other parser can find another request in the text. */
const onePemBlock = /^-----BEGIN CERTIFICATE REQUEST-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END CERTIFICATE REQUEST-----\s*$/;

/** Creates a refusal. */
export function refusal(reason: Reason, message: string): Refusal {
  return { approved: false, reason, message };
}

/**
 * Checks everything that can be checked from the CSR alone: signer, requestor, usages, subject, extensions and signature. A CSR that is refused here
 * is never examined again.
 *
 * A kubelet that renews its client certificate (`system:node:<name>` to the client signer) is refused too: Kubernetes' own approver in
 * kube-controller-manager approves such renewals (`sarapprove.go`, `selfnodeclient`), and OpenShift's approver also leaves them to
 * kube-controller-manager. So this program never renews a stolen client certificate.
 */
export async function examineRequest(request: CertificateRequest): Promise<Claim | Refusal> {
  const signer = Object.hasOwn(signers, request.signerName) ? signers[request.signerName] : undefined;
  if (signer === undefined)
    return refusal("WrongSigner", `${quoteForMessage(request.signerName)} is not a signer of kubelets' certificates`);
  const requestorRefused = refuseRequestor(request, signer.kind);
  if (requestorRefused !== undefined) return requestorRefused;
  if (![commonUsages, usagesWithRsa].some((usages) => sameSet(request.usages, [...usages, signer.usage])))
    return refusal(
      "WrongUsages",
      `usages are ${quoteForMessage(request.usages)}; ${[...usagesWithRsa, signer.usage].join(", ")} are allowed`,
    );

  if (request.request === undefined || request.request.length > largestRequest)
    return refusal("TooLarge", `the request is larger than ${largestRequest} characters, and was not read`);

  let claim: Claim | Refusal;
  try {
    const pkcs10 = parse(request.request);
    claim = readClaim(pkcs10, signer.kind);
    if ("approved" in claim) return claim;
    if (!(await pkcs10.verify(webcrypto))) return refusal("BadSignature", "the request is not signed by the key that it holds");
  } catch (error) {
    return refusal(
      "Unreadable",
      `not a PKCS#10 request that can be read: ${shorten(error instanceof Error ? error.message : String(error))}`,
    );
  }
  if (signer.kind === "serving" && request.username !== nodeUserPrefix + claim.node)
    return refusal("OtherNode", `${quoteForMessage(request.username)} asks for a certificate of node ${quoteForMessage(claim.node)}`);
  return claim;
}

function refuseRequestor({ username, groups }: CertificateRequest, kind: Claim["kind"]): Refusal | undefined {
  const isNode = username.startsWith(nodeUserPrefix) && username.length > nodeUserPrefix.length;
  if (kind === "client" && isNode)
    return refusal(
      "ClientRenewal",
      `${quoteForMessage(username)} renews its own client certificate, which kube-controller-manager approves`,
    );
  if (kind === "client" ? username !== bootstrapper.username : !isNode)
    return refusal("WrongRequestor", `${quoteForMessage(username)} may not ask for a ${kind} certificate`);
  const expected = kind === "client" ? bootstrapper.groups : nodeGroups;
  if (!sameSet(groups, expected))
    return refusal("WrongGroups", `groups are ${quoteForMessage(groups)}; they must be ${expected.join(", ")}`);
  return undefined;
}

function parse(encoded: string): Pkcs10CertificateRequest {
  const base64 = onePemBlock.exec(Buffer.from(encoded, "base64").toString("latin1"))?.[1];
  if (base64 === undefined) throw new Error("it must be exactly one PEM block of type CERTIFICATE REQUEST");
  return new Pkcs10CertificateRequest(Buffer.from(base64, "base64"));
}

function readClaim(pkcs10: Pkcs10CertificateRequest, kind: Claim["kind"]): Claim | Refusal {
  const subject = subjectOf(pkcs10);
  const organization = subject.find(({ type }) => type === organizationType)?.value;
  const commonName = subject.find(({ type }) => type === commonNameType)?.value ?? "";
  const node = commonName.slice(nodeUserPrefix.length);
  if (subject.length !== 2 || organization !== nodeGroup || !commonName.startsWith(nodeUserPrefix) || node === "")
    return refusal(
      "WrongSubject",
      `the subject is ${quoteForMessage(pkcs10.subject)}; it must be exactly CN=system:node:<name>, O=system:nodes, each as UTF8String or PrintableString`,
    );

  // Check every attribute and every value, because a signer may read a value other than the first.
  const asked = pkcs10.attributes.flatMap((attribute): readonly { readonly type: string }[] =>
    attribute instanceof ExtensionsAttribute && attribute.values.length === 1 ? attribute.items : [attribute],
  );
  if (pkcs10.attributes.length > 1 || asked.length > 1 || asked.some((each) => !(each instanceof SubjectAlternativeNameExtension)))
    return refusal(
      "UnexpectedExtension",
      `it asks for ${quoteForMessage(asked.map(({ type }) => type))}; only one subjectAltName is allowed`,
    );
  const alternatives = asked.flatMap((each) => (each instanceof SubjectAlternativeNameExtension ? each.names.items : []));
  if (kind === "client" && asked.length > 0) return refusal("UnexpectedNames", "a client certificate has no names or addresses");
  if (kind === "client") return { kind, node, names: [], addresses: [] };
  if (alternatives.length === 0) return refusal("NoNames", "a serving certificate needs at least one name or address of its instance");
  const other = alternatives.find(({ type }) => type !== "dns" && type !== "ip");
  if (other !== undefined) return refusal("UnexpectedNames", `${quoteForMessage(other.value)} is neither a DNS name nor an address`);
  const of = (wanted: string) => alternatives.filter(({ type }) => type === wanted).map(({ value }) => value);
  return { kind, node, names: of("dns"), addresses: of("ip") };
}

/** Object identifiers of a subject's attributes (RFC 5280, appendix A.1). */
const commonNameType = "2.5.4.3";
const organizationType = "2.5.4.10";

/**
 * The attributes of the subject, in order. The value is undefined unless it is a UTF8String or a PrintableString, the two types that
 * Go's encoder produces (golang/go, `src/encoding/asn1/marshal.go`). Signers read other types differently: to Go's parser a
 * UniversalString is empty.
 */
function subjectOf(pkcs10: Pkcs10CertificateRequest): readonly { readonly type: string; readonly value: string | undefined }[] {
  const name = AsnConvert.parse(pkcs10.subjectName.toArrayBuffer(), Name);
  return [...name].flatMap((part) => [...part].map(({ type, value }) => ({ type, value: value.utf8String ?? value.printableString })));
}

function sameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && new Set([...one, ...other]).size === other.length;
}

/** Untrusted text for a log: quoted, so that it can't be mistaken for other text, and shortened. */
export function quoteForMessage(value: string | readonly string[]): string {
  return shorten(JSON.stringify(value));
}

function shorten(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
