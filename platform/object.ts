/** An object of the Kubernetes API, as the program writes it. */
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

/** "IngressController openshift-ingress-operator/default" */
export function nameObject({ kind, metadata: { name, namespace } }: ApiObject): string {
  return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}

/** `apiVersion Kind`, as the tables of kinds have them. */
export function kindOf({ apiVersion, kind }: Pick<ApiObject, "apiVersion" | "kind">): string {
  return `${apiVersion} ${kind}`;
}
