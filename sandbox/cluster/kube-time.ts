/** A time as Kubernetes' objects have it: to the second. */
export function kubeTime(time = new Date()): string {
  return time.toISOString().replace(/\.\d+Z$/, "Z");
}
