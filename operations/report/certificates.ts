import type { X509Certificate } from "node:crypto";
import { record, type Resource, text } from "../cost/resource";
import { certificatesIn, subjectOf } from "../diagnosis/pem";
import type { Markup } from "../markup/element";
import { nameOf } from "../urn";
import { secretsIn } from "./secret";
import { alert, note, section, table } from "./section";

/** A certificate that the report knows of; of its key nobody tells it. */
export interface Known {
  readonly subject: string;
  readonly expires: Date;
  readonly fingerprint: string;
  /** Where it was found. */
  readonly from: string;
}

/** Days before its end from which on a certificate is marked; this project's choice: a month to act in. */
const DAYS_OF_WARNING = 30;
const DAY = 86_400_000;

/** "-----BEGIN CERTI" in base64, as kubeconfigs and ignition configs have certificates. */
const ENCODED = /LS0tLS1CRUdJTiBDRVJUS[A-Za-z0-9+/]*={0,2}/g;

/** Certificates in a text, however it holds them: as they are, in JSON, or in base64. */
function certificatesWithin(given: string): X509Certificate[] {
  const plain = given.replaceAll(/\\{1,8}n/g, "\n");
  return [plain, ...(plain.match(ENCODED) ?? []).map((block) => Buffer.from(block, "base64").toString("utf8"))].flatMap(certificatesIn);
}

/** What is known of certificates from a state: from its plain properties, and from its secrets where the export shows them. */
export function certificatesOf(resources: readonly Resource[]): Known[] {
  const known = new Map<string, Known>();
  for (const resource of resources) {
    const { inputs, outputs = {} } = resource;
    const plain = Object.values(outputs).flatMap((value) => text(value) ?? []);
    const secret = [...secretsIn(inputs), ...secretsIn(outputs)].flatMap((one) => text(one.text) ?? []);
    for (const certificate of [...plain, ...secret].flatMap(certificatesWithin)) {
      const one = knownOf(certificate, nameOf(resource.urn));
      if (!known.has(one.fingerprint)) known.set(one.fingerprint, one);
    }
  }
  return [...known.values()];
}

export function knownOf(certificate: X509Certificate, from: string): Known {
  const { fingerprint256, validTo } = certificate;
  return { subject: subjectOf(certificate), expires: new Date(validTo), fingerprint: fingerprint256, from };
}

/** Whether the export holds secrets that it doesn't show. */
export function hidesSecrets(resources: readonly Resource[]): boolean {
  return resources.some(({ inputs, outputs }) =>
    [...secretsIn(record(inputs)), ...secretsIn(outputs)].some((one) => one.text === undefined),
  );
}

export interface Certificates {
  readonly known: readonly Known[];
  /** What is not known, and how it would be. */
  readonly unknown: readonly string[];
}

export function certificatesSection({ known, unknown }: Certificates, now: Date): Markup {
  const rows = [...known]
    .sort((one, other) => one.expires.getTime() - other.expires.getTime() || (one.fingerprint < other.fingerprint ? -1 : 1))
    .map(({ subject, expires, from }) => [subject, from, day(expires), left(expires, now)]);
  return section(
    "Certificates",
    table(["Certificate", "Found in", "Ends", "Left"], rows),
    ...unknown.map((text) => note(text)),
    note("Those of the installation's ignition configs live a day: the cluster has its own since, and renews them by itself."),
  );
}

const day = (date: Date) => date.toISOString().slice(0, 10);

function left(expires: Date, now: Date) {
  const days = Math.floor((expires.getTime() - now.getTime()) / DAY);
  if (days < 0) return alert("expired");
  return days < DAYS_OF_WARNING ? alert(`${days} days`) : `${days} days`;
}
