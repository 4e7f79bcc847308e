import { ownValue } from "../own-value";
import { resourceName } from "./urn";

/** The part of the output of `pulumi preview --json` that is used. */
export interface Preview {
  readonly config?: Readonly<Record<string, unknown>>;
  readonly steps?: readonly EngineStep[];
  readonly diagnostics?: readonly { readonly severity?: string; readonly message?: string; readonly urn?: string }[];
}

/** One step of the Pulumi engine. Secrets in it are `[secret]`. */
export interface EngineStep {
  readonly op: string;
  readonly urn: string;
  readonly oldState?: StepState;
  readonly newState?: StepState;
  readonly diffReasons?: readonly string[] | null;
  readonly replaceReasons?: readonly string[] | null;
  readonly detailedDiff?: Readonly<Record<string, unknown>> | null;
}

export interface StepState {
  readonly urn?: string;
  readonly type: string;
  readonly custom?: boolean;
  readonly protect?: boolean;
  readonly inputs?: ResourceProperties;
  readonly outputs?: ResourceProperties;
  /** URNs that the resource had before. */
  readonly aliases?: readonly string[];
  /** By input: URNs of the resources whose outputs it uses. */
  readonly propertyDependencies?: Readonly<Record<string, readonly string[] | null>>;
  readonly ignoreChanges?: readonly string[];
  readonly replaceOnChanges?: readonly string[];
}

export type ResourceProperties = Readonly<Record<string, unknown>>;

export type ChangeOperation = "create" | "update" | "replace" | "delete";

/** The change of one resource. The Pulumi engine's several steps of a replacement are one change. */
export interface ResourceChange {
  readonly operation: ChangeOperation;
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Inputs before and after; empty if there is no resource before or after. */
  readonly before: ResourceProperties;
  readonly after: ResourceProperties;
  /** Paths of the changed properties, as the provider names them; for a replacement, only those that force it. */
  readonly fields: readonly string[];
  /** Whether the Pulumi engine refuses to delete the resource. */
  readonly protected: boolean;
}

const operations: Readonly<Record<string, ChangeOperation>> = {
  create: "create",
  update: "update",
  delete: "delete",
  replace: "replace",
  "create-replacement": "replace",
  "delete-replaced": "replace",
  import: "create",
  "import-replacement": "replace",
};

/** The changes of a preview, one per resource, sorted by URN. Components and providers are left out: they are only in Pulumi's state. */
export function changesOf({ steps = [] }: Preview): ResourceChange[] {
  const changes = new Map<string, ResourceChange>();
  for (const step of steps) {
    const operation = operations[step.op] as ChangeOperation | undefined;
    const state = step.newState ?? step.oldState;
    if (operation === undefined || state?.custom !== true || state.type.startsWith("pulumi:providers:")) continue;
    const known = changes.get(step.urn);
    changes.set(step.urn, {
      operation: known === undefined ? operation : "replace",
      urn: step.urn,
      type: state.type,
      name: resourceName(step.urn),
      before: step.oldState?.inputs ?? known?.before ?? {},
      after: operation === "delete" ? {} : (step.newState?.inputs ?? known?.after ?? {}),
      fields: [...new Set([...(known?.fields ?? []), ...fieldsOf(step, operation)])].sort(),
      protected: (step.oldState?.protect ?? false) || (known?.protected ?? false),
    });
  }
  return [...changes.values()].sort((one, other) => (one.urn < other.urn ? -1 : 1));
}

function fieldsOf(
  { detailedDiff, diffReasons, replaceReasons, oldState, newState }: EngineStep,
  operation: ChangeOperation,
): readonly string[] {
  if (operation === "create" || operation === "delete") return [];
  const forcing = (replaceReasons ?? []).filter(isOwn);
  if (operation === "replace" && forcing.length > 0) return forcing;
  const detailed = Object.keys(detailedDiff ?? {}).filter(isOwn);
  if (detailed.length > 0) return detailed;
  const reasons = (diffReasons ?? []).filter(isOwn);
  if (reasons.length > 0) return reasons;
  // Dynamic providers report no changed properties.
  return changedProperties(oldState?.inputs ?? {}, newState?.inputs ?? {});
}

/** Names of the top-level properties that differ. */
export function changedProperties(before: ResourceProperties, after: ResourceProperties): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names]
    .filter((name) => isOwn(name) && JSON.stringify(ownValue(before, name)) !== JSON.stringify(ownValue(after, name)))
    .sort();
}

/** Whether a property belongs to the resource. Internal properties of the Pulumi engine and the Terraform bridge begin with two underscores. */
function isOwn(name: string): boolean {
  return !name.startsWith("__");
}
