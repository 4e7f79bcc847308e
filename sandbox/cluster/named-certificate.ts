import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writePrivately } from "../aws/private-file";
import type { Api, KubeObject } from "./api";
import type { BootstrapConfig } from "./bootstrap-config";

interface ApiServer extends KubeObject {
  readonly spec?: { readonly servingCerts?: { readonly namedCertificates?: readonly NamedCertificateOf[] } };
}

interface NamedCertificateOf {
  readonly names: readonly string[];
  readonly servingCertificate: { readonly name: string };
}

interface TlsSecret extends KubeObject {
  readonly data: { readonly "tls.crt": string; readonly "tls.key": string };
}

/** Milliseconds between two looks. */
const patience = 2000;

/** The certificate for `api.<domain>`: the installer's, or the one that `APIServer cluster` names. The API server looks at the files by itself. */
export class NamedCertificate {
  private next = 0;

  constructor(
    private readonly api: Api,
    private readonly config: BootstrapConfig,
    private readonly directory: string,
  ) {}

  /** The API server's argument, and the files that it names. */
  static prepare(tls: string, config: BootstrapConfig): string {
    const { certificate, key } = filesIn(tls);
    if (!existsSync(certificate)) write(tls, ownPair(config));
    return `--tls-sni-cert-key=${certificate},${key}:api.${config.domain}`;
  }

  /** Does what the API server's operator would: rolls out another certificate. */
  async advance(): Promise<void> {
    if (Date.now() < this.next) return;
    this.next = Date.now() + patience;
    const pair = await this.wanted();
    const tls = join(this.directory, "tls");
    if (pair !== undefined && pair.certificate !== readFileSync(filesIn(tls).certificate, "utf8")) write(tls, pair);
  }

  private async wanted(): Promise<Pair | undefined> {
    const server = await this.api.get<ApiServer>("/apis/config.openshift.io/v1/apiservers/cluster");
    const name = `api.${this.config.domain}`;
    const named = server?.spec?.servingCerts?.namedCertificates?.find(({ names }) => names.includes(name));
    if (named === undefined) return ownPair(this.config);
    const secret = await this.api.get<TlsSecret>(`/api/v1/namespaces/openshift-config/secrets/${named.servingCertificate.name}`);
    if (secret === undefined) return undefined;
    const text = (file: keyof TlsSecret["data"]) => Buffer.from(secret.data[file], "base64").toString("utf8");
    return { certificate: text("tls.crt"), key: text("tls.key") };
  }
}

interface Pair {
  readonly certificate: string;
  readonly key: string;
}

function ownPair(config: BootstrapConfig): Pair {
  return { certificate: config.tls("kube-apiserver-lb-server.crt"), key: config.tls("kube-apiserver-lb-server.key") };
}

function filesIn(tls: string): Pair {
  return { certificate: join(tls, "named.crt"), key: join(tls, "named.key") };
}

function write(tls: string, { certificate, key }: Pair): void {
  const files = filesIn(tls);
  writePrivately(files.key, key);
  writePrivately(files.certificate, certificate);
}
