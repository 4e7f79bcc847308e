/** The parts of an ignition config (coreos/ignition, `docs/configuration-v3_2.md`) that decide about a first boot. */
export interface IgnitionConfig {
  readonly ignition: {
    readonly config?: { readonly replace?: Resource; readonly merge?: readonly Resource[] };
    readonly proxy?: { readonly httpProxy?: string; readonly httpsProxy?: string };
    readonly security?: { readonly tls?: { readonly certificateAuthorities?: readonly Resource[] } };
  };
  readonly storage?: { readonly files?: readonly { readonly path: string; readonly contents?: Resource }[] };
}

interface Resource {
  readonly source?: string;
}

/** Where a config says that the rest of it, or what replaces it, is; none where it is whole. */
export function sourcesOf({ ignition: { config } }: IgnitionConfig): string[] {
  return [config?.replace, ...(config?.merge ?? [])].flatMap((resource) => resource?.source ?? []);
}

/** Files that a config carries in itself, by path. */
export function filesIn(config: IgnitionConfig): Map<string, string> {
  const files = (config.storage?.files ?? []).flatMap(({ path, contents }) => {
    const text = dataOf(contents?.source);
    return text === undefined ? [] : [[path, text] as const];
  });
  return new Map(files);
}

/** The certificate authorities that a machine trusts when it fetches the rest of its config; PEM. */
export function authoritiesIn({ ignition: { security } }: IgnitionConfig): string[] {
  return (security?.tls?.certificateAuthorities ?? []).flatMap(({ source }) => dataOf(source) ?? []);
}

/** Whether the machine goes through a proxy: while it fetches its config, or ever after, as the installer's bootstrap config says. */
export function hasProxy(config: IgnitionConfig): boolean {
  const { httpProxy, httpsProxy } = config.ignition.proxy ?? {};
  return (httpsProxy ?? httpProxy) !== undefined || /^export HTTPS?_PROXY=/m.test(filesIn(config).get("/etc/profile.d/proxy.sh") ?? "");
}

/** What a `data:` URL holds (RFC 2397). */
function dataOf(source: string | undefined): string | undefined {
  const found = /^data:([^,]*),(.*)$/s.exec(source ?? "");
  if (found === null) return undefined;
  const [, kind, data] = found;
  return kind.endsWith(";base64") ? Buffer.from(data, "base64").toString("utf8") : decodeURIComponent(data);
}
