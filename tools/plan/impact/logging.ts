import { impact, type ImpactRow, isRemoval, updatesFields } from "./row";

/** The impact of changes to logging. */
export const loggingRows: readonly ImpactRow[] = [
  {
    type: /:ClusterLogForwarder$/,
    when: isRemoval,
    impact: impact("interrupts", "stops the collectors: nobody collects logs until a forwarder exists again", "stops collecting logs"),
  },
  {
    type: /:ClusterLogForwarder$/,
    when: updatesFields("spec"),
    impact: impact("restarts", "restarts the collectors of logs"),
  },
  {
    type: /:LokiStack$/,
    when: isRemoval,
    impact: impact(
      "interrupts",
      "stops Loki: nobody can read the stored logs any more. They stay in the bucket, but up to two hours of the newest only on the volumes of its pods, which make destroy deletes",
      "stops Loki",
    ),
  },
  {
    type: /:LokiStack$/,
    when: updatesFields("spec.size"),
    impact: impact(
      "restarts",
      "gives Loki's pods another size and restarts them one after the other; volumes keep their size",
      "resizes Loki",
    ),
  },
  { type: /:LokiStack$/, when: updatesFields("spec"), impact: impact("restarts", "restarts Loki's pods one after the other") },
];
