import {
  CertificatesV1Api,
  CoordinationV1Api,
  CoreV1Api,
  KubeConfig,
  PatchStrategy,
  setHeaderOptions,
  type V1CertificateSigningRequest,
  Watch,
} from "@kubernetes/client-node";
import { ProxyAgent } from "proxy-agent";
import { type CertificateRequest, largestRequest } from "./request";

/** Time limit for a call of the API in milliseconds. */
const callTimeoutMs = 30_000;
const path = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
/** CSRs per page. Each may have 1.5 MB, so a page has at most 15 MB, of the container's 512 MiB. */
const pageSize = 10;

/** The calls of the cluster's API that this program may make. */
export class ApproverApi {
  private readonly config = new KubeConfig();
  private readonly certificates: CertificatesV1Api;
  private readonly core: CoreV1Api;

  /** @throws Error if the kubeconfig doesn't exist (then `code` is ENOENT) or can't be read */
  constructor(kubeconfig: string) {
    this.config.loadFromFile(kubeconfig);
    useProxyOfEnvironment(this.config);
    this.certificates = this.config.makeApiClient(CertificatesV1Api);
    this.core = this.config.makeApiClient(CoreV1Api);
  }

  /**
   * Calls `tell` for each CSR of a signer, decided or not, and returns the resource version of the list. Holds at most one page at a time.
   *
   * kubernetes/kubernetes, `pkg/registry/certificates/certificates/strategy.go` (release-1.32): SelectableFields has `spec.signerName`.
   */
  async list(signer: string, tell: (request: CertificateRequest) => void): Promise<string> {
    for (let next: string | undefined; ;) {
      const query = { fieldSelector: `spec.signerName=${signer}`, limit: pageSize, ...(next !== undefined && { _continue: next }) };
      const { items, metadata } = await inTime(this.certificates.listCertificateSigningRequest(query));
      for (const item of items) tell(requestOf(item));
      next = metadata?._continue;
      if (next === undefined || next === "") return metadata?.resourceVersion ?? "";
    }
  }

  /**
   * Calls `tell` for each CSR of the signer that was created or changed since the list of this version. Ends after some seconds, or when
   * `stop` is aborted.
   *
   * @throws Error if the connection breaks, or if the list's version is too old
   */
  async watch(
    signer: string,
    version: string,
    seconds: number,
    tell: (request: CertificateRequest) => void,
    stop: AbortSignal,
  ): Promise<void> {
    if (stop.aborted) return;
    const { promise, resolve, reject } = createDeferred();
    const tellChange = (type: string, object: V1CertificateSigningRequest): void => {
      if (type === "ADDED" || type === "MODIFIED") tell(requestOf(object));
    };
    const done = (error: unknown): void => {
      if (error === null || error === undefined || stop.aborted) resolve();
      else reject(error instanceof Error ? error : new Error("the watch ended without a reason"));
    };
    const query = { fieldSelector: `spec.signerName=${signer}`, resourceVersion: version, timeoutSeconds: seconds };
    // Normally the server ends the watch. If the server disappears without closing the connection, this timer closes the connection a little later.
    const silence = AbortSignal.timeout(seconds * 1000 + callTimeoutMs);
    const ended = AbortSignal.any([stop, silence]);
    const connection = new Watch(this.config).watch(path, query, tellChange, done);
    const end = (): void => {
      void connection.then((controller) => {
        controller.abort();
      });
      done(new Error(`the watch did not end within ${seconds} s`));
    };
    ended.addEventListener("abort", end, { once: true });
    try {
      await Promise.all([connection, promise]);
    } finally {
      ended.removeEventListener("abort", end);
    }
  }

  async hasNode(name: string): Promise<boolean> {
    try {
      await inTime(this.core.readNode({ name }));
      return true;
    } catch (error) {
      if ((error as { code?: unknown }).code === 404) return false;
      throw error;
    }
  }

  /**
   * Renews the Lease of the kubeconfig's user in the kubeconfig's namespace. The cluster's monitoring watches this Lease. Does nothing if the
   * kubeconfig has no namespace, if the Lease doesn't exist yet, or if the user may not renew it.
   */
  async beat(): Promise<void> {
    const context = this.config.getContextObject(this.config.currentContext);
    if (context?.namespace === undefined) return;
    const { namespace, user: name } = context;
    // The API server requires six fractional digits in a MicroTime (kubernetes/apimachinery, `pkg/apis/meta/v1/micro_time.go`).
    const renewTime = new Date().toISOString().replace("Z", "000Z");
    const body = { spec: { holderIdentity: "installer-host", renewTime } };
    const merge = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
    try {
      await inTime(this.config.makeApiClient(CoordinationV1Api).patchNamespacedLease({ name, namespace, body }, merge));
    } catch (error) {
      if (![403, 404].includes((error as { code?: number }).code ?? 0)) throw error;
    }
  }

  /** Approves exactly this CSR: if another CSR has the same name meanwhile, the API server refuses (409). */
  async approve({ name, uid, resourceVersion, signerName, request = "" }: CertificateRequest, message: string): Promise<void> {
    const body: unknown = {
      metadata: { name, uid, resourceVersion },
      spec: { signerName, request },
      status: { conditions: [{ type: "Approved", status: "True", reason: "MachineVerified", message }] },
    };
    await inTime(this.certificates.replaceCertificateSigningRequestApproval({ name, body: body as V1CertificateSigningRequest }));
  }
}

/** Adds the proxy of HTTPS_PROXY, unless NO_PROXY contains the server. The Kubernetes client itself uses only the kubeconfig's `proxy-url`. */
function useProxyOfEnvironment(config: KubeConfig): void {
  config.clusters = config.clusters.map((cluster) => {
    // The proxy is found by the same rules as for the AWS clients. The second parameter, the request, is not used.
    const proxy = new ProxyAgent().getProxyForUrl(cluster.server, undefined as never) as string;
    return cluster.proxyUrl !== undefined || proxy === "" ? cluster : { ...cluster, proxyUrl: proxy };
  });
}

function requestOf({ metadata, spec, status }: V1CertificateSigningRequest): CertificateRequest {
  return {
    name: metadata?.name ?? "",
    uid: metadata?.uid ?? "",
    resourceVersion: metadata?.resourceVersion ?? "",
    signerName: spec.signerName,
    username: spec.username ?? "",
    groups: spec.groups ?? [],
    usages: spec.usages ?? [],
    // Drop a request that is too large, so that it takes no memory while it waits for a decision.
    request: spec.request.length > largestRequest ? undefined : spec.request,
    decided: (status?.conditions ?? []).length > 0 || (status?.certificate ?? "") !== "",
  };
}

function createDeferred(): { promise: Promise<void>; resolve: () => void; reject: (error: Error) => void } {
  let settle: [() => void, (error: Error) => void] | undefined;
  const promise = new Promise<void>((resolve, reject) => {
    settle = [resolve, reject];
  });
  const [resolve, reject] = settle as unknown as [() => void, (error: Error) => void];
  return { promise, resolve, reject };
}

async function inTime<T>(call: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`the API did not answer within ${callTimeoutMs / 1000} s`));
    }, callTimeoutMs);
  });
  return Promise.race([call, late]).finally(() => {
    clearTimeout(timer);
  });
}
