import { dataOf, parseIgnition } from "./pointer";
import type { Reading } from "./reading";
import type { Subject } from "./subject";

/** Where the installer puts the authority that signs the machine config server's certificate (openshift/installer, `pkg/asset/tls/root.go`). */
const rootCaPath = "/opt/openshift/tls/root-ca.crt";

/** PEM of the authority that machines must trust to be given their config; undefined where neither the subject nor the object tells. */
export function rootAuthority({ rootCa }: Subject, { ignition }: Reading): string | undefined {
  if (rootCa !== undefined) return rootCa;
  const files = parseIgnition(ignition?.object ?? "")?.storage?.files ?? [];
  return dataOf(files.find(({ path }) => path === rootCaPath)?.contents?.source);
}
