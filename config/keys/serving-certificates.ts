import { key, MOST_PEM_CHARACTERS, text } from "../key";
import { certificatesFlaw, chainFlaw } from "../rules/certificates";
import { setPrivateKey, tlsKeyFlaw } from "../rules/private-key";

const KEY = {
  allowed: "a private key in PEM form without a passphrase",
  example: "-----BEGIN PRIVATE KEY-----\n…\n-----END PRIVATE KEY-----\n",
  source: "OpenShift (Secret of type kubernetes.io/tls)",
  secret: true,
} as const;

const CHAIN = {
  allowed: "PEM certificates, the server's first, each issued by the next",
  example: "-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n",
} as const;

/** Certificates that users' programs meet. */
export const servingCertificateKeys = {
  apiCertificate: key(text(chainFlaw("pulumi config set apiCertificate < fullchain.pem", { dates: true }), "", MOST_PEM_CHARACTERS), {
    ...CHAIN,
    description: "Certificate of api.<domain> in place of the cluster's own, with its intermediates. api-int keeps the cluster's.",
    source: "OpenShift (APIServer cluster, spec.servingCerts.namedCertificates)",
    whenEmpty: "the cluster's own",
  }),
  apiCertificateKey: key(text(tlsKeyFlaw(setPrivateKey("apiCertificateKey")), "", MOST_PEM_CHARACTERS), {
    ...KEY,
    description: "Private key of apiCertificate.",
    whenEmpty: "needed with apiCertificate only",
  }),
  apiCertificateAuthority: key(text(certificatesFlaw("pulumi config set apiCertificateAuthority < ca.pem"), "", MOST_PEM_CHARACTERS), {
    description:
      "Authority that issued apiCertificate, which the administrator's kubeconfig then trusts. Keep it one update longer than the certificate.",
    allowed: "PEM certificates",
    example: "-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n",
    source: "OpenShift documentation, Adding API server certificates",
    whenEmpty: "the self-signed end of apiCertificate's chain",
  }),
  ingressCertificate: key(
    text(chainFlaw("pulumi config set ingressCertificate < fullchain.pem", { dates: true }), "", MOST_PEM_CHARACTERS),
    {
      ...CHAIN,
      description: "Certificate of *.apps.<domain>, that of the console among them, with its intermediates.",
      source: "OpenShift (IngressController default, spec.defaultCertificate)",
      whenEmpty: "the ingress operator's own",
    },
  ),
  ingressCertificateKey: key(text(tlsKeyFlaw(setPrivateKey("ingressCertificateKey")), "", MOST_PEM_CHARACTERS), {
    ...KEY,
    description: "Private key of ingressCertificate.",
    whenEmpty: "needed with ingressCertificate only",
  }),
} as const;
