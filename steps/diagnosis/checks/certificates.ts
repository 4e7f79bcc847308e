import type { X509Certificate } from "node:crypto";
import { load } from "js-yaml";
import { reasonOf } from "../../../lib/reason";
import type { Finding } from "../finding";
import { certificatesIn, subjectOf } from "../../../lib/pem";
import { contentOfDataUrl, parseIgnition, trustedCas } from "../pointer";
import { parseKubeconfig } from "../../../lib/kubernetes/kubeconfig";
import { isPendingOrRunning, instanceLabel, type Evidence } from "../evidence";
import type { DiagnosisTarget } from "../target";

/** A text with certificates, and its location: a file of an ignition config, a pointer config or the kubeconfig. */
interface Place {
  readonly place: string;
  readonly text: string;
}

/**
 * Checks that every certificate with which instances boot is valid now. Some of the installer's certificates expire after 24 hours. There is one
 * finding per file or object, because the certificates in it usually expire together.
 */
export function checkCertificates(target: DiagnosisTarget, evidence: Evidence): Finding[] {
  const { at, machines = [], ignition } = evidence;
  const pointers = machines
    .filter((machine) => isPendingOrRunning(machine) && machine.role !== "bootstrap")
    .map((machine): readonly [string, Place[]] => {
      const authorities = trustedCas(parseIgnition(machine.userData ?? "") ?? {});
      return [`the pointer config of ${instanceLabel(machine)}`, authorities.map((text) => ({ place: "its CA", text }))];
    });
  const holders: readonly (readonly [string, readonly Place[]])[] = [
    ...(ignition === undefined ? [] : [[`s3://${ignition.bucket}/${ignition.key}`, placesIn(ignition.object ?? "")] as const]),
    ...pointers,
    ...(target.kubeconfig === undefined ? [] : [["the kubeconfig", kubeconfigPlaces("", target.kubeconfig)] as const]),
  ];
  return holders.flatMap(([holder, places]) => validityFindings(holder, places, at));
}

/** The certificate files and kubeconfigs of an ignition config. */
function placesIn(ignition: string): Place[] {
  const files = parseIgnition(ignition)?.storage?.files ?? [];
  return files.flatMap(({ path, contents }) => {
    if (!/\.(crt|pem)$|kubeconfig/.test(path)) return [];
    const text = contentOfDataUrl(contents?.source) ?? "";
    return /kubeconfig/.test(path) && isYamlObject(text) ? kubeconfigPlaces(path, text) : [{ place: path, text }];
  });
}

function isYamlObject(text: string): boolean {
  try {
    return typeof load(text) === "object";
  } catch {
    // The text has no certificates, for example a script with "kubeconfig" in its name.
    return false;
  }
}

function kubeconfigPlaces(path: string, text: string): Place[] {
  const within = (part: string) => (path === "" ? part : `${path}, ${part}`);
  try {
    const { ca = "", certificate = "" } = parseKubeconfig(text);
    return [
      { place: within("its CA"), text: ca },
      { place: within("its client certificate"), text: certificate },
    ];
  } catch {
    // The layer API reports an unreadable kubeconfig.
    return [];
  }
}

function validityFindings(holder: string, places: readonly Place[], at: Date): Finding[] {
  const wrong: string[] = [];
  for (const { place, text } of places) {
    try {
      wrong.push(...certificatesIn(text).flatMap((certificate) => problemsOf(place, certificate, at)));
    } catch (error) {
      wrong.push(`${place}: unreadable (${reasonOf(error)})`);
    }
  }
  if (wrong.length === 0) return [];
  const count = wrong.length === 1 ? "a certificate" : `${wrong.length} certificates`;
  return [
    {
      layer: "certificates",
      problem: `${holder} contains ${count} not valid at ${at.toISOString()}: ${wrong[0] ?? ""}`,
      remedy:
        "check the clock of this machine; the installer's certificates expire after 24 hours, so if no instance has joined yet, destroy the stack and install again",
      ...(wrong.length > 1 && { evidence: wrong }),
    },
  ];
}

function problemsOf(place: string, certificate: X509Certificate, at: Date): string[] {
  const from = new Date(certificate.validFrom);
  const to = new Date(certificate.validTo);
  const name = `${place} (${subjectOf(certificate)})`;
  if (to < at) return [`${name} expired on ${to.toISOString()}`];
  if (from > at) return [`${name} is not valid before ${from.toISOString()}`];
  return [];
}
