import { key, text } from "../key";
import { chainFlaw, certificateKeyFlaw } from "../rules/serving-certificates";
import { trustBundleFlaw } from "../rules/trust-bundle";

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
  apiCertificate: key(text(chainFlaw("apiCertificate")), {
    ...CHAIN,
    description: "Certificate of api.<domain> in place of the cluster's own, with its intermediates. api-int keeps the cluster's.",
    source: "OpenShift (APIServer cluster, spec.servingCerts.namedCertificates)",
    whenEmpty: "the cluster's own",
  }),
  apiCertificateKey: key(text(certificateKeyFlaw("apiCertificateKey")), {
    ...KEY,
    description: "Private key of apiCertificate.",
    whenEmpty: "needed with apiCertificate only",
  }),
  apiCertificateAuthority: key(text(trustBundleFlaw), {
    description:
      "Authority that issued apiCertificate, which the administrator's kubeconfig then trusts. Keep it one update longer than the certificate.",
    allowed: "PEM certificates",
    example: "-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n",
    source: "OpenShift documentation, Adding API server certificates",
    whenEmpty: "the self-signed end of apiCertificate's chain",
  }),
  ingressCertificate: key(text(chainFlaw("ingressCertificate")), {
    ...CHAIN,
    description: "Certificate of *.apps.<domain>, that of the console among them, with its intermediates.",
    source: "OpenShift (IngressController default, spec.defaultCertificate)",
    whenEmpty: "the ingress operator's own",
  }),
  ingressCertificateKey: key(text(certificateKeyFlaw("ingressCertificateKey")), {
    ...KEY,
    description: "Private key of ingressCertificate.",
    whenEmpty: "needed with ingressCertificate only",
  }),
} as const;
