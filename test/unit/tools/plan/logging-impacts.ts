import type { ImpactCase } from "./impact-case";

const lokiStack = "kubernetes:loki.grafana.com/v1:LokiStack";
const forwarder = "kubernetes:observability.openshift.io/v1:ClusterLogForwarder";

/** Changes of logging. */
export const loggingCases: readonly ImpactCase[] = [
  { what: "logging is switched off", operation: "delete", type: forwarder, means: ["interrupts", /^stops the collectors/] },
  {
    what: "logs go to another system",
    operation: "update",
    type: forwarder,
    fields: ["spec.outputs"],
    means: ["restarts", /^restarts the collectors/],
  },
  {
    what: "Loki is removed",
    operation: "delete",
    type: lokiStack,
    means: ["interrupts", /up to two hours of the newest only on the volumes/],
  },
  {
    what: "the bucket of logs is deleted",
    operation: "delete",
    type: "aws:s3/bucket:Bucket",
    name: "loki-storage-bucket",
    means: ["loses data", /bucket with all stored logs/],
  },
  {
    what: "Loki gets another size",
    operation: "update",
    type: lokiStack,
    fields: ["spec.size"],
    means: ["restarts", /volumes keep their size/],
  },
  {
    what: "Loki keeps logs for longer",
    operation: "update",
    type: lokiStack,
    fields: ["spec.limits"],
    means: ["restarts", /^restarts Loki's pods/],
  },
];
