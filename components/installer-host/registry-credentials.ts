import { createPrivateKey, KeyObject, randomBytes, webcrypto } from "node:crypto";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";
import * as pulumi from "@pulumi/pulumi";
import { hash } from "bcryptjs";
import { encodeFiles } from "../../ignition/file-transfer";
import { registryHost, registrySecretFiles } from "../../ignition/installer-host/registry";

interface Inputs {
  /** The name in the certificate. */
  readonly host: string;
  readonly rotation: string;
}

interface Authority {
  /** PEM. */
  readonly caCertificate: string;
  readonly caPrivateKey: string;
}

interface Made extends Inputs, Authority {
  readonly password: string;
  readonly pullPassword: string;
  /** The registry's files on the installer host, as its secret holds them. */
  readonly files: string;
}

/** Kind of every key here: what all of Go's and OpenSSL's clients accept. */
const keyAlgorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/**
 * How long certificates are valid: ten years, since the authority's end would be the end of pulling. Who wants a certificate to
 * live shorter rotates it. They begin an hour early, for clocks that go wrong.
 */
const validYears = 10;

/** Work factor of the password's hash; the password is random, so that no more is needed (bcrypt's customary default). */
const bcryptRounds = 10;

function validity(): { notBefore: Date; notAfter: Date } {
  const notBefore = new Date(Date.now() - 3_600_000);
  const notAfter = new Date(notBefore);
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + validYears);
  return { notBefore, notAfter };
}

function pemOf(key: webcrypto.CryptoKey): string {
  return KeyObject.from(key).export({ type: "pkcs8", format: "pem" }).toString();
}

function serialNumber(): string {
  return `01${randomBytes(15).toString("hex")}`;
}

/** One element of DER, of at most 65535 bytes (ITU-T X.690). */
function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

/** RFC 5280, section 4.2.1.10: the authority may sign for this one name. Every node trusts it, so that it should be good for nothing else. */
function nameConstraint(host: string): Buffer {
  const subtree = der(0x30, der(0x82, Buffer.from(host, "latin1")));
  return der(0x30, der(0xa0, subtree));
}

async function makeAuthority(host: string): Promise<Authority> {
  const keys = await webcrypto.subtle.generateKey(keyAlgorithm, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: [{ CN: [`Authority of ${host}`.slice(0, 64)] }],
    ...validity(),
    keys,
    signingAlgorithm: keyAlgorithm,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      new Extension("2.5.29.30", true, nameConstraint(host)),
    ],
  });
  return { caCertificate: `${certificate.toString("pem")}\n`, caPrivateKey: pemOf(keys.privateKey) };
}

/** New passwords with their hashes, and a new certificate with its key. */
async function makeCredentials({ host, rotation }: Inputs, authority: Authority): Promise<Made> {
  const issuer = new X509Certificate(authority.caCertificate);
  const signingKey = await webcrypto.subtle.importKey(
    "pkcs8",
    createPrivateKey(authority.caPrivateKey).export({ type: "pkcs8", format: "der" }),
    keyAlgorithm,
    false,
    ["sign"],
  );
  const keys = await webcrypto.subtle.generateKey(keyAlgorithm, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: [{ CN: [host.slice(0, 64)] }],
    issuer: issuer.subject,
    ...validity(),
    // No longer than its authority.
    notAfter: issuer.notAfter,
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: keyAlgorithm,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension([{ type: "dns", value: host }]),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  const [push, pull] = await Promise.all([makePassword(), makePassword()]);
  const files = registrySecretFiles(host, {
    accounts: { push, pull },
    certificate: `${certificate.toString("pem")}\n`,
    privateKey: pemOf(keys.privateKey),
    caCertificate: authority.caCertificate,
  });
  return { host, rotation, ...authority, password: push.password, pullPassword: pull.password, files: encodeFiles(files) };
}

async function makePassword(): Promise<{ readonly password: string; readonly hash: string }> {
  const password = randomBytes(24).toString("base64url");
  return { password, hash: await hash(password, bcryptRounds) };
}

/** Makes them once, and, for another rotation, the passwords and the certificate again. */
export const registryCredentialsProvider: pulumi.dynamic.ResourceProvider<Inputs, Made> = {
  async create(inputs) {
    return { id: "registry-credentials", outs: await makeCredentials(inputs, await makeAuthority(inputs.host)) };
  },
  diff(_id, olds, news) {
    const otherHost = olds.host !== news.host;
    // A stack from before nodes had an account of their own has no password for it.
    const incomplete = (olds as Partial<Made>).pullPassword === undefined;
    return Promise.resolve({ changes: otherHost || incomplete || olds.rotation !== news.rotation, replaces: otherHost ? ["host"] : [] });
  },
  async update(_id, { caCertificate, caPrivateKey }, news) {
    return { outs: await makeCredentials(news, { caCertificate, caPrivateKey }) };
  },
};

export interface RegistryCredentialsArgs {
  readonly clusterDomain: string;
  /** Another text makes new passwords and a new certificate. */
  readonly rotation: string;
}

/**
 * What the registry proves itself and asks for: a certificate for its name, of an authority that is good for this name only, and a password of each account.
 * Made once and kept; the authority stays when they are rotated, since to trust another one restarts every node.
 */
export class RegistryCredentials extends pulumi.dynamic.Resource {
  /** PEM. */
  declare readonly caCertificate: pulumi.Output<string>;
  /** Of the account that pushes. Secret, as is what follows. */
  declare readonly password: pulumi.Output<string>;
  /** Of the nodes' account, which only pulls. */
  declare readonly pullPassword: pulumi.Output<string>;
  /** Text of the host's secret. */
  declare readonly files: pulumi.Output<string>;

  constructor(name: string, { clusterDomain, rotation }: RegistryCredentialsArgs, opts?: pulumi.CustomResourceOptions) {
    const inputs = {
      host: registryHost(clusterDomain),
      rotation,
      caCertificate: undefined,
      caPrivateKey: undefined,
      password: undefined,
      pullPassword: undefined,
      files: undefined,
    };
    const options = pulumi.mergeOptions({ additionalSecretOutputs: ["caPrivateKey", "password", "pullPassword", "files"] }, opts);
    super(registryCredentialsProvider, name, inputs, options, "okd", "RegistryCredentials");
  }
}
