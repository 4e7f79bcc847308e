import { AUTO_UPDATE, EVERYBODY, SELF_PROVISIONERS } from "../../platform/access-control/self-provisioners";
import { ClusterClient } from "../authentication/cluster-client";

const PATH = `/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/${SELF_PROVISIONERS}`;

interface Binding {
  readonly metadata: { readonly annotations?: object };
  readonly subjects?: readonly object[];
}

/**
 * Lets everybody who has logged in make projects again. Dropped fields alone would leave the binding empty until OpenShift's API server starts the next time,
 * which is when it puts back what is missing. What somebody has bound in the meantime is left to him.
 */
export async function restoreSelfProvisioners(kubeconfig: string): Promise<void> {
  const client = new ClusterClient(kubeconfig);
  const binding = await client.get<Binding>(PATH);
  // Without the binding the API server makes it, complete.
  if (binding === undefined) return;
  const { metadata, subjects = [] } = binding;
  const annotations = { ...metadata.annotations, [AUTO_UPDATE]: "true" };
  await client.send("PUT", PATH, {
    ...binding,
    metadata: { ...metadata, annotations },
    subjects: subjects.length > 0 ? subjects : EVERYBODY,
  });
}
