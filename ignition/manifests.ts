/** Files by their path in the asset directory. */
export type Manifests = Readonly<Record<string, string>>;
