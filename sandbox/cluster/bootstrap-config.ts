import { load, loadAll } from "js-yaml";
import { basename } from "node:path";
import { gunzipSync } from "node:zlib";
import { parseKubeconfig } from "../../lib/kubernetes/kubeconfig";
import { hasProxy, type BootedIgnitionConfig, type Mirrors, mirrorsIn } from "../machines";
import type { Credentials, KubeObject } from "./api";

interface ResourceTag {
  readonly key: string;
  readonly value: string;
}

interface IgnitionFile {
  readonly path: string;
  readonly contents?: { readonly source?: string; readonly compression?: string };
}

/** One manifest that the bootstrap instance installs, with the file from which it comes. */
export interface Manifest {
  readonly file: string;
  readonly object: KubeObject;
}

/** The content of the ignition config that `openshift-install` wrote for the bootstrap instance. */
export class BootstrapConfig {
  private readonly files: ReadonlyMap<string, string>;
  private parsed?: Manifest[];
  /** The mirrors of the cluster's images; undefined if images come only from the public registries. */
  readonly mirrors: Mirrors | undefined;
  /** Whether the cluster's nodes use a proxy. */
  readonly hasProxy: boolean;

  /** @throws Error if the text is not an ignition config */
  constructor(text: string) {
    const config = JSON.parse(text) as BootedIgnitionConfig & { storage?: { files?: IgnitionFile[] } };
    this.mirrors = mirrorsIn(config);
    this.hasProxy = hasProxy(config);
    this.files = new Map((config.storage?.files ?? []).flatMap((file) => contentOf(file)));
  }

  /**
   * A file's content by its path.
   *
   * @throws Error if the config has no such file
   */
  file(path: string): string {
    const content = this.files.get(path);
    if (content === undefined) throw new Error(`bootstrap.ign has no file ${path}`);
    return content;
  }

  tls(name: string): string {
    return this.file(`/opt/openshift/tls/${name}`);
  }

  /** Certificates, keys and CA bundles by file name. */
  get tlsFiles(): [name: string, content: string][] {
    const directory = "/opt/openshift/tls/";
    return [...this.files].filter(([path]) => path.startsWith(directory)).map(([path, content]) => [path.slice(directory.length), content]);
  }

  /**
   * Everything under `manifests` and `openshift`, sorted by file name, because the bootstrap instance copies all of it into one directory.
   */
  get manifests(): Manifest[] {
    return (this.parsed ??= [...this.files]
      .filter(([path]) => /^\/opt\/openshift\/(manifests|openshift)\/[^/]+\.(ya?ml|json)$/.test(path))
      .sort(([a], [b]) => (basename(a) < basename(b) ? -1 : 1))
      .flatMap(([file, content]) => objectsIn(content).map((object) => ({ file, object }))));
  }

  /** The manifest of a kind with a name. */
  manifest(kind: string, name = "cluster"): KubeObject {
    const found = this.manifests.find(({ object }) => object.kind === kind && object.metadata.name === name);
    if (found === undefined) throw new Error(`bootstrap.ign has no manifest ${kind} ${name}`);
    return found.object;
  }

  /** `<cluster>.<base domain>`. */
  get domain(): string {
    return (this.manifest("DNS").spec as { baseDomain: string }).baseDomain;
  }

  /** The user's tags, which operators add to everything they create; empty unless the install-config propagates them. */
  get resourceTags(): readonly ResourceTag[] {
    const { platformStatus } = this.manifest("Infrastructure").status as { platformStatus?: { aws?: { resourceTags?: ResourceTag[] } } };
    return platformStatus?.aws?.resourceTags ?? [];
  }

  /**
   * The release image that the bootstrap instance pulls, and the release's version: the image's tag if that is a version, otherwise the installer's own
   * version.
   */
  get release(): { version: string; image: string } {
    const { version } = this.manifest("ConfigMap", "openshift-install-manifests").data as { version: string };
    const image = /podman inspect (\S+)/.exec(this.file("/usr/local/bin/release-image.sh"))?.[1] ?? "";
    return { version: /:(\d+\.\d+\.\d+[\w.-]*)$/.exec(image)?.[1] ?? version.replace(/^v/, ""), image };
  }

  get infraId(): string {
    return (this.manifest("Infrastructure").status as { infrastructureName: string }).infrastructureName;
  }

  /** Number of control plane nodes in the install-config. */
  get controlPlaneReplicas(): number {
    const { data } = this.manifest("ConfigMap", "cluster-config-v1") as unknown as { data: Record<string, string> };
    return (load(data["install-config"]) as { controlPlane: { replicas: number } }).controlPlane.replicas;
  }

  /** Whether control plane nodes run workloads. */
  get mastersSchedulable(): boolean {
    return (this.manifest("Scheduler").spec as { mastersSchedulable?: boolean }).mastersSchedulable === true;
  }

  /** The first CIDR block of the pods' addresses. */
  get clusterNetwork(): string {
    const { clusterNetwork } = this.manifest("Network").spec as { clusterNetwork: { cidr: string }[] };
    return clusterNetwork[0].cidr;
  }

  /** The shared account of all kubelets that have no certificate yet. */
  get nodeBootstrapper(): Credentials {
    const path = "/opt/openshift/auth/kubeconfig-kubelet";
    const { ca, certificate, key } = parseKubeconfig(this.file(path));
    if (ca === undefined || certificate === undefined || key === undefined)
      throw new Error(`${path} has no certificate-authority-data, client-certificate-data or client-key-data`);
    return { ca, certificate, key };
  }

  /** `system:admin`, used here for the control plane's operators and controllers. */
  get controlPlane(): Credentials {
    const name = "kube-control-plane-kube-controller-manager-client";
    return { ca: this.tls("kube-apiserver-localhost-ca-bundle.crt"), certificate: this.tls(`${name}.crt`), key: this.tls(`${name}.key`) };
  }
}

function contentOf({ path, contents }: IgnitionFile): [string, string][] {
  const match = /^data:([^,]*),(.*)$/s.exec(contents?.source ?? "");
  if (match === null) return [];
  const [, type = "", data = ""] = match;
  const bytes = type.endsWith(";base64") ? Buffer.from(data, "base64") : Buffer.from(decodeURIComponent(data));
  return [[path, (contents?.compression === "gzip" ? gunzipSync(bytes) : bytes).toString("utf8")]];
}

function objectsIn(content: string): KubeObject[] {
  return loadAll(content).flatMap((document) => {
    if (document === null || document === undefined) return [];
    const object = document as KubeObject & { items?: KubeObject[] };
    return object.kind === "List" || object.kind.endsWith("List") ? (object.items ?? []) : [object];
  });
}
