/** Settings of the example application that are refused, and the keys that the error names. */
import { testRefusals } from "../refusals";

const shard = (name: string, more: object = {}) => ({
  name,
  domain: `${name}.dev.okd.example.com`,
  scope: "External",
  namespaceSelector: { matchLabels: { exposure: name } },
  ...more,
});
const apart = [shard("public"), shard("private")];

testRefusals([
  ["shards of an example that is off", { routerShards: apart, exampleApplicationShards: ["public"] }, ["exampleApplicationShards"]],
  ["a shard that does not exist", { exampleApplication: true, exampleApplicationShards: ["public"] }, ["exampleApplicationShards"]],
  [
    "a shard twice",
    { exampleApplication: true, routerShards: apart, exampleApplicationShards: ["public", "public"] },
    ["exampleApplicationShards"],
  ],
  ["shards whose namespaces exclude each other", { exampleApplication: true, routerShards: apart }, ["exampleApplication"]],
  [
    "a shard that names other namespaces, because the API server sets that label itself",
    {
      exampleApplication: true,
      routerShards: [shard("public", { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "shop" } } })],
    },
    ["exampleApplication"],
  ],
  [
    "a cluster without storage",
    {
      exampleApplication: true,
      baselineCapabilitySet: "None",
      additionalEnabledCapabilities: ["CloudControllerManager", "CloudCredential", "Ingress"],
    },
    ["exampleApplication"],
  ],
]);
