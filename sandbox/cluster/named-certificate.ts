import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writePrivately } from "../aws/private-file";
import type { Api, KubeObject } from "./api";
import type { BootstrapConfig } from "./bootstrap-config";
import { certificateIn, type ServingCertificate } from "./certificate-authority";

interface ApiServer extends KubeObject {
  readonly spec?: { readonly servingCerts?: { readonly namedCertificates?: readonly NamedCertificateOf[] } };
}

interface NamedCertificateOf {
  readonly names: readonly string[];
  readonly servingCertificate: { readonly name: string };
}

/** Milliseconds between two reads of the APIServer object. */
const pollMilliseconds = 2000;

/**
 * The certificate for `api.<domain>`: the installer's certificate, or the certificate that `APIServer cluster` names. The
 * API server itself reloads the files.
 */
export class NamedCertificate {
  private next = 0;

  constructor(
    private readonly api: Api,
    private readonly config: BootstrapConfig,
    private readonly directory: string,
  ) {}

  /** Writes the installer's certificate if no file exists yet. Returns the API server's argument with both file names. */
  static prepare(tls: string, config: BootstrapConfig): string {
    const { cert, key } = filesIn(tls);
    if (!existsSync(cert)) write(tls, ownPair(config));
    return `--tls-sni-cert-key=${cert},${key}:api.${config.domain}`;
  }

  /** Rolls out a changed certificate, as the API server's operator would. */
  async advance(): Promise<void> {
    if (Date.now() < this.next) return;
    this.next = Date.now() + pollMilliseconds;
    const pair = await this.wanted();
    const tls = join(this.directory, "tls");
    if (pair !== undefined && pair.cert !== readFileSync(filesIn(tls).cert, "utf8")) write(tls, pair);
  }

  private async wanted(): Promise<ServingCertificate | undefined> {
    const server = await this.api.get<ApiServer>("/apis/config.openshift.io/v1/apiservers/cluster");
    const name = `api.${this.config.domain}`;
    const named = server?.spec?.servingCerts?.namedCertificates?.find(({ names }) => names.includes(name));
    if (named === undefined) return ownPair(this.config);
    return certificateIn(this.api, "openshift-config", named.servingCertificate.name);
  }
}

function ownPair(config: BootstrapConfig): ServingCertificate {
  return { cert: config.tls("kube-apiserver-lb-server.crt"), key: config.tls("kube-apiserver-lb-server.key") };
}

/** The paths of the certificate and the key. */
function filesIn(tls: string): ServingCertificate {
  return { cert: join(tls, "named.crt"), key: join(tls, "named.key") };
}

function write(tls: string, { cert, key }: ServingCertificate): void {
  const files = filesIn(tls);
  writePrivately(files.key, key);
  writePrivately(files.cert, cert);
}
