import type { RuleCases } from "./alert-case";
import { approverCases } from "./certificate-approver";
import { clusterCases } from "./cluster";
import { elasticAlertCases } from "./elastic";
import { etcdBackupCases } from "./etcd-backup";
import { olderVeleroCases, veleroCases } from "./velero";

/** Every PrometheusRule of the program. */
export const ruleCases: readonly RuleCases[] = [
  etcdBackupCases,
  approverCases,
  clusterCases,
  veleroCases,
  olderVeleroCases,
  elasticAlertCases,
];
