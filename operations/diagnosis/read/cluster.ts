import type { Condition as StatusCondition } from "../../conditions";
import { kubeExchange } from "../../kube-exchange";
import { reasonOf } from "../attempts";
import { type Kubeconfig, parseKubeconfig } from "./kubeconfig";

/** What the API's answers have in common. */
interface KubernetesObject {
  readonly metadata?: { readonly name?: string; readonly namespace?: string; readonly creationTimestamp?: string };
}

/** A condition; those of certificate requests have the time of their last update, too. */
export interface Condition extends StatusCondition {
  readonly lastUpdateTime?: string;
}

export interface ClusterNode extends KubernetesObject {
  readonly status?: {
    readonly addresses?: readonly { readonly type: string; readonly address: string }[];
    readonly conditions?: readonly Condition[];
  };
}

export interface CertificateRequest extends KubernetesObject {
  readonly spec?: {
    readonly signerName?: string;
    readonly username?: string;
    readonly groups?: readonly string[];
    readonly usages?: readonly string[];
    /** PKCS#10 as PEM, in base64. */
    readonly request?: string;
  };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

/** A ClusterOperator, or the ClusterVersion. */
export interface WithConditions extends KubernetesObject {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

/** Why there was no answer: the name of the error, such as ENOTFOUND, and its words. */
export interface Unreachable {
  readonly code?: string;
  readonly reason: string;
}

/** An answer of the API: its status and body. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** What the cluster says of itself. Lists are undefined where it gave none. */
export interface ClusterReading {
  /** `https://api.<domain>:6443`. */
  readonly server: string;
  readonly readyz: Answer | Unreachable;
  readonly version?: string;
  readonly nodes?: readonly ClusterNode[];
  readonly requests?: readonly CertificateRequest[];
  readonly operators?: readonly WithConditions[];
  readonly clusterVersion?: WithConditions;
}

/** One question to the API; an answer with an error's status is an answer. @throws Error when the API can't be reached in time. */
export type Ask = (path: string) => Promise<Answer>;

/** Asks the API as a kubeconfig's user, through the environment's proxy (HTTPS_PROXY, NO_PROXY), as `oc` would. */
export function asker(kubeconfig: Kubeconfig): Ask {
  return async (path) => {
    const { status, body } = await kubeExchange(kubeconfig, path);
    return { status, body };
  };
}

/** Reads what the cluster says of itself, or why it says nothing. */
export async function readCluster(text: string): Promise<ClusterReading> {
  let kubeconfig: Kubeconfig;
  try {
    kubeconfig = parseKubeconfig(text);
    new URL(kubeconfig.server ?? "");
  } catch (error) {
    return { server: "the API", readyz: { reason: `the kubeconfig names no cluster: ${reasonOf(error)}` } };
  }
  const { server = "" } = kubeconfig;
  const ask = asker(kubeconfig);
  const list = async <T>(path: string): Promise<readonly T[] | undefined> => (await json<{ items?: T[] }>(ask, path))?.items;
  const [readyz, version, nodes, requests, operators, clusterVersion] = await Promise.all([
    ask("/readyz").catch((error: unknown): Unreachable => {
      const { code } = error as NodeJS.ErrnoException;
      return { reason: reasonOf(error), ...(typeof code === "string" && { code }) };
    }),
    json<{ gitVersion?: string }>(ask, "/version"),
    list<ClusterNode>("/api/v1/nodes"),
    list<CertificateRequest>("/apis/certificates.k8s.io/v1/certificatesigningrequests"),
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

/** An object of the API; undefined where it isn't served, isn't there yet, or the API doesn't answer, which /readyz tells. */
export async function json<T>(ask: Ask, path: string): Promise<T | undefined> {
  try {
    const { status, body } = await ask(path);
    return status === 200 ? (JSON.parse(body) as T) : undefined;
  } catch {
    // Why the API doesn't answer is told once, by its readiness.
    return undefined;
  }
}
