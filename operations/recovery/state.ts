/** A resource as the state records it; only what is read here is typed, everything is kept. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly id?: string;
  readonly outputs?: Readonly<Record<string, unknown>>;
  /** Why a creation or change failed after it had begun: the thing exists, but perhaps not as it was asked for. */
  readonly initErrors?: readonly string[];
}

/** What `pulumi stack export` prints, and `pulumi stack import` takes. */
export interface StackState {
  readonly deployment: {
    readonly resources?: readonly StateResource[];
    readonly pending_operations?: readonly { readonly type: string; readonly resource: StateResource }[];
  };
}

/** A creation that an update began and, being killed, recorded no end of. */
export interface PendingCreation {
  readonly urn: string;
  /** For instance `aws:ec2/vpc:Vpc`. */
  readonly type: string;
  /** What was asked for; secret values are encrypted and of no use here. */
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** The cluster's random identity (`infraId`); undefined before the stack has one. */
export function infraIdOf({ deployment: { resources = [] } }: StackState): string | undefined {
  return resources.find(({ type }) => type.endsWith("okd:ClusterIdentity"))?.id;
}

/** The creations that the last update left open. */
export function pendingCreations({ deployment }: StackState): PendingCreation[] {
  return (deployment.pending_operations ?? [])
    .filter(({ type }) => type === "creating")
    .map(({ resource: { urn, type, inputs } }) => ({ urn, type, inputs: inputs ?? {} }));
}

/**
 * Resources in AWS that a failed update left half-made, and those that an interrupted recovery adopted and did not read. The state has them as they were asked
 * for, so that the next update would not see what is missing; without outputs it would replace them. Kubernetes' resources aren't among them: their provider
 * compares with the cluster itself.
 */
export function halfMade({ deployment }: StackState): readonly StateResource[] {
  return (deployment.resources ?? []).filter(
    ({ type, id, outputs = {}, initErrors = [] }) =>
      type.startsWith("aws:") && id !== undefined && (initErrors.length > 0 || Object.keys(outputs).length === 0),
  );
}

/**
 * The state without open operations, and with those creations taken in whose import id is known. Without outputs the
 * provider treats the id as one to import, and the next refresh fills in the rest, or drops what doesn't exist.
 */
export function adoptCreations<State extends StackState>(state: State, ids: Readonly<Partial<Record<string, string>>>): State {
  const { pending_operations: pending = [], resources = [], ...deployment } = state.deployment;
  const adopted = pending.flatMap(({ type, resource }) => {
    const id = ids[resource.urn];
    return type === "creating" && id !== undefined ? [{ ...resource, id, outputs: {} }] : [];
  });
  return { ...state, deployment: { ...deployment, resources: [...resources, ...adopted] } };
}
