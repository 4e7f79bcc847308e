import { createPrivateKey, KeyObject, randomBytes, webcrypto } from "node:crypto";
import { AsnConvert } from "@peculiar/asn1-schema";
import { GeneralName, GeneralSubtree, GeneralSubtrees, id_ce_nameConstraints, NameConstraints } from "@peculiar/asn1-x509";
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
  /** Host name in the certificate. */
  readonly host: string;
  readonly rotation: string;
}

interface Ca {
  /** CA certificate and key in PEM format. */
  readonly caCertificate: string;
  readonly caPrivateKey: string;
}

interface Made extends Inputs, Ca {
  readonly password: string;
  readonly pullPassword: string;
  /** The registry's files on the installer host, in the format of its secret. */
  readonly files: string;
}

/** Type of all keys here. All clients based on Go or OpenSSL accept it. */
const keyAlgorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/**
 * Validity of the certificates: ten years, because nodes cannot pull any more once the CA has expired. For a shorter life the user rotates
 * the certificate. Validity begins an hour early, for clocks that are slow.
 */
const validYears = 10;

/** Cost factor of the password hashes (bcrypt's usual default). More is not needed, because the passwords are random. */
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

/**
 * Name constraint of RFC 5280, section 4.2.1.10: the CA may sign only for this name. Every node trusts the CA, so it must be useless for
 * anything else.
 */
function nameConstraint(host: string): Extension {
  const subtree = new GeneralSubtree({ base: new GeneralName({ dNSName: host }) });
  const constraints = new NameConstraints({ permittedSubtrees: new GeneralSubtrees([subtree]) });
  return new Extension(id_ce_nameConstraints, true, AsnConvert.serialize(constraints));
}

async function makeCa(host: string): Promise<Ca> {
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
      nameConstraint(host),
    ],
  });
  return { caCertificate: `${certificate.toString("pem")}\n`, caPrivateKey: pemOf(keys.privateKey) };
}

/** Creates new passwords with their hashes, and a new certificate with its key. */
async function makeCredentials({ host, rotation }: Inputs, authority: Ca): Promise<Made> {
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
    // A certificate must not be valid for longer than its CA.
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

/** Creates CA, passwords and certificate once. A changed rotation creates the passwords and the certificate again. */
export const registryCredentialsProvider: pulumi.dynamic.ResourceProvider<Inputs, Made> = {
  async create(inputs) {
    return { id: "registry-credentials", outs: await makeCredentials(inputs, await makeCa(inputs.host)) };
  },
  diff(_id, olds, news) {
    const otherHost = olds.host !== news.host;
    // A stack that an earlier version of this program created has no password for the nodes' account.
    const incomplete = (olds as Partial<Made>).pullPassword === undefined;
    return Promise.resolve({ changes: otherHost || incomplete || olds.rotation !== news.rotation, replaces: otherHost ? ["host"] : [] });
  },
  async update(_id, { caCertificate, caPrivateKey }, news) {
    return { outs: await makeCredentials(news, { caCertificate, caPrivateKey }) };
  },
};

export interface RegistryCredentialsArgs {
  readonly clusterDomain: string;
  /** A changed text creates new passwords and a new certificate. */
  readonly rotation: string;
}

/**
 * The registry's certificate for its name, the CA that signed it and may sign only for this name, and the password of each account. They
 * are created once. A rotation keeps the CA, because a new CA restarts every node.
 */
export class RegistryCredentials extends pulumi.dynamic.Resource {
  /** CA certificate in PEM format. */
  declare readonly caCertificate: pulumi.Output<string>;
  /** Password of the account that pushes; secret, like the following outputs. */
  declare readonly password: pulumi.Output<string>;
  /** Password of the nodes' account, which can only pull. */
  declare readonly pullPassword: pulumi.Output<string>;
  /** Text of the host's secret with the registry's files. */
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
