import { key, MAX_PEM_CHARACTERS, text } from "../key";
import { certificatesProblem, chainProblem } from "../certificates";
import { setPrivateKey, tlsKeyProblem } from "../private-key";

const KEY = {
  allowed: "a private key in PEM format without a passphrase",
  example: "-----BEGIN PRIVATE KEY-----\n…\n-----END PRIVATE KEY-----\n",
  source: "OpenShift (Secret of type kubernetes.io/tls)",
  secret: true,
} as const;

const CHAIN = {
  allowed: "PEM certificates: the server's first, each issued by the next",
  example: "-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n",
} as const;

/** Keys for the certificates that browsers and clients see. */
export const servingCertificateKeys = {
  apiCertificate: key(text(chainProblem("pulumi config set apiCertificate < fullchain.pem", { dates: true }), "", MAX_PEM_CHARACTERS), {
    ...CHAIN,
    description: "Certificate for api.<domain>, with its intermediates. Replaces the cluster's own certificate, which stays for api-int.",
    source: "OpenShift (APIServer cluster, spec.servingCerts.namedCertificates)",
    whenEmpty: "the cluster's own certificate",
  }),
  apiCertificateKey: key(text(tlsKeyProblem(setPrivateKey("apiCertificateKey")), "", MAX_PEM_CHARACTERS), {
    ...KEY,
    description: "Private key of apiCertificate.",
    whenEmpty: "only needed with apiCertificate",
  }),
  apiCertificateAuthority: key(text(certificatesProblem("pulumi config set apiCertificateAuthority < ca.pem"), "", MAX_PEM_CHARACTERS), {
    description:
      "CA that issued apiCertificate. The administrator's kubeconfig then trusts this CA. To remove both keys, first remove apiCertificate and run pulumi up, then remove this key.",
    allowed: "PEM certificates",
    example: "-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n",
    source: "OpenShift documentation, Adding API server certificates",
    whenEmpty: "the self-signed certificate at the end of apiCertificate's chain",
  }),
  ingressCertificate: key(
    text(chainProblem("pulumi config set ingressCertificate < fullchain.pem", { dates: true }), "", MAX_PEM_CHARACTERS),
    {
      ...CHAIN,
      description: "Certificate for *.apps.<domain>, including the console, with its intermediates.",
      source: "OpenShift (IngressController default, spec.defaultCertificate)",
      whenEmpty: "the ingress operator's own certificate",
    },
  ),
  ingressCertificateKey: key(text(tlsKeyProblem(setPrivateKey("ingressCertificateKey")), "", MAX_PEM_CHARACTERS), {
    ...KEY,
    description: "Private key of ingressCertificate.",
    whenEmpty: "only needed with ingressCertificate",
  }),
} as const;
