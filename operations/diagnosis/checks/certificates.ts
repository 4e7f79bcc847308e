import type { X509Certificate } from "node:crypto";
import { load } from "js-yaml";
import { reasonOf } from "../attempts";
import type { Finding } from "../finding";
import { certificatesIn, subjectOf } from "../pem";
import { dataOf, parseIgnition, trustedAuthorities } from "../pointer";
import { parseKubeconfig } from "../read/kubeconfig";
import { isAlive, label, type Reading } from "../reading";
import type { Subject } from "../subject";

/** The certificates of one place: a file of an ignition config, a pointer, the kubeconfig. */
interface Place {
  readonly place: string;
  readonly text: string;
}

/**
 * Every certificate that machines boot with is valid now. Some of those that the installer writes live for a day (reference, section 7). One
 * finding for each thing that holds certificates: where one is too old, its neighbours are as well.
 */
export function checkCertificates(subject: Subject, reading: Reading): Finding[] {
  const { at, machines = [], ignition } = reading;
  const pointers = machines
    .filter((machine) => isAlive(machine) && machine.role !== "bootstrap")
    .map((machine): readonly [string, Place[]] => {
      const authorities = trustedAuthorities(parseIgnition(machine.userData ?? "") ?? {});
      return [`the pointer of ${label(machine)}`, authorities.map((text) => ({ place: "its authority", text }))];
    });
  const holders: readonly (readonly [string, readonly Place[]])[] = [
    ...(ignition === undefined ? [] : [[`s3://${ignition.bucket}/${ignition.key}`, placesIn(ignition.object ?? "")] as const]),
    ...pointers,
    ...(subject.kubeconfig === undefined ? [] : [["the kubeconfig", kubeconfigPlaces("", subject.kubeconfig)] as const]),
  ];
  return holders.flatMap(([holder, places]) => outdated(holder, places, at));
}

/** Files of certificates, and kubeconfigs with some in them. */
function placesIn(ignition: string): Place[] {
  const files = parseIgnition(ignition)?.storage?.files ?? [];
  return files.flatMap(({ path, contents }) => {
    if (!/\.(crt|pem)$|kubeconfig/.test(path)) return [];
    const text = dataOf(contents?.source) ?? "";
    return /kubeconfig/.test(path) && isYamlObject(text) ? kubeconfigPlaces(path, text) : [{ place: path, text }];
  });
}

function isYamlObject(text: string): boolean {
  try {
    return typeof load(text) === "object";
  } catch {
    // A script whose name has the word in it, for instance.
    return false;
  }
}

function kubeconfigPlaces(path: string, text: string): Place[] {
  const within = (part: string) => (path === "" ? part : `${path}, ${part}`);
  try {
    const { ca = "", certificate = "" } = parseKubeconfig(text);
    return [
      { place: within("its authority"), text: ca },
      { place: within("its client certificate"), text: certificate },
    ];
  } catch {
    // That it names no cluster is told where it is used.
    return [];
  }
}

function outdated(holder: string, places: readonly Place[], at: Date): Finding[] {
  const wrong: string[] = [];
  for (const { place, text } of places) {
    try {
      wrong.push(...certificatesIn(text).flatMap((certificate) => flaw(place, certificate, at)));
    } catch (error) {
      wrong.push(`${place}: unreadable (${reasonOf(error)})`);
    }
  }
  if (wrong.length === 0) return [];
  const count = wrong.length === 1 ? "a certificate" : `${wrong.length} certificates`;
  return [
    {
      layer: "certificates",
      problem: `${holder} holds ${count} not valid at ${at.toISOString()}: ${wrong[0] ?? ""}`,
      remedy:
        "see that the clock here is right; certificates that the installer makes live for a day, so when no machine has joined yet, destroy the stack and install anew",
      ...(wrong.length > 1 && { evidence: wrong }),
    },
  ];
}

function flaw(place: string, certificate: X509Certificate, at: Date): string[] {
  const from = new Date(certificate.validFrom);
  const to = new Date(certificate.validTo);
  const name = `${place} (${subjectOf(certificate)})`;
  if (to < at) return [`${name} expired on ${to.toISOString()}`];
  if (from > at) return [`${name} is valid from ${from.toISOString()} only`];
  return [];
}
