import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { cryptoProvider, PemConverter, Pkcs10CertificateRequestGenerator, SubjectAlternativeNameExtension } from "@peculiar/x509";
import type { KubeObject } from "./api";

cryptoProvider.set(webcrypto);

/** A key, and the CSR for a certificate of this key. */
export interface KeyAndRequest {
  /** PEM; secret. */
  readonly key: string;
  readonly object: KubeObject;
}

export interface RequestedNames {
  readonly dns: readonly string[];
  readonly ip: readonly string[];
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** A kubelet's CSR for its client certificate, with which it authenticates to the API server. */
export async function kubeletClientRequest(node: string): Promise<KeyAndRequest> {
  return request(node, "kubernetes.io/kube-apiserver-client-kubelet", "client auth");
}

/** A kubelet's CSR for its serving certificate, with which it serves logs and metrics. */
export async function kubeletServingRequest(node: string, names: RequestedNames): Promise<KeyAndRequest> {
  return request(node, "kubernetes.io/kubelet-serving", "server auth", names);
}

async function request(node: string, signerName: string, usage: string, names?: RequestedNames): Promise<KeyAndRequest> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const alternatives = names && [
    ...names.dns.map((value) => ({ type: "dns" as const, value })),
    ...names.ip.map((value) => ({ type: "ip" as const, value })),
  ];
  const csr = await Pkcs10CertificateRequestGenerator.create({
    name: [{ O: ["system:nodes"] }, { CN: [`system:node:${node}`] }],
    keys,
    signingAlgorithm: algorithm,
    extensions: alternatives === undefined ? [] : [new SubjectAlternativeNameExtension(alternatives)],
  });
  return {
    key: PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY"),
    object: {
      apiVersion: "certificates.k8s.io/v1",
      kind: "CertificateSigningRequest",
      metadata: { generateName: "csr-" },
      spec: { request: Buffer.from(csr.toString("pem")).toString("base64"), signerName, usages: ["digital signature", usage] },
    },
  };
}
