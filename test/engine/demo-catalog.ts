import type { OlmBundle, OlmCatalog } from "@okd-aws/sandbox/cluster/olm-stand-in";

const bundle = (version: string, more: Partial<OlmBundle> = {}): OlmBundle => ({
  name: `demo.v${version}`,
  package: "demo",
  version,
  installModes: ["OwnNamespace", "SingleNamespace"],
  owned: [{ name: "demos.example.com", kind: "Demo", version: "v1" }],
  deployments: [{ name: "demo", serviceAccount: "demo", labels: { app: "demo" }, requests: { cpu: "10m", memory: "20Mi" } }],
  ...more,
});

const chain = ["1.0.0", "1.1.0", "1.2.0", "1.3.0"];

/**
 * A channel in which each version replaces the one before; one that skips from any version to its head; one whose head replaces a version that
 * was withdrawn; two with broken versions.
 */
export const demoCatalog: OlmCatalog = {
  packages: [
    {
      name: "demo",
      defaultChannel: "stable",
      channels: [
        {
          name: "stable",
          entries: chain.map((version, index) => ({
            name: `demo.v${version}`,
            ...(index > 0 && { replaces: `demo.v${chain[index - 1]}` }),
          })),
        },
        { name: "fast", entries: [{ name: "demo.v1.3.0", skipRange: "<1.3.0", skips: ["demo.v1.0.0"] }, { name: "demo.v1.0.0" }] },
        {
          name: "corrected",
          entries: [
            { name: "demo.v1.2.0", replaces: "demo.v1.0.0", skips: ["demo.v1.1.0"] },
            { name: "demo.v1.1.0", replaces: "demo.v1.0.0" },
            { name: "demo.v1.0.0" },
          ],
        },
        { name: "broken", entries: [{ name: "demo.v2.0.0" }] },
        { name: "incomplete", entries: [{ name: "demo.v3.0.0" }] },
      ],
    },
    { name: "other", defaultChannel: "stable", channels: [{ name: "stable", entries: [{ name: "other.v1.0.0" }] }] },
  ],
  bundles: [
    ...chain.map((version) => bundle(version)),
    bundle("2.0.0", {
      deployments: [{ name: "crashing", serviceAccount: "demo", labels: { app: "x" }, requests: { cpu: "10m", memory: "20Mi" } }],
    }),
    bundle("3.0.0", { required: [{ name: "databases.example.com", kind: "Database", version: "v1" }] }),
    bundle("1.0.0", { name: "other.v1.0.0", package: "other", owned: [], installModes: ["AllNamespaces"] }),
  ],
};
