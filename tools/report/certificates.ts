import type { X509Certificate } from "node:crypto";
import { recordValue, type Resource, textValue } from "../../lib/pulumi/resource";
import { certificatesIn, subjectOf } from "../../lib/pem";
import type { Markup } from "../../lib/markup";
import { resourceName } from "../../lib/pulumi/urn";
import { secretsIn } from "./secret";
import { alert, note, section, tableMarkup } from "./section";

/** A certificate in the report; its private key is not read. */
export interface KnownCertificate {
  readonly subject: string;
  readonly expires: Date;
  readonly fingerprint: string;
  /** Name of the resource, or host and port, where it was found. */
  readonly from: string;
}

/** A certificate is highlighted from this number of days before its expiry on. This project's choice: a month to act. */
const DAYS_OF_WARNING = 30;
const MS_PER_DAY = 86_400_000;

/** Certificates in base64 ("-----BEGIN CERTI…"), as in kubeconfigs and ignition configs. */
const ENCODED = /LS0tLS1CRUdJTiBDRVJUS[A-Za-z0-9+/]*={0,2}/g;

/** All certificates in a text: plain, in JSON, or in base64. */
function certificatesWithin(given: string): X509Certificate[] {
  const plain = given.replaceAll(/\\{1,8}n/g, "\n");
  return [plain, ...(plain.match(ENCODED) ?? []).map((block) => Buffer.from(block, "base64").toString("utf8"))].flatMap(certificatesIn);
}

/** The certificates in a stack's state: in plain properties, and in secrets if the export shows them. */
export function knownCertificates(resources: readonly Resource[]): KnownCertificate[] {
  const known = new Map<string, KnownCertificate>();
  for (const resource of resources) {
    const { inputs, outputs = {} } = resource;
    const plain = Object.values(outputs).flatMap((value) => textValue(value) ?? []);
    const secret = [...secretsIn(inputs), ...secretsIn(outputs)].flatMap((one) => textValue(one.text) ?? []);
    for (const certificate of [...plain, ...secret].flatMap(certificatesWithin)) {
      const one = knownOf(certificate, resourceName(resource.urn));
      if (!known.has(one.fingerprint)) known.set(one.fingerprint, one);
    }
  }
  return [...known.values()];
}

export function knownOf(certificate: X509Certificate, from: string): KnownCertificate {
  const { fingerprint256, validTo } = certificate;
  return { subject: subjectOf(certificate), expires: new Date(validTo), fingerprint: fingerprint256, from };
}

/** Whether the export contains secrets that it doesn't show. */
export function hidesSecrets(resources: readonly Resource[]): boolean {
  return resources.some(({ inputs, outputs }) =>
    [...secretsIn(recordValue(inputs)), ...secretsIn(outputs)].some((one) => one.text === undefined),
  );
}

export interface Certificates {
  readonly known: readonly KnownCertificate[];
  /** Notes about unknown certificates, and how to read them. */
  readonly unknown: readonly string[];
}

export function certificatesSection({ known, unknown }: Certificates, now: Date): Markup {
  const rows = [...known]
    .sort((one, other) => one.expires.getTime() - other.expires.getTime() || (one.fingerprint < other.fingerprint ? -1 : 1))
    .map(({ subject, expires, from }) => [subject, from, day(expires), remainingTime(expires, now)]);
  return section(
    "Certificates",
    tableMarkup(["Certificate", "Found in", "Expires", "Left"], rows),
    ...unknown.map((text) => note(text)),
    note(
      "Certificates of the installation's ignition configs expire after a day: the cluster has created its own since, and renews them itself.",
    ),
  );
}

const day = (date: Date) => date.toISOString().slice(0, 10);

function remainingTime(expires: Date, now: Date) {
  const days = Math.floor((expires.getTime() - now.getTime()) / MS_PER_DAY);
  if (days < 0) return alert("expired");
  return days < DAYS_OF_WARNING ? alert(`${days} days`) : `${days} days`;
}
