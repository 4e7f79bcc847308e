import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { Extension, Pkcs10CertificateRequestGenerator, SubjectAlternativeNameExtension, type JsonGeneralName } from "@peculiar/x509";
import type { CertificateRequest } from "../../../../steps/certificate-approver/request";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
let keys: Promise<webcrypto.CryptoKeyPair> | undefined;

export interface Pkcs10Options {
  /** @default `O=system:nodes, CN=system:node:<node>` */
  subject?: { O?: string[]; CN?: string[]; OU?: string[] }[];
  alternatives?: JsonGeneralName[];
  /** Extensions in addition to the alternative names. */
  extensions?: Extension[];
}

/** A real PKCS#10 request as PEM, signed by a real key, as a kubelet makes it. */
export async function pkcs10(node: string, { subject, alternatives, extensions = [] }: Pkcs10Options = {}): Promise<string> {
  keys ??= webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const names = alternatives === undefined ? [] : [new SubjectAlternativeNameExtension(alternatives)];
  const request = await Pkcs10CertificateRequestGenerator.create(
    {
      name: subject ?? [{ O: ["system:nodes"] }, { CN: [`system:node:${node}`] }],
      keys: await keys,
      signingAlgorithm: algorithm,
      extensions: [...names, ...extensions],
    },
    webcrypto,
  );
  return `${request.toString("pem")}\n`;
}

/** The first certificate request of a new instance, for a client certificate, as OpenShift's kubelets make it. */
export async function clientRequest(node: string, options?: Pkcs10Options): Promise<CertificateRequest> {
  return {
    ...common,
    signerName: "kubernetes.io/kube-apiserver-client-kubelet",
    username: "system:serviceaccount:openshift-machine-config-operator:node-bootstrapper",
    groups: ["system:serviceaccounts", "system:serviceaccounts:openshift-machine-config-operator", "system:authenticated"],
    usages: ["digital signature", "client auth"],
    request: encoded(await pkcs10(node, options)),
  };
}

/** A node's request for a serving certificate of its kubelet's HTTPS endpoint. */
export async function servingRequest(node: string, alternatives: JsonGeneralName[], options?: Pkcs10Options): Promise<CertificateRequest> {
  return {
    ...common,
    signerName: "kubernetes.io/kubelet-serving",
    username: `system:node:${node}`,
    groups: ["system:nodes", "system:authenticated"],
    usages: ["digital signature", "server auth"],
    request: encoded(await pkcs10(node, { ...options, alternatives })),
  };
}

export function encoded(pem: string): string {
  return Buffer.from(pem).toString("base64");
}

const common = { name: "csr-abcde", uid: "4c0c7e52-0000-4000-8000-000000000000", resourceVersion: "7", decided: false };
