/*
 * Objects that the installer host may publish for the cluster. They are applied with the administrator's permissions, but the host itself
 * has few permissions. So each object must be one that oc-mirror writes, and must refer only to the mirror (openshift/oc-mirror,
 * `v2/internal/pkg/clusterresources`, release-4.19).
 */

import { publishedFileError, publishedValueText } from "./published-files";

/** Values that the objects may contain. */
export interface ResourceLimits {
  /** `registry.<cluster>.<domain>:5000` */
  readonly registry: string;
  /**
   * Repositories whose images are mirrored by tag; a registry with a final slash means all its repositories. Only mirrors
   * by tag are limited to these repositories: somebody could put another image behind a tag, but not behind a digest.
   */
  readonly taggedSources: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

interface Kind {
  /** `-` if the kind has no namespaces. */
  readonly namespace: string;
  /** Label that the object must have, and the only one that is kept. */
  readonly label?: string;
  /** Fields in addition to kind, version and metadata; each function returns the problem of its field's value. */
  readonly fields: Readonly<Record<string, (value: unknown, limits: ResourceLimits) => string | undefined>>;
}

const updateServiceNamespace = "openshift-update-service";
const signatureLabel = "release.openshift.io/verification-signatures";

const kinds: ReadonlyMap<string, Kind> = new Map(
  Object.entries<Kind>({
    "config.openshift.io/v1/ImageDigestMirrorSet": {
      namespace: "-",
      fields: { spec: only({ imageDigestMirrors: each(mirrorSet(false)) }) },
    },
    "config.openshift.io/v1/ImageTagMirrorSet": { namespace: "-", fields: { spec: only({ imageTagMirrors: each(mirrorSet(true)) }) } },
    "operators.coreos.com/v1alpha1/CatalogSource": {
      namespace: "openshift-marketplace",
      fields: { spec: only({ sourceType: equal("grpc"), image: inRegistry }) },
    },
    "olm.operatorframework.io/v1/ClusterCatalog": {
      namespace: "-",
      fields: { spec: only({ priority: equal(0), source: only({ type: equal("Image"), image: only({ ref: inRegistry }) }) }) },
    },
    "v1/ConfigMap": {
      namespace: "openshift-config-managed",
      label: signatureLabel,
      fields: { binaryData: signatures },
    },
    "updateservice.operator.openshift.io/v1/UpdateService": {
      namespace: updateServiceNamespace,
      fields: { spec: only({ replicas: equal(2), releases: inRegistry, graphDataImage: inRegistry }) },
    },
  }),
);

/** An object that may be applied. */
export interface AllowedResource extends Fields {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Readonly<Record<string, string>> };
}

/**
 * Checks an object and returns it with no other metadata than name, namespace and the label that its kind needs.
 *
 * @param object any Kubernetes object, without its status
 * @throws Error that names the object, if it is not one that oc-mirror writes
 */
export function allowedResource(object: Fields, limits: ResourceLimits): AllowedResource {
  const { apiVersion, kind, metadata, ...fields } = object;
  // In Kubernetes null means that a field is absent.
  const { name, namespace, labels } = (metadata ?? {}) as Fields;
  const refuse = (why: string): never => {
    throw publishedFileError([kind, [namespace, name].filter(present).map(plain).join("/")].map(plain).join(" "), why);
  };
  const known = typeof apiVersion === "string" && typeof kind === "string" ? kinds.get(`${apiVersion}/${kind}`) : undefined;
  if (known === undefined || typeof apiVersion !== "string" || typeof kind !== "string")
    return refuse(`${publishedValueText(apiVersion)} ${publishedValueText(kind)} is not one of the kinds ${[...kinds.keys()].join(", ")}`);
  if (typeof name !== "string" || !/^[a-z0-9][a-z0-9.-]{0,252}$/.test(name)) return refuse("its name is missing or malformed");
  // oc-mirror writes an UpdateService without a namespace.
  const place = namespace ?? (kind === "UpdateService" ? updateServiceNamespace : "-");
  if (place !== known.namespace) return refuse(`it belongs in the namespace ${known.namespace}, not ${publishedValueText(place)}`);
  if (known.label !== undefined && (labels as Fields | null | undefined)?.[known.label] !== "")
    return refuse(`it has no label ${known.label}`);
  const wrong = only(known.fields)(fields, limits);
  if (wrong !== undefined) return refuse(wrong);
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(known.namespace !== "-" && { namespace: known.namespace }),
      ...(known.label !== undefined && { labels: { [known.label]: "" } }),
    },
    ...fields,
  };
}

function present(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function plain(value: unknown): string {
  return typeof value === "string" ? value : publishedValueText(value);
}

type Check = (value: unknown, limits: ResourceLimits) => string | undefined;

/** An object with only these fields; each may be absent. */
function only(checks: Readonly<Record<string, Check>>): Check {
  return (value, limits) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return "a field is not an object";
    for (const [field, content] of Object.entries(value)) {
      if (!Object.hasOwn(checks, field)) return `it has the field ${publishedValueText(field)}`;
      const wrong = checks[field](content, limits);
      if (wrong !== undefined) return `${field}: ${wrong}`;
    }
    return undefined;
  };
}

function each(check: Check): Check {
  return (value, limits) =>
    Array.isArray(value) ? value.map((entry) => check(entry, limits)).find((wrong) => wrong !== undefined) : "is not a list";
}

function equal(expected: string | number): Check {
  return (value) => (value === expected ? undefined : `is ${publishedValueText(value)}, not ${publishedValueText(expected)}`);
}

function inRegistry(value: unknown, { registry }: ResourceLimits): string | undefined {
  if (typeof value === "string" && value.startsWith(`${registry}/`)) return undefined;
  return `${publishedValueText(value)} is not in the registry ${registry}`;
}

/** One entry of a mirror set. Mirror sets by tag are limited, because nodes do not check the content of images that they pull by tag. */
function mirrorSet(byTag: boolean): Check {
  const source: Check = (value, { taggedSources }) => {
    if (typeof value !== "string" || !/^[\w.-]+(:\d+)?(\/[\w./-]+)?$/.test(value))
      return `${publishedValueText(value)} names no repository`;
    if (!byTag || taggedSources.some((known) => isMirroredSource(value, known))) return undefined;
    return `no image of ${value} is mirrored by tag`;
  };
  return only({ source, mirrors: each(inRegistry), mirrorSourcePolicy: () => undefined });
}

/** Whether a mirror set's source is a mirrored repository or, in oc-mirror's short form, its namespace; a whole registry is not enough. */
function isMirroredSource(source: string, known: string): boolean {
  if (known.endsWith("/")) return source.startsWith(known);
  return source === known || (source.includes("/") && known.slice(0, known.lastIndexOf("/")) === source);
}

function signatures(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return "is not an object";
  const odd = Object.entries(value).find(([key, data]) => !/^sha256-[0-9a-f]{64}-\d+$/.test(key) || typeof data !== "string");
  return odd === undefined ? undefined : `${publishedValueText(odd[0])} is not a release's signature`;
}
