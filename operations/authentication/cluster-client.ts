import { type Kubeconfig, parseKubeconfig } from "../diagnosis/read/kubeconfig";
import { exchange } from "./https";

/** What every object of the API has. */
export interface ApiItem {
  readonly metadata: { readonly name: string; readonly uid?: string; readonly creationTimestamp?: string };
}

/** The API's own answer to a request that it refuses. */
export class RefusedByApi extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** The cluster's API, as a kubeconfig's user, or as the holder of a token. */
export class ClusterClient {
  private readonly kubeconfig: Kubeconfig;

  /** @throws Error for a text that is no kubeconfig; it shows nothing of it. */
  constructor(
    text: string,
    private readonly token?: string,
  ) {
    try {
      this.kubeconfig = parseKubeconfig(text);
      new URL(this.kubeconfig.server ?? "");
    } catch {
      throw new Error("the kubeconfig names no cluster");
    }
  }

  /** The same API as somebody else. */
  static holderOf(token: string, text: string): ClusterClient {
    return new ClusterClient(text, token);
  }

  /** @throws RefusedByApi for every status from 400 on; Error when there is no answer in time */
  async send<T>(method: string, path: string, body?: unknown): Promise<T> {
    const { server = "", serverName, ca, certificate, key, token } = this.kubeconfig;
    const bearer = this.token ?? token;
    const { status, body: text } = await exchange(new URL(path, server).href, {
      method,
      body,
      ...(ca !== undefined && { ca: [ca] }),
      ...(serverName !== undefined && { serverName }),
      // Who has a token must not be taken for the certificate's owner.
      ...(this.token === undefined && certificate !== undefined && key !== undefined && { certificate, key }),
      headers: {
        ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
        ...(method === "PATCH" && { "content-type": "application/merge-patch+json" }),
      },
    });
    if (status >= 400) throw new RefusedByApi(status, `${method} ${path}: ${status} ${messageOf(text)}`);
    return JSON.parse(text) as T;
  }

  /** An object, or undefined where there is none. */
  async get<T>(path: string): Promise<T | undefined> {
    return this.send<T>("GET", path).catch(undefinedIfMissing);
  }

  async list<T extends ApiItem>(path: string): Promise<readonly T[]> {
    return (await this.send<{ items: T[] }>("GET", path)).items;
  }

  /** Deletes an object, if it is there. */
  async delete(path: string): Promise<void> {
    await this.send("DELETE", path).catch(undefinedIfMissing);
  }
}

function undefinedIfMissing(error: unknown): undefined {
  if (error instanceof RefusedByApi && error.status === 404) return undefined;
  throw error;
}

function messageOf(text: string): string {
  try {
    return (JSON.parse(text) as { message?: string }).message ?? "";
  } catch {
    return text.slice(0, 200);
  }
}
