import { runMain } from "../lib/run-main";

/**
 * The programs that resources of the stack start (`components/own-command.ts`). A program runs as soon as its module is loaded. Its arguments are
 * after its name on the command line.
 */
const programs = {
  "bootstrap-destroy": () => import("./bootstrap-destroy/cli"),
  cleanup: () => import("./cleanup/cli"),
  "copied-secret": () => import("./copied-secret/cli"),
  "elastic-ready": () => import("./elastic/cli"),
  extension: () => import("./extension/cli"),
  "grafana-rollout": () => import("./grafana/rollout-cli"),
  "host-health": () => import("./installer-host/health-cli"),
  "host-keys": () => import("./installer-host/host-keys-cli"),
  "logging-ready": () => import("./logging/cli"),
  mirror: () => import("./mirror/cli"),
  "node-labels": () => import("./nodes/labels-cli"),
  operator: () => import("./operator/cli"),
  "operator-check": () => import("./operator-check/cli"),
  "operator-removal": () => import("./operator-removal/cli"),
  "original-text": () => import("./original-text/cli"),
  release: () => import("./release/cli"),
  "remove-kubeadmin": () => import("./authentication/kubeadmin-cli"),
  "remove-user": () => import("./authentication/user-cli"),
  restore: () => import("./restore/cli"),
  "subnet-role-tags": () => import("./subnet-role-tags/cli"),
  "velero-first-backup": () => import("./velero/first-backup-cli"),
  "velero-forget": () => import("./velero/forget-cli"),
  "velero-location": () => import("./velero/location-cli"),
  "velero-oadp": () => import("./velero/oadp-cli"),
  "velero-removal": () => import("./velero/removal-cli"),
  upload: () => import("./upload/cli"),
  "wait-result": () => import("./diagnosis/wait-result"),
} as const;

export type ProgramName = keyof typeof programs;

const [name = ""] = process.argv.splice(2, 1);
if (Object.hasOwn(programs, name)) void programs[name as ProgramName]();
else
  runMain(() => {
    process.stderr.write(
      `${JSON.stringify(name)} is not a program of the stack's resources. Allowed: ${Object.keys(programs).join(", ")}\n`,
    );
    return Promise.resolve(2);
  });
