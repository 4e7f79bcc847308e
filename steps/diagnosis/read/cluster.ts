import type { Condition } from "../../../lib/kubernetes/conditions";
import { kubeExchange } from "../../../lib/kubernetes/exchange";
import { reasonOf } from "../../../lib/reason";
import { type Kubeconfig, parseKubeconfig } from "../../../lib/kubernetes/kubeconfig";

/** Metadata of every Kubernetes object. */
interface KubernetesObject {
  readonly metadata?: { readonly name?: string; readonly namespace?: string; readonly creationTimestamp?: string };
}

/** A condition. The conditions of CSRs also have the time of their last update. */
export interface ConditionWithUpdateTime extends Condition {
  readonly lastUpdateTime?: string;
}

export interface ClusterNode extends KubernetesObject {
  readonly status?: {
    readonly addresses?: readonly { readonly type: string; readonly address: string }[];
    readonly conditions?: readonly ConditionWithUpdateTime[];
  };
}

export interface CertificateSigningRequest extends KubernetesObject {
  readonly spec?: {
    readonly signerName?: string;
    readonly username?: string;
    readonly groups?: readonly string[];
    readonly usages?: readonly string[];
    /** PKCS#10 as PEM, in base64. */
    readonly request?: string;
  };
  readonly status?: { readonly conditions?: readonly ConditionWithUpdateTime[] };
}

/** A ClusterOperator, or the ClusterVersion. */
export interface WithConditions extends KubernetesObject {
  readonly status?: { readonly conditions?: readonly ConditionWithUpdateTime[] };
}

/** The reason why there was no answer: the error's code, such as ENOTFOUND, and its message. */
export interface Unreachable {
  readonly code?: string;
  readonly reason: string;
}

/** An answer of the API: its status and body. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: string;
}

/** The cluster's state as its API reports it. A list is undefined if the API did not return it. */
export interface ClusterEvidence {
  /** `https://api.<domain>:6443`. */
  readonly server: string;
  readonly readyz: ApiAnswer | Unreachable;
  readonly version?: string;
  readonly nodes?: readonly ClusterNode[];
  readonly requests?: readonly CertificateSigningRequest[];
  readonly operators?: readonly WithConditions[];
  readonly clusterVersion?: WithConditions;
}

/** Sends a GET request to the API and returns the answer with any status. @throws Error if the API can't be reached in time. */
export type ApiReader = (path: string) => Promise<ApiAnswer>;

/** Returns a function that reads from the API as the kubeconfig's user, through the environment's proxy (HTTPS_PROXY, NO_PROXY), as `oc` does. */
export function apiReader(kubeconfig: Kubeconfig): ApiReader {
  return async (path) => {
    const { status, body } = await kubeExchange(kubeconfig, path);
    return { status, body };
  };
}

/** Reads the cluster's state, or the reason why the API does not answer. */
export async function readCluster(text: string): Promise<ClusterEvidence> {
  let kubeconfig: Kubeconfig;
  try {
    kubeconfig = parseKubeconfig(text);
    new URL(kubeconfig.server ?? "");
  } catch (error) {
    return { server: "the API", readyz: { reason: `the kubeconfig has no valid cluster: ${reasonOf(error)}` } };
  }
  const { server = "" } = kubeconfig;
  const ask = apiReader(kubeconfig);
  const list = async <T>(path: string): Promise<readonly T[] | undefined> => (await json<{ items?: T[] }>(ask, path))?.items;
  const [readyz, version, nodes, requests, operators, clusterVersion] = await Promise.all([
    ask("/readyz").catch((error: unknown): Unreachable => {
      const { code } = error as NodeJS.ErrnoException;
      return { reason: reasonOf(error), ...(typeof code === "string" && { code }) };
    }),
    json<{ gitVersion?: string }>(ask, "/version"),
    list<ClusterNode>("/api/v1/nodes"),
    list<CertificateSigningRequest>("/apis/certificates.k8s.io/v1/certificatesigningrequests"),
    list<WithConditions>("/apis/config.openshift.io/v1/clusteroperators"),
    json<WithConditions>(ask, "/apis/config.openshift.io/v1/clusterversions/version"),
  ]);
  return {
    server,
    readyz,
    ...(version?.gitVersion !== undefined && { version: version.gitVersion }),
    ...(nodes && { nodes }),
    ...(requests && { requests }),
    ...(operators && { operators }),
    ...(clusterVersion && { clusterVersion }),
  };
}

/** Reads an object; undefined if it does not exist, if its kind is not served, or if the API does not answer (which `readyz` reports). */
export async function json<T>(ask: ApiReader, path: string): Promise<T | undefined> {
  try {
    const { status, body } = await ask(path);
    return status === 200 ? (JSON.parse(body) as T) : undefined;
  } catch {
    // The error is ignored here, because `readyz` reports once why the API does not answer.
    return undefined;
  }
}
