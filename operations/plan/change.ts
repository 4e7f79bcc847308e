import { own } from "../../config/own";
import { nameOf } from "../urn";

/** What `pulumi preview --json` prints, as far as it is read here. */
export interface Preview {
  readonly config?: Readonly<Record<string, unknown>>;
  readonly steps?: readonly Step[];
  readonly diagnostics?: readonly { readonly severity?: string; readonly message?: string; readonly urn?: string }[];
}

/** One step of the engine. Secrets are `[secret]` in it. */
export interface Step {
  readonly op: string;
  readonly urn: string;
  readonly oldState?: State;
  readonly newState?: State;
  readonly diffReasons?: readonly string[] | null;
  readonly replaceReasons?: readonly string[] | null;
  readonly detailedDiff?: Readonly<Record<string, unknown>> | null;
}

export interface State {
  readonly urn?: string;
  readonly type: string;
  readonly custom?: boolean;
  readonly protect?: boolean;
  readonly inputs?: Properties;
  readonly outputs?: Properties;
  /** URNs that the resource had before. */
  readonly aliases?: readonly string[];
  /** URNs of the resources whose outputs an input is made of. */
  readonly propertyDependencies?: Readonly<Record<string, readonly string[] | null>>;
  readonly ignoreChanges?: readonly string[];
  readonly replaceOnChanges?: readonly string[];
}

export type Properties = Readonly<Record<string, unknown>>;

export type Operation = "create" | "update" | "replace" | "delete";

/** What happens to one resource: the engine's several steps of a replacement are one change. */
export interface Change {
  readonly operation: Operation;
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Inputs before and after; none where there is no resource. */
  readonly before: Properties;
  readonly after: Properties;
  /** Paths of properties that change, as the provider names them; for a replacement, those that force it. */
  readonly fields: readonly string[];
  /** The engine refuses to delete it. */
  readonly protected: boolean;
}

const operations: Readonly<Record<string, Operation>> = {
  create: "create",
  update: "update",
  delete: "delete",
  replace: "replace",
  "create-replacement": "replace",
  "delete-replaced": "replace",
  import: "create",
  "import-replacement": "replace",
};

/** The changes of a preview, one a resource, in the order of their URNs; components and providers, which are nothing in themselves, are left out. */
export function changesOf({ steps = [] }: Preview): Change[] {
  const changes = new Map<string, Change>();
  for (const step of steps) {
    const operation = operations[step.op] as Operation | undefined;
    const state = step.newState ?? step.oldState;
    if (operation === undefined || state?.custom !== true || state.type.startsWith("pulumi:providers:")) continue;
    const known = changes.get(step.urn);
    changes.set(step.urn, {
      operation: known === undefined ? operation : "replace",
      urn: step.urn,
      type: state.type,
      name: nameOf(step.urn),
      before: step.oldState?.inputs ?? known?.before ?? {},
      after: operation === "delete" ? {} : (step.newState?.inputs ?? known?.after ?? {}),
      fields: [...new Set([...(known?.fields ?? []), ...fieldsOf(step, operation)])].sort(),
      protected: (step.oldState?.protect ?? false) || (known?.protected ?? false),
    });
  }
  return [...changes.values()].sort((one, other) => (one.urn < other.urn ? -1 : 1));
}

function fieldsOf({ detailedDiff, diffReasons, replaceReasons, oldState, newState }: Step, operation: Operation): readonly string[] {
  if (operation === "create" || operation === "delete") return [];
  const forcing = (replaceReasons ?? []).filter(isOwn);
  if (operation === "replace" && forcing.length > 0) return forcing;
  const detailed = Object.keys(detailedDiff ?? {}).filter(isOwn);
  if (detailed.length > 0) return detailed;
  const reasons = (diffReasons ?? []).filter(isOwn);
  if (reasons.length > 0) return reasons;
  // Dynamic providers tell nothing.
  return differing(oldState?.inputs ?? {}, newState?.inputs ?? {});
}

/** Top-level properties that differ. */
export function differing(before: Properties, after: Properties): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => isOwn(name) && JSON.stringify(own(before, name)) !== JSON.stringify(own(after, name))).sort();
}

/** Whether a property is the resource's own: those of the engine and the bridge begin with two underscores, and are nobody's concern. */
function isOwn(name: string): boolean {
  return !name.startsWith("__");
}
