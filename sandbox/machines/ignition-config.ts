/** The parts of an ignition config (coreos/ignition, `docs/configuration-v3_2.md`) that matter for a first boot. */
export interface BootedIgnitionConfig {
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

/** URLs of the configs that this config merges, or that replace it; empty if the config is complete. */
export function sourcesOf({ ignition: { config } }: BootedIgnitionConfig): string[] {
  return [config?.replace, ...(config?.merge ?? [])].flatMap((resource) => resource?.source ?? []);
}

/** Files whose content is in the config itself, by path. */
export function filesIn(config: BootedIgnitionConfig): Map<string, string> {
  const files = (config.storage?.files ?? []).flatMap(({ path, contents }) => {
    const text = dataOf(contents?.source);
    return text === undefined ? [] : [[path, text] as const];
  });
  return new Map(files);
}

/** The CAs that an instance trusts when it fetches the configs in `sourcesOf`; PEM. */
export function trustedCasIn({ ignition: { security } }: BootedIgnitionConfig): string[] {
  return (security?.tls?.certificateAuthorities ?? []).flatMap(({ source }) => dataOf(source) ?? []);
}

/** Whether the instance uses a proxy: only to fetch its config, or permanently, as the installer's bootstrap config declares it. */
export function hasProxy(config: BootedIgnitionConfig): boolean {
  const { httpProxy, httpsProxy } = config.ignition.proxy ?? {};
  return (httpsProxy ?? httpProxy) !== undefined || /^export HTTPS?_PROXY=/m.test(filesIn(config).get("/etc/profile.d/proxy.sh") ?? "");
}

/** The content of a `data:` URL (RFC 2397). */
function dataOf(source: string | undefined): string | undefined {
  const found = /^data:([^,]*),(.*)$/s.exec(source ?? "");
  if (found === null) return undefined;
  const [, kind, data] = found;
  return kind.endsWith(";base64") ? Buffer.from(data, "base64").toString("utf8") : decodeURIComponent(data);
}
