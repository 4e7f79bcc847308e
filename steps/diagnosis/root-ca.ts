import { contentOfDataUrl, parseIgnition } from "./pointer";
import type { Evidence } from "./evidence";
import type { DiagnosisTarget } from "./target";

/** File in which the installer stores the CA that signs the machine config server's certificate (openshift/installer, `pkg/asset/tls/root.go`). */
const rootCaPath = "/opt/openshift/tls/root-ca.crt";

/** PEM of the CA that instances must trust to fetch their config; undefined if neither the target nor the bootstrap ignition config has it. */
export function rootCaOf({ rootCa }: DiagnosisTarget, { ignition }: Evidence): string | undefined {
  if (rootCa !== undefined) return rootCa;
  const files = parseIgnition(ignition?.object ?? "")?.storage?.files ?? [];
  return contentOfDataUrl(files.find(({ path }) => path === rootCaPath)?.contents?.source);
}
