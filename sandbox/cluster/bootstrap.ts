import { setTimeout as sleep } from "node:timers/promises";
import type { Api, KubeObject } from "./api";
import { installAggregatedGroups } from "./aggregated-groups";
import type { BootstrapConfig, Manifest } from "./bootstrap-config";
import { credentialsDefinitions } from "./credentials/requests";
import { installDefinitions } from "./definitions";
import { kubeTime } from "./kube-time";
import { installPayload, installSingletons } from "./payload";
import { clusterVersionPath } from "./updates/clusterversion";

/** The field manager of everything that the bootstrap instance applies. */
const manager = "cluster-bootstrap";

/**
 * Installs the release's CRDs and objects and the installation's manifests. `definitions` is the directory of the CRDs. `tell` is passed on to
 * `installManifests`.
 */
export async function installRelease(
  api: Api,
  config: BootstrapConfig,
  definitions: string,
  tell: (problem: string | undefined) => void,
): Promise<void> {
  await installAggregatedGroups(api);
  await installDefinitions(api, definitions);
  await installDefinitions(api, credentialsDefinitions);
  await installPayload(api);
  await installManifests(api, config.manifests, tell);
  await installSingletons(api, config);
}

/**
 * Installs manifests as cluster-bootstrap does: tries the refused manifests again and again until the API server has
 * accepted all manifests. After each round `tell` gets the files of the refused manifests and the API server's messages;
 * undefined if no manifest was refused.
 */
async function installManifests(api: Api, manifests: readonly Manifest[], tell: (problem: string | undefined) => void): Promise<void> {
  let left = manifests;
  for (let pause = 200; ; pause = Math.min(pause * 2, 2000)) {
    const problems: string[] = [];
    const failed: Manifest[] = [];
    // Sequentially: a token Secret that is created before its ServiceAccount would be deleted.
    for (const manifest of left) {
      await api.create(manifest.object).catch((error: unknown) => {
        failed.push(manifest);
        const reason = error instanceof Error ? error.message : String(error);
        problems.push(`${manifest.file} can't be installed: ${reason.slice(0, 300)}`);
      });
    }
    tell(problems.length === 0 ? undefined : problems.join("; "));
    if (failed.length === 0) return;
    left = failed;
    await sleep(pause);
  }
}

interface SigningRequest extends KubeObject {
  status?: { conditions?: object[] };
}

const requests = "/apis/certificates.k8s.io/v1/certificatesigningrequests";

/**
 * Approves all pending CSRs, as the bootstrap instance's `approve-csr` does until the bootstrap is complete. Returns
 * whether a CSR was pending.
 */
export async function approvePending(api: Api, say: (text: string) => void): Promise<boolean> {
  const pending = (await api.list<SigningRequest>(requests)).filter(({ status }) => (status?.conditions ?? []).length === 0);
  for (const request of pending) {
    const name = request.metadata.name ?? "";
    const now = kubeTime();
    const approval = {
      type: "Approved",
      status: "True",
      reason: "KubectlApprove",
      message: "approve-csr of the bootstrap instance",
      lastUpdateTime: now,
    };
    await api.send("PUT", `${requests}/${name}/approval`, {
      ...request,
      apiVersion: "certificates.k8s.io/v1",
      kind: "CertificateSigningRequest",
      status: { conditions: [approval] },
    });
    say(`bootstrap: approved ${name}`);
  }
  return pending.length > 0;
}

/**
 * Writes the objects that show that the control plane runs without the bootstrap instance. `openshift-install` waits for the last two: the
 * etcd condition and the ConfigMap. During the bootstrap, ClusterVersion has overrides for the installer's own manifests
 * (openshift/installer, `bootkube.sh.template` and `pkg/asset/ignition/bootstrap/cvoignore.go`, 4.19).
 *
 * @param overridesPatch the patch of ClusterVersion that restores the user's overrides; mostly these are empty
 */
export async function completeBootstrap(api: Api, overridesPatch: string): Promise<void> {
  const now = kubeTime();
  await api.patch(clusterVersionPath, JSON.parse(overridesPatch) as object);
  await api.patchStatus("/apis/operator.openshift.io/v1/etcds/cluster", {
    conditions: [
      {
        type: "EtcdBootstrapMemberRemoved",
        status: "True",
        reason: "BootstrapMemberRemoved",
        message: "etcd bootstrap member is removed",
        lastTransitionTime: now,
      },
    ],
  });
  await api.apply(
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "bootstrap", namespace: "kube-system" }, data: { status: "complete" } },
    manager,
  );
}
