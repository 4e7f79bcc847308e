import { type CompleteProblem, problemLines } from "../lib/problem";
import type { PolicyValue } from "./value";

/** A resource as the program declares it. */
export interface DeclaredResource {
  /** For example `aws:ec2/instance:Instance`. */
  readonly type: string;
  readonly urn: string;
  readonly name: string;
  readonly properties: Readonly<Record<string, PolicyValue>>;
  /** Whether the Pulumi engine refuses to delete the resource. */
  readonly protect: boolean;
  /** Properties of the resource's provider. */
  readonly provider?: Readonly<Record<string, PolicyValue>>;
}

/** The pack's configuration for one rule: JSON values by the setting's name. */
export type RuleSettings = Readonly<Record<string, SettingValue>>;
type SettingValue = string | boolean | readonly string[] | Readonly<Record<string, string>>;

/** A rule for single resources. Exactly one rule refuses each problem, so that it is reported once. */
export interface PolicyRule<Given extends RuleSettings = RuleSettings> {
  /** Name of the policy in the Pulumi engine's messages. */
  readonly name: string;
  /** The requirement of the rule, as a sentence. */
  readonly description: string;
  /** Settings for a stack that does not configure the policy pack. They are as strict as possible. */
  readonly defaults: Given;
  /** Whether the rule checks resources of a type. */
  readonly appliesTo: (type: string) => boolean;
  /** Returns the problems of a resource. The Pulumi engine names the resource in its message. */
  check(resource: DeclaredResource, settings: Given): readonly CompleteProblem[];
}

/** Declares a rule; infers the type of its settings. */
export function policyRule<Given extends RuleSettings>(definition: PolicyRule<Given>): PolicyRule<Given> {
  return definition;
}

/** Returns a check for `appliesTo` that accepts these types. */
export function oneOf(types: Iterable<string>): (type: string) => boolean {
  const all = new Set(types);
  return (type) => all.has(type);
}

/** Formats a problem; the Pulumi engine shows it below the rule's description. */
export function formatProblem(problem: CompleteProblem): string {
  return problemLines(problem).join("\n  ");
}

/** A list for messages; `none` if it is empty. */
export function listOrNone(values: readonly string[], none = "none"): string {
  return values.length === 0 ? none : values.join(", ");
}
