import { type InjectedFailure, must } from "./scene-parts";
import type { Scene } from "./scene";

const host = ({ evidence }: Scene) => must(evidence.installerHost?.host);
const says = ({ evidence }: Scene, reason: string) => {
  const text = `the certificate approver is not ready in time: ${reason}. "journalctl --unit certificate-approver" says more.`;
  Object.assign(must(evidence.installerHost?.health), { state: "unhealthy", reason: text });
};
const refuse = ({ evidence }: Scene, name: string, created: string, message: string) => {
  (evidence.refused ??= []).push({ name, created: Date.parse(created), reason: "MachineTooOld", message });
};

/** Failures of the certificate approver, each with the finding of the diagnosis. */
export const approverFailures: readonly InjectedFailure[] = [
  [
    "the approver may not call EC2",
    (scene) => {
      says(scene, "EC2 gives no answer: You are not authorized to perform this operation");
    },
    "certificate approver",
    'installer host i-host has reported since 2026-03-01T11:00:00Z: the certificate approver is not ready in time: EC2 gives no answer: You are not authorized to perform this operation. "journalctl --unit certificate-approver" says more',
  ],
  [
    "the approver does not reach the API",
    (scene) => {
      says(scene, "the cluster's API gives no answer: certificate signed by unknown authority");
    },
    "certificate approver",
    'installer host i-host has reported since 2026-03-01T11:00:00Z: the certificate approver is not ready in time: the cluster\'s API gives no answer: certificate signed by unknown authority. "journalctl --unit certificate-approver" says more',
  ],
  [
    "the API does not answer, so the approver does not reach it either",
    (scene) => {
      says(scene, "the cluster's API gives no answer: connect ECONNREFUSED");
      must(scene.evidence.cluster).readyz = { code: "ECONNREFUSED", reason: "connect ECONNREFUSED 192.0.2.1:6443" };
    },
    "API",
    "api.dev.example.com:6443 doesn't answer: connect ECONNREFUSED 192.0.2.1:6443",
  ],
  [
    "the host that only runs the approver does not exist",
    (scene) => {
      scene.target.needsRegistry = false;
      must(scene.evidence.installerHost).host = null;
    },
    "certificate approver",
    "the installer host dev-abcde-installer-host does not exist, so the CSRs of new instances are not approved",
  ],
  [
    "the host that runs the approver is stopped",
    (scene) => {
      scene.target.needsRegistry = false;
      Object.assign(host(scene), { State: { Name: "stopped" } });
    },
    "certificate approver",
    "installer host i-host is stopped, so the CSRs of new instances are not approved",
  ],
  [
    "an instance is too old for its first certificate",
    (scene) => {
      refuse(
        scene,
        "csr-1",
        "2026-03-01T11:50:00Z",
        "i-worker-0 was launched 9000 s ago; an instance gets its first certificate only within 7200 s",
      );
    },
    "certificate approver",
    "the certificate approver refuses the CSR csr-1 (MachineTooOld): worker-0 (i-worker-0) was launched 9000 s ago; an instance gets its first certificate only within 7200 s",
  ],
  [
    "several CSRs of an instance that is too old",
    (scene) => {
      for (const name of ["csr-1", "csr-2"]) refuse(scene, name, "2026-03-01T11:50:00Z", "i-worker-0 was launched 9000 s ago");
    },
    "certificate approver",
    "the certificate approver refuses 2 CSRs, such as csr-1 (MachineTooOld): worker-0 (i-worker-0) was launched 9000 s ago",
  ],
];
