/** A resource in the state. Only the fields that the recovery reads are declared; the others are kept in the state unchanged. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly id?: string;
  readonly outputs?: Readonly<Record<string, unknown>>;
  /** Errors after which the resource exists, but perhaps not as requested. */
  readonly initErrors?: readonly string[];
}

/** Output of `pulumi stack export` and input of `pulumi stack import`. */
export interface StackState {
  readonly deployment: {
    readonly resources?: readonly StateResource[];
    readonly pending_operations?: readonly { readonly type: string; readonly resource: StateResource }[];
  };
}

/** A creation that a killed update had begun, but had not recorded as finished. */
export interface PendingCreation {
  readonly urn: string;
  /** For example `aws:ec2/vpc:Vpc`. */
  readonly type: string;
  /** The requested inputs; secret values are encrypted, so they can't be used here. */
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** The cluster's random identity (`infraId`); undefined before the stack has one. */
export function infraIdOf({ deployment: { resources = [] } }: StackState): string | undefined {
  return resources.find(({ type }) => type.endsWith("okd:ClusterIdentity"))?.id;
}

/** The creations that the last update did not finish. */
export function pendingCreations({ deployment }: StackState): PendingCreation[] {
  return (deployment.pending_operations ?? [])
    .filter(({ type }) => type === "creating")
    .map(({ resource: { urn, type, inputs } }) => ({ urn, type, inputs: inputs ?? {} }));
}

/**
 * AWS resources that a failed update left incomplete, and AWS resources that an interrupted recovery adopted and did not
 * read. For such a resource the state has the requested values, so the next update would not notice the missing parts; a
 * resource without outputs would even be replaced. Kubernetes resources are not included, because their provider compares
 * them with the objects in the cluster.
 */
export function incompleteResources({ deployment }: StackState): readonly StateResource[] {
  return (deployment.resources ?? []).filter(
    ({ type, id, outputs = {}, initErrors = [] }) =>
      type.startsWith("aws:") && id !== undefined && (initErrors.length > 0 || Object.keys(outputs).length === 0),
  );
}

/**
 * The state without pending operations, and with the resources of the creations whose import ID is known. The added
 * resources have no outputs, so the provider treats the ID as an import ID: the next refresh adds the outputs, or removes
 * a resource that does not exist.
 */
export function adoptCreations<State extends StackState>(state: State, ids: Readonly<Partial<Record<string, string>>>): State {
  const { pending_operations: pending = [], resources = [], ...deployment } = state.deployment;
  const adopted = pending.flatMap(({ type, resource }) => {
    const id = ids[resource.urn];
    return type === "creating" && id !== undefined ? [{ ...resource, id, outputs: {} }] : [];
  });
  return { ...state, deployment: { ...deployment, resources: [...resources, ...adopted] } };
}
