/** A port that a load balancer forwards to the control plane instances. */
export interface ApiService {
  /** Part of the target group's name, which is at most 32 characters: `<infraID>-<key>`. */
  readonly key: "aext" | "aint" | "sint";
  readonly balancer: "ext" | "int";
  readonly port: number;
  readonly healthCheckPath: string;
}

/** Services of the control plane behind load balancers (openshift/installer, `pkg/asset/manifests/aws/cluster.go`). */
export const apiServices: readonly ApiService[] = [
  { key: "aext", balancer: "ext", port: 6443, healthCheckPath: "/readyz" },
  { key: "aint", balancer: "int", port: 6443, healthCheckPath: "/readyz" },
  { key: "sint", balancer: "int", port: 22623, healthCheckPath: "/healthz" },
];
