/** What an API server answers an unknown client to a path (Kubernetes documentation, "API health endpoints"; `system:public-info-viewer`). */
export function apiServerStatus(path: string): number {
  return /^\/(readyz|livez|healthz)(\/|\?|$)|^\/version$/.test(path) ? 200 : 403;
}

/** What a machine config server answers to a path: its health, and the configs of the pools that it serves (openshift/machine-config-operator, `pkg/server/api.go`). */
export function machineConfigServerStatus(path: string, pools: readonly string[]): number {
  if (path === "/healthz") return 200;
  return pools.some((pool) => path === `/config/${pool}`) ? 200 : 404;
}
