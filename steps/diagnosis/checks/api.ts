import { apiServices } from "../../../lib/openshift/api-services";
import { conditionOf } from "../../../lib/kubernetes/conditions";
import type { Finding } from "../finding";
import type { CertificateSigningRequest, ClusterNode, ClusterEvidence } from "../read/cluster";
import { isDecided } from "../read/refused-requests";
import { isPendingOrRunning, instanceLabel, type Evidence } from "../evidence";
import type { DiagnosisTarget } from "../target";

/** Milliseconds within which an approver must have approved a CSR: approvers look for new CSRs several times per minute. */
const maxApprovalMs = 2 * 60_000;

/** Checks that the API answers, that the instances have joined as nodes, and that their CSRs are approved. */
export function checkApi(target: DiagnosisTarget, evidence: Evidence): Finding[] {
  const { cluster } = evidence;
  return [
    ...targetHealth(target, evidence),
    ...(cluster === undefined ? [] : [...answers(cluster), ...nodes(evidence, cluster), ...requests(evidence, cluster)]),
  ];
}

/**
 * Reports target groups without a healthy target. Target health belongs to the layer API, not to the load balancers: a target can be unhealthy for
 * a cause in any lower layer, because the instance never booted or because a security group blocks the port. One healthy target is enough, since
 * the other instances may still boot.
 */
function targetHealth({ infraId }: DiagnosisTarget, { balancing }: Evidence): Finding[] {
  return apiServices.flatMap(({ key, port }): Finding[] => {
    const health = balancing.targets[key]?.health ?? [];
    if (health.length === 0 || health.some(({ TargetHealth }) => TargetHealth?.State === "healthy")) return [];
    return [
      {
        layer: "API",
        problem: `no target of ${infraId}-${key} is healthy: no bootstrap or control plane instance answers on port ${port}`,
        remedy:
          "read the console output and the journals of bootkube.service and kubelet.service on the bootstrap and control plane instances; `make diagnose` with GATHER=<directory> gathers them",
        evidence: health.map(({ Target, TargetHealth }) => {
          const reason = [TargetHealth?.Reason, TargetHealth?.Description].filter(Boolean).join(", ");
          return `${Target?.Id ?? ""}:${Target?.Port ?? port} is ${TargetHealth?.State ?? "in an unknown state"}${reason === "" ? "" : ` (${reason})`}`;
        }),
      },
    ];
  });
}

function answers({ server, readyz }: ClusterEvidence): Finding[] {
  const host = server.replace(/^https:\/\//, "");
  if ("reason" in readyz) {
    const { code, reason } = readyz;
    if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
      return [
        {
          layer: "DNS",
          problem: `this machine can't resolve ${host}: ${reason}`,
          remedy:
            "check that the base domain is delegated to its public zone's name servers; a private cluster's names resolve only inside its VPC, so run the diagnosis there or set HTTPS_PROXY",
        },
      ];
    }
    const remedy = /certificate|self.signed|CERT_/i.test(`${code ?? ""} ${reason}`)
      ? "use the kubeconfig of this installation, and check that nothing between this machine and the API terminates TLS"
      : "check that this machine can reach port 6443, through HTTPS_PROXY if it is set, and read the journals of the bootstrap and control plane instances";
    return [{ layer: "API", problem: `${host} doesn't answer: ${reason}`, remedy }];
  }
  if (readyz.status === 200) return [];
  if (readyz.status === 401 || readyz.status === 403) {
    const problem = `${host} rejects the kubeconfig with status ${readyz.status}`;
    return [
      {
        layer: "API",
        problem,
        remedy: "use the kubeconfig of this installation: the cluster does not trust the certificates of another installation",
      },
    ];
  }
  return [
    {
      layer: "API",
      problem: `${host} answers, but isn't ready: /readyz has status ${readyz.status}`,
      remedy: "read the logs of kube-apiserver and etcd on the bootstrap and control plane instances",
      evidence: readyz.body
        .split("\n")
        .filter((line) => line !== "" && !line.startsWith("[+]"))
        .slice(0, 20),
    },
  ];
}

function nodes({ machines = [] }: Evidence, cluster: ClusterEvidence): Finding[] {
  if (cluster.nodes === undefined) return [];
  const known = cluster.nodes;
  const missing = machines
    .filter((machine) => machine.role !== "bootstrap" && isPendingOrRunning(machine))
    .filter(({ instance }) => !known.some((node) => hasAddress(node, instance.PrivateIpAddress)));
  const unready = known.flatMap((node) => {
    const ready = conditionOf(node.status?.conditions, "Ready");
    return ready?.status === "True" ? [] : [`${node.metadata?.name ?? ""}: ${ready?.message ?? "has no Ready condition"}`];
  });
  return [
    ...(missing.length === 0
      ? []
      : [
          {
            layer: "API" as const,
            problem: `${missing.map(instanceLabel).join(", ")} ${missing.length === 1 ? "hasn't" : "haven't"} joined the cluster as ${missing.length === 1 ? "a node" : "nodes"}`,
            remedy: "look for a pending CSR (`oc get csr`), and read the instance's console output: it shows how far the first boot got",
          },
        ]),
    ...(unready.length === 0
      ? []
      : [
          {
            layer: "API" as const,
            problem: `${unready.length} of ${known.length} nodes ${unready.length === 1 ? "isn't" : "aren't"} ready`,
            remedy:
              "run `oc describe node <node>` and `oc get pods -n openshift-ovn-kubernetes`: without the network no node becomes ready",
            evidence: unready,
          },
        ]),
  ];
}

function hasAddress({ status }: ClusterNode, address: string | undefined): boolean {
  return status?.addresses?.some((each) => each.type === "InternalIP" && each.address === address) ?? false;
}

/** Reports CSRs that are pending although the approver's rules do not refuse them. */
function requests({ at, refused = [] }: Evidence, cluster: ClusterEvidence): Finding[] {
  const all = cluster.requests ?? [];
  const isRefused = ({ metadata }: CertificateSigningRequest) => refused.some(({ name }) => name === metadata?.name);
  const age = ({ metadata }: CertificateSigningRequest) => at.getTime() - Date.parse(metadata?.creationTimestamp ?? at.toISOString());
  const pending = all.filter((request) => !isDecided(request) && !isRefused(request)).sort((one, other) => age(other) - age(one));
  const oldest = pending.at(0);
  if (oldest === undefined || age(oldest) < maxApprovalMs) return [];
  const approvals = all.flatMap(({ status }) => (status?.conditions ?? []).filter(({ type }) => type === "Approved"));
  const last = Math.max(...approvals.map(({ lastUpdateTime = "" }) => Date.parse(lastUpdateTime) || 0));
  const { metadata, spec } = oldest;
  return [
    {
      layer: "API",
      problem: `${pending.length === 1 ? "1 CSR is" : `${pending.length} CSRs are`} pending, the oldest for ${minutes(age(oldest))}: ${metadata?.name ?? ""} by ${spec?.username ?? "an unknown user"} for ${spec?.signerName ?? "an unknown signer"}`,
      remedy:
        "check that the certificate approver is running (`systemctl status certificate-approver` on the installer host), and read its journal: it logs each refused CSR with the reason",
      evidence: [
        approvals.length === 0
          ? "no CSR was ever approved: no approver is working"
          : `${approvals.length} CSRs were approved, the last ${minutes(at.getTime() - last)} ago`,
      ],
    },
  ];
}

function minutes(milliseconds: number): string {
  const count = Math.floor(milliseconds / 60_000);
  return count === 1 ? "1 minute" : `${count} minutes`;
}
