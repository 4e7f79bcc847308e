/** One port that a load balancer passes on to the control plane's machines. */
export interface ApiService {
  /** Part of the target group's name, which is at most 32 characters: `<infraID>-<key>`. */
  readonly key: "aext" | "aint" | "sint";
  readonly balancer: "ext" | "int";
  readonly port: number;
  readonly healthCheckPath: string;
}

/** The control plane's services behind load balancers (reference, section 3). */
export const apiServices: readonly ApiService[] = [
  { key: "aext", balancer: "ext", port: 6443, healthCheckPath: "/readyz" },
  { key: "aint", balancer: "int", port: 6443, healthCheckPath: "/readyz" },
  { key: "sint", balancer: "int", port: 22623, healthCheckPath: "/healthz" },
];
