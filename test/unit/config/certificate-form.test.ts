import { createPrivateKey, generateKeyPairSync, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseConfiguration } from "../../../config/parse";
import { formatBlock, linesOf, rewriteCertificates } from "../../../config/pem";
import { tlsKeyProblem } from "../../../config/private-key";
import { makeServerCertificate } from "../../certificates";
import { problemsOf, withKeys } from "./fixture";
import { CERTIFICATE } from "./key-material";

/** Reads a test file: a certificate that OpenSSL made and can read, or a private key that no system uses. */
const fixture = (file: string) => readFileSync(join(__dirname, "../../fixtures/certificates", file), "utf8");

const pem = (label: string, der: Buffer) => formatBlock(label, linesOf(der.toString("base64")));

/** The certificate with some bytes replaced by the same number of other bytes. */
function patched(text: string, from: string, to: string): string {
  const hex = new X509Certificate(text).raw.toString("hex");
  expect(hex.split(from).length).toBeGreaterThan(1);
  return pem("CERTIFICATE", Buffer.from(hex.replaceAll(from, to), "hex"));
}

const hexOf = (text: string) => Buffer.from(text).toString("hex");

/** Certificates, each with the error of Go 1.26 (`crypto/x509`, ParseCertificate), and with the problem that this program reports. */
const UNREADABLE: readonly (readonly [goSays: string, text: () => string, wrong: string])[] = [
  [
    "unsupported elliptic curve (brainpoolP256r1)",
    () => fixture("brainpool.pem"),
    "has a key on an elliptic curve other than P-224, P-256, P-384 or P-521",
  ],
  [
    "unsupported elliptic curve (secp256k1)",
    () => fixture("secp256k1.pem"),
    "has a key on an elliptic curve other than P-224, P-256, P-384 or P-521",
  ],
  [
    "invalid ECDSA parameters",
    () => fixture("explicit-curve.pem"),
    "has an elliptic curve given by explicit parameters instead of its name",
  ],
  ["invalid uncompressed public key", () => fixture("compressed-point.pem"), "has a public key that is a compressed point"],
  ["cannot parse URI", () => fixture("odd-uri.pem"), 'has a subject alternative name that is not a URI ("http://a b/%zz")'],
  [
    "SAN dNSName is malformed",
    () => fixture("name-beyond-ascii.pem"),
    'has a subject alternative name that is not ASCII ("bücher.example")',
  ],
  ["failed to parse dnsName constraint", () => fixture("odd-constraint.pem"), 'has a name constraint that is not valid ("a..example.com")'],
  [
    "IP constraint contained invalid mask",
    () => patched(fixture("uris.pem"), "0a000000ff000000", "0a000000ff0000ff"),
    "has a name constraint that is not valid (",
  ],
  [
    "subject key identifier incorrectly marked critical",
    () => fixture("critical-key-identifier.pem"),
    "has a critical extension that must not be critical (RFC 5280)",
  ],
  // The name becomes a PrintableString with an underscore in place of the blank; a PrintableString can't contain an underscore.
  [
    "invalid PrintableString",
    () => patched(CERTIFICATE, `0c0e${hexOf("Test authority")}`, `130e${hexOf("Test_authority")}`),
    "has a name whose characters don't fit its ASN.1 type",
  ],
  ["negative serial number", () => patched(CERTIFICATE, "0214374e961a", "0214b74e961a"), "has a negative serial number"],
  ["duplicate extension", () => patched(CERTIFICATE, "551d23", "551d0e"), "has an extension twice"],
  ["malformed extension critical field", () => patched(CERTIFICATE, "0101ff0405", "0101010405"), "is not encoded in strict DER"],
  [
    "signature algorithm identifiers don't match",
    () => twoAlgorithms(fixture("version-1.pem")),
    "names two different signature algorithms",
  ],
];

/** A certificate that names two algorithms: ecdsa-with-SHA384 in its signed part, and ecdsa-with-SHA256 outside of it. */
function twoAlgorithms(text: string): string {
  const hex = new X509Certificate(text).raw.toString("hex");
  return pem("CERTIFICATE", Buffer.from(hex.replace("2a8648ce3d040302", "2a8648ce3d040303"), "hex"));
}

describe("a certificate that OpenSSL reads and Go does not", () => {
  test.each(UNREADABLE)("is refused in a trust bundle: %s", (_, text, wrong) => {
    const [problem, ...more] = problemsOf(withKeys({ additionalTrustBundle: CERTIFICATE + text() }));
    expect([problem.key, more]).toEqual(["additionalTrustBundle", []]);
    expect(problem.wrong).toContain(`is unusable: certificate 2 of 2 ${wrong}`);
    expect(problem.fix).toMatch(
      /^remove that certificate, or have it reissued without this problem, and pulumi config set additionalTrustBundle </,
    );
    expect(problem.wrong).toMatch(/, and OpenShift can't read such a certificate$/);
  });

  test.each([
    ["apiCertificate", (text: string) => ({ apiCertificate: text })],
    ["apiCertificateAuthority", (text: string) => ({ apiCertificateAuthority: text })],
    ["ingressCertificate", (text: string) => ({ ingressCertificate: text })],
    [
      "identityProviders",
      (text: string) => ({ identityProviders: [{ name: "basic", type: "BasicAuth", url: "https://login.example.com", ca: text }] }),
    ],
    [
      "routerShards",
      (text: string) => ({
        routerShards: [
          { name: "a", domain: "a.example.com", scope: "External", namespaceSelector: { matchLabels: { a: "b" } }, certificate: text },
        ],
      }),
    ],
  ])("is refused in %s", (key, keys) => {
    const problems = problemsOf(withKeys(keys(fixture("name-beyond-ascii.pem"))));
    expect(problems.map((problem) => [problem.key, problem.wrong.includes("is unusable: certificate 1 of 1 has")])).toEqual([[key, true]]);
  });
});

test.each(["uris.pem", "version-1.pem", "named-curve.pem"])("a certificate that Go reads stays unchanged: %s", (file) => {
  expect(rewriteCertificates(fixture(file))).toBe(fixture(file));
});

describe("a private key", () => {
  const keysOf = (certificate: string, key: string) => ({ ingressCertificate: certificate, ingressCertificateKey: key });
  const handedOn = (certificate: string, key: string) =>
    parseConfiguration(withKeys(keysOf(certificate, key))).platform.settings.ingressCertificate?.key.reveal() ?? "";

  test("with the parameters of a named curve is rewritten with the curve's name", () => {
    // The certificate names the curve. It belongs to the same key.
    const certificate = fixture("named-curve.pem").trim();
    const keys = { apiCertificate: certificate, apiCertificateKey: fixture("explicit-curve.key") };
    expect(problemsOf(withKeys(keys))).toEqual([]);
    const written = parseConfiguration(withKeys(keys)).platform.settings.apiServer.certificate?.key.reveal() ?? "";
    const key = createPrivateKey(written);
    expect(new X509Certificate(certificate).checkPrivateKey(key)).toBe(true);
    // Algorithm id-ecPublicKey with the parameter prime256v1 (RFC 5915).
    expect(key.export({ type: "pkcs8", format: "der" }).toString("hex")).toContain("301306072a8648ce3d020106082a8648ce3d030107");
  });

  test("is rewritten without a byte after the end of its DER form", async () => {
    const { chain, key, authority } = await makeServerCertificate(["*.apps.dev.okd.example.com"]);
    const der = createPrivateKey(key).export({ type: "sec1", format: "der" });
    const written = handedOn(chain + authority, pem("EC PRIVATE KEY", Buffer.concat([der, Buffer.of(0)])));
    expect(written).toBe(createPrivateKey(key).export({ type: "pkcs8", format: "pem" }));
  });

  test("stays unchanged if Go can read it", async () => {
    const { chain, key, authority } = await makeServerCertificate(["*.apps.dev.okd.example.com"]);
    const sec1 = createPrivateKey(key).export({ type: "sec1", format: "pem" }).toString();
    expect(handedOn(chain + authority, sec1)).toBe(sec1);
  });

  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const ec = generateKeyPairSync("ec", { namedCurve: "prime256v1" }).privateKey;
  const flip = (der: Buffer, at: number) => Buffer.from(der.map((byte, index) => (index === at ? byte ^ 1 : byte)));

  test.each<[string, () => string, string | undefined]>([
    ["RSA in PKCS#1", () => rsa.export({ type: "pkcs1", format: "pem" }).toString(), undefined],
    ["RSA in PKCS#8", () => rsa.export({ type: "pkcs8", format: "pem" }).toString(), undefined],
    ["Ed25519", () => generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString(), undefined],
    [
      "P-521",
      () => generateKeyPairSync("ec", { namedCurve: "P-521" }).privateKey.export({ type: "sec1", format: "pem" }).toString(),
      undefined,
    ],
    [
      "P-224, which TLS 1.3 does not have",
      () => generateKeyPairSync("ec", { namedCurve: "P-224" }).privateKey.export({ type: "sec1", format: "pem" }).toString(),
      "is of the type secp224r1, which OpenShift can't use for TLS",
    ],
    [
      "RSA with a damaged prime",
      () => pem("RSA PRIVATE KEY", flip(rsa.export({ type: "pkcs1", format: "der" }), 700)),
      "is cut off or damaged",
    ],
    [
      "RSA with a damaged coefficient",
      () => pem("RSA PRIVATE KEY", flip(rsa.export({ type: "pkcs1", format: "der" }), 1180)),
      "is cut off or damaged",
    ],
    [
      "EC with a damaged number",
      () => pem("EC PRIVATE KEY", flip(ec.export({ type: "sec1", format: "der" }), 20)),
      "is cut off or damaged",
    ],
  ])("is accepted or refused as by Go's parser: %s", (_, text, wrong) => {
    expect(tlsKeyProblem("the fix")(text())?.wrong).toBe(wrong);
  });
});
