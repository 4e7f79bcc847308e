import { createPublicKey } from "node:crypto";
import { alternativeNameProblem, distinguishedNameProblem, nameConstraintProblem } from "./certificate-names";
import { contextTag, derContent, derInside, derValues, type DerValue, TAG } from "./der";

/** Object identifiers in DER as hexadecimal texts: key types (RFC 3279, RFC 8410) and extensions (RFC 5280). */
const KEY = { rsa: "2a864886f70d010101", ec: "2a8648ce3d0201", ed25519: "2b6570" } as const;
const EXTENSION = {
  subjectKeyIdentifier: "551d0e",
  alternativeNames: "551d11",
  nameConstraints: "551d1e",
  policies: "551d20",
  authorityKeyIdentifier: "551d23",
  authorityInformation: "2b06010505070101",
} as const;

/**
 * The curves that Go's `crypto/x509` supports (namedCurveFromOID): P-224, P-256, P-384 and P-521, each with the length of an uncompressed
 * point in bytes.
 */
const CURVES: Readonly<Record<string, number>> = { "2b81040021": 57, "2a8648ce3d030107": 65, "2b81040022": 97, "2b81040023": 133 };

/** The ASN.1 type of each extension that Go parses. OpenSSL does not check these types when it reads a certificate. */
const EXTENSION_TYPES: Readonly<Record<string, number>> = {
  [EXTENSION.subjectKeyIdentifier]: TAG.octetString,
  "551d0f": TAG.bitString, // key usage
  [EXTENSION.alternativeNames]: TAG.sequence,
  "551d13": TAG.sequence, // basic constraints
  [EXTENSION.nameConstraints]: TAG.sequence,
  "551d1f": TAG.sequence, // distribution points of revocation lists
  [EXTENSION.policies]: TAG.sequence,
  "551d21": TAG.sequence, // policy mappings
  [EXTENSION.authorityKeyIdentifier]: TAG.sequence,
  "551d24": TAG.sequence, // policy constraints
  "551d25": TAG.sequence, // extended key usage
  "551d36": TAG.integer, // inhibit any policy
  [EXTENSION.authorityInformation]: TAG.sequence,
};

/** Extensions that must not be critical (RFC 5280); Go refuses them if they are. */
const NEVER_CRITICAL: readonly string[] = [
  EXTENSION.subjectKeyIdentifier,
  EXTENSION.authorityKeyIdentifier,
  EXTENSION.authorityInformation,
];

/**
 * The reason why Go refuses a certificate that OpenSSL reads; the message continues "certificate 1 of 2". Undefined if Go accepts the
 * certificate. OpenShift and its installer are written in Go (golang/go, `src/crypto/x509/parser.go`, parseCertificate, go1.26, the
 * strictest version so far).
 */
export function certificateFormProblem(der: Buffer): string | undefined {
  try {
    const [signed, algorithm] = derInside(derValues(der).at(0), TAG.sequence);
    return problemOf(derInside(signed, TAG.sequence), algorithm);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return "is not encoded in strict DER";
  }
}

function problemOf(fields: DerValue[], outerAlgorithm: DerValue): string | undefined {
  const hasVersion = fields.at(0)?.tag === contextTag(0, true);
  const version = hasVersion ? integerOf(derInside(fields[0], contextTag(0, true)).at(0)) : 0n;
  const [serial, algorithm, issuer, validity, subject, key, ...more] = fields.slice(hasVersion ? 1 : 0);
  if (version < 0n || version > 2n) return `has the unsupported version ${version + 1n}`;
  if (integerOf(serial) < 0n) return "has a negative serial number";
  if (!algorithm.bytes.equals(outerAlgorithm.bytes)) return "names two different signature algorithms";
  if (derInside(validity, TAG.sequence).some((time) => !isTime(time))) return "has a date in a format that X.509 does not allow";
  const name = distinguishedNameProblem(issuer) ?? distinguishedNameProblem(subject);
  if (name !== undefined) return `has a name ${name}`;
  return keyProblem(key) ?? (version === 2n ? extensionsProblem(more.find(({ tag }) => tag === contextTag(3, true))) : undefined);
}

/** Reads an INTEGER: two's complement in the shortest form. */
function integerOf(value: DerValue | undefined): bigint {
  const bytes = derContent(value, TAG.integer);
  const isPadded = bytes.length > 1 && ((bytes[0] === 0 && bytes[1] < 0x80) || (bytes[0] === 0xff && bytes[1] >= 0x80));
  if (bytes.length === 0 || isPadded) throw new SyntaxError("has an integer that is not in the shortest form");
  return BigInt.asIntN(8 * bytes.length, BigInt(`0x${bytes.toString("hex")}`));
}

/** Whether Go's cryptobyte can read a time: ReadASN1UTCTime, with or without seconds, or ReadASN1GeneralizedTime. */
function isTime({ tag, content }: DerValue): boolean {
  const form = tag === TAG.utcTime ? /^\d{10}(\d\d)?(Z|[+-]\d{4})$/ : /^\d{14}(Z|[+-]\d{4})$/;
  return (tag === TAG.utcTime || tag === TAG.generalizedTime) && form.test(content.toString("latin1"));
}

function keyProblem(info: DerValue): string | undefined {
  const problem = keyFormProblem(info);
  if (problem !== undefined || !isKnownKey(info)) return problem;
  try {
    createPublicKey({ key: info.bytes, format: "der", type: "spki" });
    return undefined;
  } catch {
    return "has a key that can't be read";
  }
}

function isKnownKey(info: DerValue): boolean {
  const type = derInside(derInside(info, TAG.sequence).at(0), TAG.sequence).at(0);
  return (Object.values(KEY) as string[]).includes(derContent(type, TAG.oid).toString("hex"));
}

function keyFormProblem(info: DerValue): string | undefined {
  const [algorithm, bits] = derInside(info, TAG.sequence);
  const [type, parameters] = derInside(algorithm, TAG.sequence) as [DerValue, DerValue | undefined];
  const point = derContent(bits, TAG.bitString).subarray(1);
  switch (derContent(type, TAG.oid).toString("hex")) {
    case KEY.ec: {
      if (parameters?.tag !== TAG.oid) return "has an elliptic curve given by explicit parameters instead of its name";
      const size = CURVES[parameters.content.toString("hex")] as number | undefined;
      if (size === undefined) return "has a key on an elliptic curve other than P-224, P-256, P-384 or P-521";
      return point.length === size && point[0] === 4 ? undefined : "has a public key that is a compressed point";
    }
    case KEY.rsa:
      return parameters?.bytes.toString("hex") === "0500" ? undefined : "has an RSA key whose parameters are not NULL";
    case KEY.ed25519:
      return parameters === undefined ? undefined : "has an Ed25519 key with parameters";
    default:
      // Go accepts a certificate with an unknown key type.
      return undefined;
  }
}

function extensionsProblem(wrapped: DerValue | undefined): string | undefined {
  if (wrapped === undefined) return undefined;
  const seen = new Set<string>();
  for (const extension of derInside(derValues(wrapped.content).at(0), TAG.sequence)) {
    const [type, ...rest] = derInside(extension, TAG.sequence);
    const id = derContent(type, TAG.oid).toString("hex");
    if (seen.has(id)) return "has an extension twice";
    seen.add(id);
    const problem = extensionProblem(id, rest);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function extensionProblem(id: string, rest: readonly DerValue[]): string | undefined {
  const flag = rest[0]?.tag === TAG.boolean ? rest[0].content.toString("hex") : undefined;
  if (flag !== undefined && flag !== "00" && flag !== "ff") throw new SyntaxError("has a flag that is neither true nor false");
  if (flag === "ff" && NEVER_CRITICAL.includes(id)) return "has a critical extension that must not be critical (RFC 5280)";
  const value = derContent(rest.at(flag === undefined ? 0 : 1), TAG.octetString);
  const type = EXTENSION_TYPES[id] as number | undefined;
  if (type !== undefined) derContent(derValues(value).at(0), type);
  if (id === EXTENSION.alternativeNames) return withStart("has a subject alternative name", alternativeNameProblem(value));
  if (id === EXTENSION.nameConstraints) return withStart("has a name constraint", nameConstraintProblem(value));
  return id === EXTENSION.policies ? policiesProblem(value) : undefined;
}

function policiesProblem(value: Buffer): string | undefined {
  const ids = derInside(derValues(value).at(0), TAG.sequence).map((policy) =>
    derContent(derInside(policy, TAG.sequence).at(0), TAG.oid).toString("hex"),
  );
  return new Set(ids).size === ids.length ? undefined : "names a policy twice";
}

function withStart(start: string, problem: string | undefined): string | undefined {
  return problem === undefined ? undefined : `${start} ${problem}`;
}
