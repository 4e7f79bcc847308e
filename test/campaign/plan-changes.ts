type Keys = Readonly<Record<string, unknown>>;

/** A change that a team would make by pull request: new values of keys in the stack file, or a replaced text in one of the program's source files. */
export interface PlannedChange {
  readonly name: string;
  /** New values by key, or a function that returns them for the stack file's values. */
  readonly keys?: Keys | ((before: Keys) => Keys);
  readonly program?: { readonly file: string; readonly text: string; readonly becomes: string };
}

const partner = {
  name: "partner",
  domain: "partner.dev.okd.example.com",
  scope: "External",
  namespaceSelector: { matchLabels: { exposure: "partner" } },
};

/** The changes whose summaries are compared with golden texts. Each change is made separately to the existing stack. */
export const plannedChanges: readonly PlannedChange[] = [
  { name: "scale-workers", keys: { workerCount: "5" } },
  { name: "worker-type", keys: { workerInstanceType: "m6i.2xlarge" } },
  { name: "master-type", keys: { masterInstanceType: "m6i.2xlarge" } },
  { name: "worker-volume", keys: { workerVolumeSize: "200" } },
  { name: "open-port", keys: { adminCidrs: ["198.51.100.0/24", "203.0.113.0/24"] } },
  { name: "rotate-password", keys: { registryRotation: "2" } },
  { name: "one-nat-gateway", keys: { natGateways: "single" } },
  { name: "audit-profile", keys: { auditProfile: "None" } },
  { name: "add-shard", keys: ({ routerShards }) => ({ routerShards: [...(routerShards as readonly Keys[]), partner] }) },
  {
    name: "shard-domain",
    keys: ({ routerShards }) => ({
      routerShards: (routerShards as readonly Keys[]).map((each) =>
        each.name === "public" ? { ...each, domain: "shop.dev.okd.example.com" } : each,
      ),
    }),
  },
  {
    name: "new-release",
    // The simulated cluster is offered no release and cannot verify OKD's images, so the update is forced (docs/cluster-settings.md,
    // "Updates").
    keys: { release: "4.22.0-okd-scos.8", releaseImage: "quay.io/okd/scos-release:4.22.0-okd-scos.8", forceUpdate: "true" },
  },
  {
    name: "rename-component",
    program: { file: "stacks/foundation.ts", text: 'new LoadBalancers("load-balancers"', becomes: 'new LoadBalancers("api-balancers"' },
  },
];
