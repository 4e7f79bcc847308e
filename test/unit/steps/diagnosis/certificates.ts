import "reflect-metadata";
import * as x509 from "@peculiar/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

/** PEM texts of a self-signed certificate and of its key. */
export interface CertificateAndKey {
  readonly certificate: string;
  readonly key: string;
}

/** Makes a self-signed certificate with this common name. It is valid from `fromDay` to `toDay`, in days after `at`. */
export async function makeCertificate(name: string, at: Date, fromDay = -1, toDay = 1): Promise<CertificateAndKey> {
  const day = (count: number) => new Date(at.getTime() + count * 24 * 60 * 60_000);
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    notBefore: day(fromDay),
    notAfter: day(toDay),
    keys,
    signingAlgorithm: algorithm,
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: "dns", value: name }])],
  });
  const key = x509.PemConverter.encode(await crypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY");
  return { certificate: `${certificate.toString("pem")}\n`, key: `${key}\n` };
}

const base64 = (text: string) => Buffer.from(text).toString("base64");
const dataUrl = (text: string) => `data:text/plain;charset=utf-8;base64,${base64(text)}`;

/** A kubeconfig as the installer writes it. */
export function kubeconfigText(server: string, authority: string, { certificate, key }: CertificateAndKey): string {
  return `apiVersion: v1
kind: Config
clusters:
- name: dev
  cluster:
    certificate-authority-data: ${base64(authority)}
    server: ${server}
contexts:
- name: admin
  context: {cluster: dev, user: admin}
current-context: admin
users:
- name: admin
  user:
    client-certificate-data: ${base64(certificate)}
    client-key-data: ${base64(key)}
`;
}

/** The user data from which a control plane instance or a worker boots. */
export function machinePointer(clusterDomain: string, role: string, authority: string): string {
  const source = `https://api-int.${clusterDomain}:22623/config/${role}`;
  const tls = { certificateAuthorities: [{ source: dataUrl(authority) }] };
  return JSON.stringify({ ignition: { version: "3.2.0", config: { merge: [{ source }] }, security: { tls } } });
}

/** The text of an ignition config with these files, by path. */
export function ignitionWith(files: Readonly<Record<string, string>>): string {
  const list = Object.entries(files).map(([path, text]) => ({ path, contents: { source: dataUrl(text) } }));
  return JSON.stringify({ ignition: { version: "3.2.0" }, storage: { files: list } });
}
