/** The part of an ignition config that the checks read (coreos/ignition, `docs/configuration-v3_1.md`). */
export interface IgnitionConfig {
  readonly ignition?: {
    readonly version?: string;
    readonly config?: {
      readonly replace?: { readonly source?: string };
      readonly merge?: readonly { readonly source?: string }[];
    };
    readonly security?: { readonly tls?: { readonly certificateAuthorities?: readonly { readonly source?: string }[] } };
  };
  readonly storage?: { readonly files?: readonly { readonly path: string; readonly contents?: { readonly source?: string } }[] };
}

/** Parses an ignition config; undefined if the text is not an ignition config. */
export function parseIgnition(text: string): IgnitionConfig | undefined {
  try {
    const config = JSON.parse(text) as IgnitionConfig | null;
    return config?.ignition?.version === undefined ? undefined : config;
  } catch {
    // The text is not JSON. The caller reports the expected form.
    return undefined;
  }
}

/** The S3 object to which the bootstrap instance's pointer config leads; undefined if it leads elsewhere. */
export function bootstrapObject(userData: string): { bucket: string; key: string } | undefined {
  const source = parseIgnition(userData)?.ignition?.config?.replace?.source ?? "";
  const found = /^s3:\/\/([^/]+)\/(.+)$/.exec(source);
  return found === null ? undefined : { bucket: found[1], key: found[2] };
}

/** The URLs to which the pointer config of a control plane or worker instance leads. */
export function mergedSources(config: IgnitionConfig): string[] {
  return (config.ignition?.config?.merge ?? []).flatMap(({ source }) => source ?? []);
}

/** PEM texts of the CAs that a pointer config trusts. */
export function trustedCas(config: IgnitionConfig): string[] {
  return (config.ignition?.security?.tls?.certificateAuthorities ?? []).flatMap(({ source }) => contentOfDataUrl(source) ?? []);
}

/** The content of a data URL; undefined if the text is not a data URL. */
export function contentOfDataUrl(source = ""): string | undefined {
  const found = /^data:[^,]*?(;base64)?,(.*)$/s.exec(source);
  if (found === null) return undefined;
  const [, encoding, data] = found as unknown as readonly [string, string | undefined, string];
  return encoding === undefined ? decodeURIComponent(data) : Buffer.from(data, "base64").toString("utf8");
}
