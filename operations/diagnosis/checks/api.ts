import { apiServices } from "../../../components/api-services";
import { conditionOf } from "../../conditions";
import type { Finding } from "../finding";
import type { CertificateRequest, ClusterNode, ClusterReading } from "../read/cluster";
import { isDecided } from "../read/refused-requests";
import { isAlive, label, type Reading } from "../reading";
import type { Subject } from "../subject";

/** Milliseconds that an approver may take for a request: it looks for new ones several times a minute. */
const approvalTime = 2 * 60_000;

/** The API answers, machines have joined as nodes, and their certificate requests are approved. */
export function checkApi(subject: Subject, reading: Reading): Finding[] {
  const { cluster } = reading;
  return [
    ...targetHealth(subject, reading),
    ...(cluster === undefined ? [] : [...answers(cluster), ...nodes(reading, cluster), ...requests(reading, cluster)]),
  ];
}

/**
 * No target of a group is healthy. What the balancer sees of the machines stands here, above the layers that keep a machine from answering, and not
 * with the balancers: a machine that never booted is as unhealthy as one that a security group shields. While one target answers, others may boot.
 */
function targetHealth({ infraId }: Subject, { balancing }: Reading): Finding[] {
  return apiServices.flatMap(({ key, port }): Finding[] => {
    const health = balancing.targets[key]?.health ?? [];
    if (health.length === 0 || health.some(({ TargetHealth }) => TargetHealth?.State === "healthy")) return [];
    return [
      {
        layer: "API",
        problem: `no target of ${infraId}-${key} is healthy: nothing answers on port ${port} of any control plane machine`,
        remedy:
          "read the console output and the journals of bootkube.service and kubelet.service on the bootstrap machine and the masters; `make diagnose` with GATHER=<directory> gathers them",
        evidence: health.map(({ Target, TargetHealth }) => {
          const reason = [TargetHealth?.Reason, TargetHealth?.Description].filter(Boolean).join(", ");
          return `${Target?.Id ?? ""}:${Target?.Port ?? port} is ${TargetHealth?.State ?? "in no state"}${reason === "" ? "" : ` (${reason})`}`;
        }),
      },
    ];
  });
}

function answers({ server, readyz }: ClusterReading): Finding[] {
  const host = server.replace(/^https:\/\//, "");
  if ("reason" in readyz) {
    const { code, reason } = readyz;
    if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
      return [
        {
          layer: "DNS",
          problem: `${host} can't be resolved from here: ${reason}`,
          remedy:
            "see that the base domain is delegated to its public zone's name servers; a private cluster's names resolve inside its VPC only, so run the diagnosis there or set HTTPS_PROXY",
        },
      ];
    }
    const remedy = /certificate|self.signed|CERT_/i.test(`${code ?? ""} ${reason}`)
      ? "use the kubeconfig of this very installation, and see that nothing between here and the API ends TLS"
      : "see that port 6443 can be reached from here, through HTTPS_PROXY where there is one, and read the bootstrap machine's and the masters' journals";
    return [{ layer: "API", problem: `${host} doesn't answer: ${reason}`, remedy }];
  }
  if (readyz.status === 200) return [];
  if (readyz.status === 401 || readyz.status === 403) {
    const problem = `${host} refuses the kubeconfig with status ${readyz.status}`;
    return [
      {
        layer: "API",
        problem,
        remedy: "use the kubeconfig of this very installation: another one's certificates are foreign to this cluster",
      },
    ];
  }
  return [
    {
      layer: "API",
      problem: `${host} answers, but isn't ready: /readyz has status ${readyz.status}`,
      remedy: "read the logs of kube-apiserver and etcd on the bootstrap machine and the masters",
      evidence: readyz.body
        .split("\n")
        .filter((line) => line !== "" && !line.startsWith("[+]"))
        .slice(0, 20),
    },
  ];
}

function nodes({ machines = [] }: Reading, cluster: ClusterReading): Finding[] {
  if (cluster.nodes === undefined) return [];
  const known = cluster.nodes;
  const missing = machines
    .filter((machine) => machine.role !== "bootstrap" && isAlive(machine))
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
            problem: `${missing.map(label).join(", ")} ${missing.length === 1 ? "hasn't" : "haven't"} joined the cluster as ${missing.length === 1 ? "a node" : "nodes"}`,
            remedy:
              "look for a certificate request that waits for approval, and read the machine's console output: it says how far the first boot came",
          },
        ]),
    ...(unready.length === 0
      ? []
      : [
          {
            layer: "API" as const,
            problem: `${unready.length} of ${known.length} nodes ${unready.length === 1 ? "isn't" : "aren't"} ready`,
            remedy:
              "run `oc describe node` for it, and `oc get pods -n openshift-ovn-kubernetes`: without the network no node becomes ready",
            evidence: unready,
          },
        ]),
  ];
}

function hasAddress({ status }: ClusterNode, address: string | undefined): boolean {
  return status?.addresses?.some((each) => each.type === "InternalIP" && each.address === address) ?? false;
}

/** Requests that wait although nobody refuses them. */
function requests({ at, refused = [] }: Reading, cluster: ClusterReading): Finding[] {
  const all = cluster.requests ?? [];
  const isRefused = ({ metadata }: CertificateRequest) => refused.some(({ name }) => name === metadata?.name);
  const age = ({ metadata }: CertificateRequest) => at.getTime() - Date.parse(metadata?.creationTimestamp ?? at.toISOString());
  const pending = all.filter((request) => !isDecided(request) && !isRefused(request)).sort((one, other) => age(other) - age(one));
  const oldest = pending.at(0);
  if (oldest === undefined || age(oldest) < approvalTime) return [];
  const approvals = all.flatMap(({ status }) => (status?.conditions ?? []).filter(({ type }) => type === "Approved"));
  const last = Math.max(...approvals.map(({ lastUpdateTime = "" }) => Date.parse(lastUpdateTime) || 0));
  const { metadata, spec } = oldest;
  return [
    {
      layer: "API",
      problem: `${pending.length === 1 ? "a certificate request waits" : `${pending.length} certificate requests wait`} for approval, the oldest for ${minutes(age(oldest))}: ${metadata?.name ?? ""} of ${spec?.username ?? "nobody"} for ${spec?.signerName ?? "no signer"}`,
      remedy:
        "see that the certificate approver runs (`systemctl status certificate-approver` on the installer host) and what its journal says of the request: it logs each refusal with its reason",
      evidence: [
        approvals.length === 0
          ? "no request was ever approved: no approver works"
          : `${approvals.length} requests were approved, the last ${minutes(at.getTime() - last)} ago`,
      ],
    },
  ];
}

function minutes(milliseconds: number): string {
  const count = Math.floor(milliseconds / 60_000);
  return count === 1 ? "1 minute" : `${count} minutes`;
}
