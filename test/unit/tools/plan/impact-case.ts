import type { ChangeOperation, ResourceProperties } from "../../../../lib/pulumi/change";

/** A change of a resource, and the impact that the plan must give it. */
export interface ImpactCase {
  readonly what: string;
  readonly operation: ChangeOperation;
  readonly type: string;
  readonly name?: string;
  readonly parent?: string;
  readonly before?: ResourceProperties;
  readonly after?: ResourceProperties;
  readonly fields?: readonly string[];
  /** The expected impact; undefined if the change has none. */
  readonly means?: readonly [severity: string, text: RegExp];
}
