/**
 * HTTP status with which an API server answers an anonymous client (Kubernetes documentation, "API health endpoints";
 * `system:public-info-viewer`).
 */
export function apiServerStatus(path: string): number {
  return /^\/(readyz|livez|healthz)(\/|\?|$)|^\/version$/.test(path) ? 200 : 403;
}

/**
 * HTTP status of a machine config server for a path: its health, and the configs of the pools that it serves
 * (openshift/machine-config-operator, `pkg/server/api.go`).
 */
export function machineConfigServerStatus(path: string, pools: readonly string[]): number {
  if (path === "/healthz") return 200;
  return pools.some((pool) => path === `/config/${pool}`) ? 200 : 404;
}
