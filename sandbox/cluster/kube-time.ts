/** A timestamp of a Kubernetes object: without fractions of a second. */
export function kubeTime(time = new Date()): string {
  return time.toISOString().replace(/\.\d+Z$/, "Z");
}
