import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { load } from "js-yaml";
import { approverToken } from "../../cluster-objects/certificate-approver/account";
import { approverManifests } from "../../ignition/certificate-approver";
import type { KubeClient } from "./kube-client";

/** An EC2 instance and the node that runs on it. */
export interface NodeInstance {
  readonly id: string;
  readonly node: string;
  readonly address: string;
}

/** Creates the approver's objects as the installation does. Returns the token that the cluster wrote for the account. */
export async function makeApproverAccount(kube: KubeClient, directory: string): Promise<string> {
  const { namespace, name } = approverToken;
  const paths: Readonly<Partial<Record<string, string>>> = {
    Namespace: "/api/v1/namespaces",
    ServiceAccount: `/api/v1/namespaces/${namespace}/serviceaccounts`,
    Secret: `/api/v1/namespaces/${namespace}/secrets`,
    ClusterRole: "/apis/rbac.authorization.k8s.io/v1/clusterroles",
    ClusterRoleBinding: "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
  };
  for (const [, text] of Object.entries(approverManifests()).sort(([one], [other]) => (one < other ? -1 : 1))) {
    const object = load(text) as { kind: string };
    await kube.must("POST", paths[object.kind] ?? "", object);
  }
  for (const deadline = Date.now() + 30_000; Date.now() < deadline;) {
    await sleep(100);
    const secret = (await kube.must("GET", `/api/v1/namespaces/${namespace}/secrets/${name}`)) as { data?: { token?: string } };
    if (secret.data?.token !== undefined) return Buffer.from(secret.data.token, "base64").toString();
  }
  throw new Error(
    `the cluster wrote no token into ${namespace}/${name}:\n${readFileSync(join(directory, "kube", "kube-controller-manager.log"), "utf8")}`,
  );
}

/**
 * Grants the permissions that OpenShift gives the account that all booting instances share (openshift/machine-config-operator). Here every
 * account gets them, so that the forged requests reach the approver.
 */
export async function makeBootstrapper(kube: KubeClient): Promise<void> {
  await kube.must("POST", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: "bootstrappers" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "system:node-bootstrapper" },
    subjects: [
      { kind: "ServiceAccount", namespace: "openshift-machine-config-operator", name: "node-bootstrapper" },
      { kind: "ServiceAccount", namespace: "default", name: "somebody" },
    ],
  });
}
