import { generateKeyPairSync } from "node:crypto";
import { parseConfiguration } from "../../../config/parse";
import { rewriteCertificates } from "../../../config/pem";
import { identityProviderObjects } from "../../../cluster-objects/authentication/identity-provider";
import { makeServerCertificate, type TestCertificate } from "../../certificates";
import { askGo, GO_TIMEOUT } from "../../judge/ask-go";
import { problemsOf, withKeys } from "./fixture";
import { CERTIFICATE, PRIVATE_KEY, PUBLIC_KEY } from "./key-material";

const BOM = "\ufeff";

/** Unusual forms of PEM texts that the program accepts. */
const WRITTEN: readonly (readonly [string, (pem: string) => string])[] = [
  ["in the usual form", (pem) => pem],
  ["without a line break between two blocks", (pem) => pem.replaceAll(/-----\n-----BEGIN/g, "----------BEGIN")],
  ["with a byte order mark at the beginning", (pem) => BOM + pem],
  ["Windows' line breaks", (pem) => pem.replaceAll("\n", "\r\n")],
  ["no line break at the end", (pem) => pem.trimEnd()],
  ["with blank lines around and between the blocks", (pem) => `\n\n${pem.replaceAll("-----BEGIN", "\n\n-----BEGIN")}\n\n`],
  ["with blanks at the end", (pem) => `${pem}   `],
  ["indented lines", (pem) => pem.replaceAll(/^/gm, "    ")],
  ["with blanks at the ends of lines", (pem) => pem.replaceAll("\n", "  \n")],
  ["on one line", (pem) => pem.replaceAll("\n", " ")],
  ["lines of 76 characters", (pem) => pem.replaceAll(/([A-Za-z0-9+/=]{64})\n([A-Za-z0-9+/=]{12})/g, "$1$2\n")],
  [
    "comments between the blocks",
    (pem) => pem.replaceAll("-----BEGIN", "# what follows is ours: see the wiki\nsubject=CN = x\n-----BEGIN"),
  ],
];

let server: TestCertificate;
let other: TestCertificate;
beforeAll(async () => {
  [server, other] = await Promise.all([
    makeServerCertificate(["api.dev.okd.example.com", "*.apps.dev.okd.example.com", "*.public.dev.okd.example.com"]),
    makeServerCertificate(["client.example.com"]),
  ]);
});

const SHARD = {
  name: "public",
  domain: "public.dev.okd.example.com",
  scope: "External",
  namespaceSelector: { matchLabels: { exposure: "public" } },
};
const PROVIDER = { name: "basic", type: "BasicAuth", url: "https://login.example.com" };

/** Every key with PEM texts in it, all of them written in one way. */
function keysWritten(write: (pem: string) => string): Record<string, unknown> {
  const chain = write(server.chain + server.authority);
  return {
    apiCertificate: chain,
    apiCertificateKey: write(server.key),
    apiCertificateAuthority: write(server.authority + other.authority),
    ingressCertificate: chain,
    ingressCertificateKey: write(server.key),
    additionalTrustBundle: write(server.authority + other.authority),
    identityProviders: [{ ...PROVIDER, ca: write(server.authority + other.authority), clientCertificate: write(other.chain) }],
    identityProviderSecrets: { basic: write(other.key) },
    routerShards: [{ ...SHARD, certificate: chain }],
    routerCertificateKeys: { public: write(server.key) },
    sshPublicKey: PUBLIC_KEY,
    sshPrivateKey: write(PRIVATE_KEY),
  };
}

/** The PEM texts that the program passes to the cluster and its instances. */
function handedOn(keys: Record<string, unknown>) {
  const { additionalTrustBundle = "", sshPrivateKey, platform } = parseConfiguration(withKeys(keys));
  const { apiServer, ingressCertificate } = platform.settings;
  const [provider] = platform.authentication.identityProviders;
  const { secret, configMap } = identityProviderObjects(provider);
  const client = secret?.["data"] as Record<string, string>;
  const decoded = (text: string) => Buffer.from(text, "base64").toString("utf8");
  return {
    bundles: [additionalTrustBundle, apiServer.authority, (configMap?.["data"] as Record<string, string>)["ca.crt"]],
    pairs: [
      ...[apiServer.certificate, ingressCertificate, platform.routers.shards[0].certificate].map((pair) => [
        pair?.chain ?? "",
        pair?.key.reveal() ?? "",
      ]),
      [decoded(client["tls.crt"]), decoded(client["tls.key"])],
    ],
    sshPrivateKey: sshPrivateKey?.reveal(),
  };
}

describe("PEM texts", () => {
  test.each(WRITTEN)("are accepted and reformatted: %s", (_, write) => {
    expect(problemsOf(withKeys(keysWritten(write)))).toEqual([]);
    const { bundles, pairs, sshPrivateKey } = handedOn(keysWritten(write));
    expect(bundles).toEqual([1, 2, 3].map(() => server.authority + other.authority));
    // The line breaks of a private key are not compared: a key keeps its lines, unless they are too long.
    const lines = ([chain, key]: string[]) => [chain, key.replaceAll("\n", "")];
    expect(pairs.map(lines)).toEqual([
      ...[1, 2, 3].map(() => lines([server.chain + server.authority, server.key])),
      lines([other.chain, other.key]),
    ]);
    expect(sshPrivateKey?.replaceAll("\n", "")).toBe(PRIVATE_KEY.replaceAll("\n", ""));
  });

  test(
    "are read by Go after the reformatting",
    () => {
      const questions = WRITTEN.flatMap(([, write]) => {
        const { bundles, pairs } = handedOn(keysWritten(write));
        return [
          ...bundles.map((text) => ({ kind: "bundle" as const, text })),
          ...pairs.map(([text, key]) => ({ kind: "pair" as const, text, key })),
        ];
      });
      expect(askGo(questions).map(({ error }) => error)).toEqual(questions.map(() => ""));
      // Go can't read all of the texts as they were written before the reformatting. Otherwise this test would prove nothing.
      const raw = WRITTEN.map(([, write]) => ({ kind: "bundle" as const, text: write(server.authority + other.authority) }));
      expect(askGo(raw).filter(({ error }) => error !== "").length).toBeGreaterThan(4);
    },
    GO_TIMEOUT,
  );

  test("of a private key may begin with the curve's parameters", () => {
    const parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
    const key = privateKey.export({ type: "sec1", format: "pem" }).toString();
    const problems = problemsOf(withKeys({ ...keysWritten((pem) => pem), apiCertificateKey: parameters + key }));
    // The key can be read; its only problem is that it belongs to another certificate.
    expect(problems.map(({ wrong }) => wrong)).toEqual(["is not the key of apiCertificate"]);
  });
});

describe("a PEM text is refused", () => {
  const damaged = (pem: string) => pem.replace("MII", "AAA");
  const pkcs8 = (type: "ec" | "dsa", options: object) =>
    generateKeyPairSync(type as "ec", options as { namedCurve: string })
      .privateKey.export({ type: "pkcs8", format: "pem" })
      .toString();

  test.each<[string, string, () => Record<string, unknown>, string]>([
    [
      "half a block",
      "additionalTrustBundle",
      () => ({ additionalTrustBundle: CERTIFICATE.replace(/-----END.*/s, "") }),
      "has a BEGIN CERTIFICATE line without an END CERTIFICATE line",
    ],
    [
      "the other half",
      "additionalTrustBundle",
      () => ({ additionalTrustBundle: CERTIFICATE.replace(/-----BEGIN.*/, "") }),
      "has an END CERTIFICATE line without a BEGIN CERTIFICATE line before it",
    ],
    [
      "a missing dash",
      "additionalTrustBundle",
      () => ({ additionalTrustBundle: CERTIFICATE + CERTIFICATE.replaceAll("-----", "----") }),
      "has a damaged BEGIN or END line",
    ],
    [
      "a certificate on one line without line breaks",
      "additionalTrustBundle",
      () => ({ additionalTrustBundle: CERTIFICATE + CERTIFICATE.replaceAll(/-----.*/g, "") }),
      "has a part of a certificate outside the BEGIN and END lines",
    ],
    [
      "a damaged certificate",
      "additionalTrustBundle",
      () => ({ additionalTrustBundle: CERTIFICATE + damaged(CERTIFICATE) }),
      "is damaged: certificate 2 of 2 can't be read",
    ],
    [
      "bytes after a certificate",
      "additionalTrustBundle",
      () => ({ additionalTrustBundle: CERTIFICATE.replace("UXU=\n", "UXUAAAAA\n") }),
      "is damaged: certificate 1 of 1 can't be read",
    ],
    [
      "line breaks as two characters",
      "additionalTrustBundle",
      () => ({ additionalTrustBundle: CERTIFICATE.trimEnd().replaceAll("\n", "\\n") }),
      "is damaged: certificate 1 of 1 has the two characters \\n instead of line breaks",
    ],
    [
      "another kind of block",
      "additionalTrustBundle",
      () => ({ additionalTrustBundle: CERTIFICATE.replaceAll("CERTIFICATE", "TRUSTED CERTIFICATE") }),
      "has a block of the type TRUSTED CERTIFICATE in it, but only certificates are allowed",
    ],
    [
      "a bundle that is larger than user data may be",
      "additionalTrustBundle",
      () => ({ additionalTrustBundle: CERTIFICATE.repeat(20) }),
      `has ${CERTIFICATE.length * 20} bytes, more than fit into the instances' user data`,
    ],
    [
      "a key in the same text as its certificate",
      "apiCertificateKey",
      () => ({ ...keysWritten((pem) => pem), apiCertificateKey: server.key + server.chain }),
      "has a block of the type CERTIFICATE in addition to the private key; keep only the private key",
    ],
    [
      "a certificate in place of the key",
      "apiCertificateKey",
      () => ({ ...keysWritten((pem) => pem), apiCertificateKey: server.chain }),
      "is not a private key in OpenSSH or PEM format",
    ],
    [
      "an ssh key in place of a TLS key",
      "ingressCertificateKey",
      () => ({ ...keysWritten((pem) => pem), ingressCertificateKey: PRIVATE_KEY }),
      "is in OpenSSH format, which TLS programs can't read",
    ],
    [
      "a curve that Go does not know",
      "apiCertificateKey",
      () => ({ ...keysWritten((pem) => pem), apiCertificateKey: pkcs8("ec", { namedCurve: "secp256k1" }) }),
      "is of the type secp256k1, which OpenShift can't use for TLS",
    ],
    [
      "a client key that belongs to another certificate",
      "identityProviderSecrets",
      () => ({ ...keysWritten((pem) => pem), identityProviderSecrets: { basic: server.key } }),
      `has an entry "basic", which is not the private key of the provider's clientCertificate`,
    ],
    [
      "an invalid client key",
      "identityProviderSecrets",
      () => ({ ...keysWritten((pem) => pem), identityProviderSecrets: { basic: "hunter2" } }),
      'has an entry "basic", which is not a private key in OpenSSH or PEM format',
    ],
    [
      "a shard's chain in the wrong order",
      "routerShards",
      () => ({ ...keysWritten((pem) => pem), routerShards: [{ ...SHARD, certificate: server.chain + other.authority }] }),
      "item 1 (public): certificate is out of order: certificate 1 is not issued by certificate 2",
    ],
  ])("with %s", (_, blame, keys, wrong) => {
    expect(problemsOf(withKeys(keys())).map((problem) => [problem.key, problem.wrong])).toEqual([[blame, wrong]]);
  });
});

test("rewriting certificates twice gives the same text as once, and separates joined blocks", () => {
  expect(rewriteCertificates(rewriteCertificates(`${CERTIFICATE.trim()}${CERTIFICATE}`))).toBe(CERTIFICATE + CERTIFICATE);
});

test("a private key keeps its lines, unless it has a line that is too long", () => {
  const wide = PRIVATE_KEY.replaceAll(/([A-Za-z0-9+/=]{64})\n([A-Za-z0-9+/=]{6})/g, "$1$2\n");
  expect(handedOn({ ...keysWritten((pem) => pem), sshPrivateKey: wide }).sshPrivateKey).toBe(wide);
  const endless = PRIVATE_KEY.replaceAll(/([A-Za-z0-9+/=])\n(?=[A-Za-z0-9+/=])/g, "$1");
  expect(handedOn({ ...keysWritten((pem) => pem), sshPrivateKey: endless }).sshPrivateKey).toBe(PRIVATE_KEY);
});
