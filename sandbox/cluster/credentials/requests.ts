import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Api, KubeObject } from "../api";
import type { BootstrapConfig } from "../bootstrap-config";
import { CredentialsUser, type KeyPair, type RequestedStatement } from "./user";

/** Directory with the CRD of CredentialsRequest. */
export const credentialsDefinitions = join(__dirname, "definitions");

const namespace = "openshift-cloud-credential-operator";
const path = `/apis/cloudcredential.openshift.io/v1/namespaces/${namespace}/credentialsrequests`;
const finalizer = "cloudcredential.openshift.io/deprovision";
/** Milliseconds between two reads of the requests. */
const pollMilliseconds = 2000;

interface CredentialsRequest extends KubeObject {
  readonly spec: {
    readonly secretRef: { readonly name: string; readonly namespace: string };
    readonly providerSpec?: { readonly statementEntries?: readonly RequestedStatement[] };
  };
  readonly status?: {
    readonly provisioned?: boolean;
    readonly lastSyncGeneration?: number;
    readonly providerStatus?: { readonly user?: string };
  };
}

/**
 * The cloud credential operator's work for CredentialsRequests that exist in the cluster: an IAM user in mode Mint, a copy of the root
 * credentials in mode Passthrough, nothing in mode Manual. The sandbox does not create the release's own requests.
 */
export class CredentialsRequests {
  private next = 0;
  private problem?: string;

  constructor(
    private readonly api: Api,
    private readonly config: BootstrapConfig,
    private readonly options: { readonly infraId: string; readonly region: string; readonly say: (text: string) => void },
  ) {}

  /** Provides the credentials of requests that are new, changed or deleted. Problems are only logged. */
  async advance(): Promise<void> {
    if (Date.now() < this.next) return;
    this.next = Date.now() + pollMilliseconds;
    try {
      for (const request of await this.api.list<CredentialsRequest>(path))
        await (request.metadata.deletionTimestamp === undefined ? this.provide(request) : this.remove(request));
      this.problem = undefined;
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      if (problem !== this.problem) this.options.say(`cloud credential operator: ${problem}`);
      this.problem = problem;
    }
  }

  private async provide(request: CredentialsRequest): Promise<void> {
    const { metadata, spec, status } = request;
    if (status?.provisioned === true && status.lastSyncGeneration === metadata.generation) return;
    // The operator waits until the Secret's namespace exists.
    if ((await this.api.get(`/api/v1/namespaces/${spec.secretRef.namespace}`)) === undefined) return;
    if ((await this.mode()) === "Manual") return;
    // The finalizer is set before the user is created. Otherwise a request that is deleted in between would leave the user behind.
    await this.api.patch(`${path}/${metadata.name ?? ""}`, { metadata: { finalizers: [finalizer] } });
    const user =
      status?.providerStatus?.user ??
      `${this.options.infraId.slice(0, 20)}-${metadata.name ?? ""}-${randomBytes(3).toString("hex").slice(0, 5)}`;
    const keys = await this.keys(user, spec.providerSpec?.statementEntries ?? [], spec.secretRef);
    if (keys === undefined) return;
    await this.api.apply(secretWith(keys, spec.secretRef), "cloud-credential-operator");
    await this.api.patchStatus(`${path}/${metadata.name ?? ""}`, {
      provisioned: true,
      lastSyncGeneration: metadata.generation,
      providerStatus: { user, policy: `${user}-policy` },
    });
    this.options.say(`the credentials of ${metadata.name ?? ""} are in Secret ${spec.secretRef.namespace}/${spec.secretRef.name}`);
  }

  /** The keys for a request; undefined if there are no root credentials to copy. */
  private async keys(
    user: string,
    entries: readonly RequestedStatement[],
    secret: CredentialsRequest["spec"]["secretRef"],
  ): Promise<KeyPair | undefined> {
    if ((await this.mode()) === "Passthrough") return this.keysIn("kube-system", "aws-creds");
    const account = new CredentialsUser(this.options, user);
    await account.ensure(entries, this.config.resourceTags);
    return (await this.keysIn(secret.namespace, secret.name)) ?? account.newKeys();
  }

  private async remove(request: CredentialsRequest): Promise<void> {
    const { metadata, spec, status } = request;
    const user = status?.providerStatus?.user;
    if (user !== undefined && (await this.mode()) === "Mint") await new CredentialsUser(this.options, user).remove();
    const { namespace: target, name } = spec.secretRef;
    if ((await this.api.get(`/api/v1/namespaces/${target}/secrets/${name}`)) !== undefined)
      await this.api.send("DELETE", `/api/v1/namespaces/${target}/secrets/${name}`);
    await this.api.patch(`${path}/${metadata.name ?? ""}`, { metadata: { finalizers: null } });
  }

  private async mode(): Promise<"Mint" | "Passthrough" | "Manual"> {
    const found = await this.api.get<KubeObject & { spec?: { credentialsMode?: string } }>(
      "/apis/operator.openshift.io/v1/cloudcredentials/cluster",
    );
    const mode = found?.spec?.credentialsMode ?? "";
    return mode === "Passthrough" || mode === "Manual" ? mode : "Mint";
  }

  private async keysIn(secretNamespace: string, name: string): Promise<KeyPair | undefined> {
    const found = await this.api.get<KubeObject & { data?: Partial<Record<string, string>> }>(
      `/api/v1/namespaces/${secretNamespace}/secrets/${name}`,
    );
    const [id, secret] = ["aws_access_key_id", "aws_secret_access_key"].map((key) => found?.data?.[key]);
    if (id === undefined || secret === undefined) return undefined;
    return { id: Buffer.from(id, "base64").toString(), secret: Buffer.from(secret, "base64").toString() };
  }
}

/** The Secret that the operator writes: the access key ID, the secret access key, and an AWS credentials file. */
function secretWith({ id, secret }: KeyPair, metadata: { readonly name: string; readonly namespace: string }): KubeObject {
  const stringData = {
    aws_access_key_id: id,
    aws_secret_access_key: secret,
    credentials: `[default]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}`,
  };
  return { apiVersion: "v1", kind: "Secret", metadata: { name: metadata.name, namespace: metadata.namespace }, stringData };
}
