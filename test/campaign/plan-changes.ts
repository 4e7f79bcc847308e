/** A change that a team would make by pull request: keys of the stack file that become others, or text of the program. */
export interface PlannedChange {
  readonly name: string;
  readonly keys?: Readonly<Record<string, unknown>>;
  readonly program?: { readonly file: string; readonly text: string; readonly becomes: string };
}

/** The changes whose summaries are held by golden texts, each on its own on the stack that stands. */
export const plannedChanges: readonly PlannedChange[] = [
  { name: "scale-workers", keys: { workerCount: "5" } },
  { name: "worker-type", keys: { workerInstanceType: "m6i.2xlarge" } },
  { name: "master-type", keys: { masterInstanceType: "m6i.2xlarge" } },
  { name: "worker-volume", keys: { workerVolumeSize: "200" } },
  { name: "open-port", keys: { adminCidrs: ["198.51.100.0/24", "203.0.113.0/24"] } },
  { name: "rotate-password", keys: { registryRotation: "2" } },
  { name: "one-nat-gateway", keys: { natGateways: "single" } },
  { name: "audit-profile", keys: { auditProfile: "None" } },
  {
    name: "rename-component",
    program: { file: "stacks/infrastructure.ts", text: 'new LoadBalancers("load-balancers"', becomes: 'new LoadBalancers("api-balancers"' },
  },
];
