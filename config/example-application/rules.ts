import { hasCapability } from "../enabled-capability";
import { removeCommand, setCommand, setItemCommand } from "../problem";
import { rule } from "../rule";
import { EXAMPLE_NAMESPACE, sharedNamespaceLabels, shardsOfOtherNamespaces } from "./settings";

export const exampleShardsNeedTheExample = rule(
  ["exampleApplication", "exampleApplicationShards"],
  ({ exampleApplication, exampleApplicationShards }) =>
    exampleApplication || exampleApplicationShards.length === 0
      ? []
      : [
          {
            key: "exampleApplicationShards",
            wrong: "is set, but exampleApplication is not true",
            fix: `${setCommand("exampleApplication", "true")}, or ${removeCommand("exampleApplicationShards")}`,
          },
        ],
);

export const exampleShardsExist = rule(["exampleApplicationShards", "routerShards"], ({ exampleApplicationShards, routerShards }) =>
  exampleApplicationShards.flatMap((chosen, index) =>
    routerShards.some(({ name }) => name === chosen)
      ? []
      : [
          {
            key: "exampleApplicationShards",
            wrong: `item ${index + 1} (${chosen}) names a shard, but routerShards has none of this name`,
            allowed: routerShards.length === 0 ? "nothing, because routerShards is empty" : routerShards.map(({ name }) => name).join(", "),
            fix: removeCommand("exampleApplicationShards"),
          },
        ],
  ),
);

/** A Route sends requests only to a Service in its own namespace, so all shards must select the same namespace. */
export const exampleShardsShareANamespace = rule(
  ["exampleApplication", "exampleApplicationShards", "routerShards"],
  ({ exampleApplication, ...shards }) => {
    if (!exampleApplication || sharedNamespaceLabels(shards) !== undefined) return [];
    const others = shardsOfOtherNamespaces(shards);
    if (others.length > 0)
      return [
        {
          key: "exampleApplication",
          wrong: `is true, but the namespaceSelector of ${others.join(", ")} names other namespaces than ${EXAMPLE_NAMESPACE}`,
          allowed: "shards whose selectors match this namespace",
          fix: `add ${EXAMPLE_NAMESPACE} to the values of kubernetes.io/metadata.name, or name other shards in exampleApplicationShards`,
        },
      ];
    return [
      {
        key: "exampleApplication",
        wrong: "is true, but the namespaceSelectors of its router shards exclude each other, so no namespace can match all of them",
        allowed: "shards whose selectors match the same namespace",
        fix:
          "name one shard in exampleApplicationShards, or give the shards the same namespaceSelector and different routeSelectors " +
          "(docs/example-application.md)",
      },
    ];
  },
);

/** Without the capability Storage the cluster has no driver for EBS volumes, and the claim of the database waits forever. */
export const exampleNeedsStorage = rule(
  ["exampleApplication", "release", "baselineCapabilitySet", "additionalEnabledCapabilities"],
  ({ exampleApplication, ...settings }) =>
    !exampleApplication || hasCapability(settings, "Storage")
      ? []
      : [
          {
            key: "exampleApplication",
            wrong: "is true, but the cluster lacks the capability Storage, so the database gets no volume",
            fix: setItemCommand("additionalEnabledCapabilities", settings.additionalEnabledCapabilities.length, "Storage"),
          },
        ],
);
