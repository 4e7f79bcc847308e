/** A Kubernetes API object, as this program writes it. */
export interface ApiObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** An object's name in messages: "IngressController openshift-ingress-operator/default". */
export function nameObject({ kind, metadata: { name, namespace } }: ApiObject): string {
  return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}

/** API version and kind of an object, such as `apps/v1 Deployment`: the form in schema/kinds.ts. */
export function kindOf({ apiVersion, kind }: Pick<ApiObject, "apiVersion" | "kind">): string {
  return `${apiVersion} ${kind}`;
}
