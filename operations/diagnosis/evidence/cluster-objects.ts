import { reasonOf } from "../attempts";
import type { Evidence } from "../gather";
import { type Ask, asker, json } from "../read/cluster";
import { parseKubeconfig } from "../read/kubeconfig";
import type { Subject } from "../subject";

interface Listed {
  readonly metadata?: { readonly namespace?: string; readonly managedFields?: unknown };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
}

/** What is listed, by file; none of it holds a secret by itself. */
const lists: Readonly<Record<string, string>> = {
  nodes: "/api/v1/nodes",
  "certificate-requests": "/apis/certificates.k8s.io/v1/certificatesigningrequests",
  "cluster-operators": "/apis/config.openshift.io/v1/clusteroperators",
  "cluster-versions": "/apis/config.openshift.io/v1/clusterversions",
  infrastructures: "/apis/config.openshift.io/v1/infrastructures",
  "machine-config-pools": "/apis/machineconfiguration.openshift.io/v1/machineconfigpools",
  events: "/api/v1/events?limit=5000",
};

/** The cluster's own account of its state, when its API answers. */
export async function clusterObjects({ kubeconfig }: Subject): Promise<Evidence> {
  if (kubeconfig === undefined) return { "cluster.txt": "There is no kubeconfig yet, so the cluster was not asked.\n" };
  const ask = asker(parseKubeconfig(kubeconfig));
  try {
    const { status, body } = await ask("/readyz?verbose");
    const objects = await Promise.all(Object.entries(lists).map(async ([name, path]) => [`cluster/${name}.json`, await list(ask, path)]));
    return { "cluster/readyz.txt": `status ${status}\n${body}\n`, ...(Object.fromEntries(objects) as Evidence) };
  } catch (error) {
    return { "cluster.txt": `The API doesn't answer: ${reasonOf(error)}\n` };
  }
}

async function list(ask: Ask, path: string): Promise<string> {
  const answer = await json<{ items?: readonly Listed[] }>(ask, path);
  if (answer === undefined) return `"the API doesn't serve ${path}"\n`;
  const items = (answer.items ?? []).filter(isOfOpenShift).map(({ metadata, spec, status, ...rest }) => ({
    ...rest,
    metadata: { ...metadata, managedFields: undefined },
    // Of a certificate request what was asked for and decided is of interest, not the request's and the certificate's bytes.
    ...(spec && { spec: { ...spec, request: undefined } }),
    ...(status && { status: { ...status, certificate: undefined } }),
  }));
  return `${JSON.stringify(items, undefined, 2)}\n`;
}

/** Cluster-wide, or in a namespace of the platform's: what runs in others is not the installation's affair. */
function isOfOpenShift({ metadata }: Listed): boolean {
  const namespace = metadata?.namespace;
  return namespace === undefined || namespace === "default" || /^(openshift|kube)-/.test(namespace);
}
