import { reasonOf } from "../../../lib/reason";
import { type ApiReader, apiReader, json } from "../read/cluster";
import { parseKubeconfig } from "../../../lib/kubernetes/kubeconfig";
import type { DiagnosisTarget } from "../target";
import type { ArchiveFiles } from "./files";

interface Listed {
  readonly metadata?: { readonly namespace?: string; readonly managedFields?: unknown };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
}

/** API paths by file name. These objects contain no secrets by design. */
const lists: Readonly<Record<string, string>> = {
  nodes: "/api/v1/nodes",
  "certificate-requests": "/apis/certificates.k8s.io/v1/certificatesigningrequests",
  "cluster-operators": "/apis/config.openshift.io/v1/clusteroperators",
  "cluster-versions": "/apis/config.openshift.io/v1/clusterversions",
  infrastructures: "/apis/config.openshift.io/v1/infrastructures",
  "machine-config-pools": "/apis/machineconfiguration.openshift.io/v1/machineconfigpools",
  events: "/api/v1/events?limit=5000",
};

/** The cluster's state as its API reports it, or a note with the reason why there is none. */
export async function clusterObjects({ kubeconfig }: DiagnosisTarget): Promise<ArchiveFiles> {
  if (kubeconfig === undefined) return { "cluster.txt": "There is no kubeconfig yet, so the cluster's state was not read.\n" };
  const ask = apiReader(parseKubeconfig(kubeconfig));
  try {
    const { status, body } = await ask("/readyz?verbose");
    const objects = await Promise.all(Object.entries(lists).map(async ([name, path]) => [`cluster/${name}.json`, await list(ask, path)]));
    return { "cluster/readyz.txt": `status ${status}\n${body}\n`, ...(Object.fromEntries(objects) as ArchiveFiles) };
  } catch (error) {
    return { "cluster.txt": `The API doesn't answer: ${reasonOf(error)}\n` };
  }
}

async function list(ask: ApiReader, path: string): Promise<string> {
  const answer = await json<{ items?: readonly Listed[] }>(ask, path);
  if (answer === undefined) return `"the API doesn't serve ${path}"\n`;
  const items = (answer.items ?? []).filter(isOfOpenShift).map(({ metadata, spec, status, ...rest }) => ({
    ...rest,
    metadata: { ...metadata, managedFields: undefined },
    // The bytes of a CSR's request and certificate are left out.
    ...(spec && { spec: { ...spec, request: undefined } }),
    ...(status && { status: { ...status, certificate: undefined } }),
  }));
  return `${JSON.stringify(items, undefined, 2)}\n`;
}

/** Whether an object is cluster-wide or in a namespace of the platform: user workloads are not part of the installation. */
function isOfOpenShift({ metadata }: Listed): boolean {
  const namespace = metadata?.namespace;
  return namespace === undefined || namespace === "default" || /^(openshift|kube)-/.test(namespace);
}
