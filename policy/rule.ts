import type { Value } from "./value";

/** A resource as the program declares it. */
export interface Declared {
  /** For example `aws:ec2/instance:Instance`. */
  readonly type: string;
  readonly urn: string;
  readonly name: string;
  readonly properties: Readonly<Record<string, Value>>;
  /** Whether the Pulumi engine refuses to delete it. */
  readonly protect: boolean;
  /** Properties of its provider. */
  readonly provider?: Readonly<Record<string, Value>>;
}

/** A problem of a resource, for users. */
export interface Problem {
  /** The problem, as words that follow the resource's name: "isn't encrypted". */
  readonly wrong: string;
  readonly value?: string;
  readonly allowed: string;
  /** The likely fix. */
  readonly fix: string;
}

/** The pack's configuration for one rule: JSON values by the setting's name. */
export type Settings = Readonly<Record<string, SettingValue>>;
type SettingValue = string | boolean | readonly string[] | Readonly<Record<string, string>>;

/** A rule for single resources. Exactly one rule refuses each problem, so that it is reported once. */
export interface Rule<Given extends Settings = Settings> {
  /** Name of the policy in the engine's messages. */
  readonly name: string;
  /** The requirement, as a sentence. */
  readonly description: string;
  /** Settings without a configuration: as strict as possible. */
  readonly defaults: Given;
  /** Whether the rule checks resources of a type. */
  readonly appliesTo: (type: string) => boolean;
  check(resource: Declared, settings: Given): readonly Problem[];
}

/** Declares a rule; infers the type of its settings. */
export function rule<Given extends Settings>(definition: Rule<Given>): Rule<Given> {
  return definition;
}

/** Returns a check for `appliesTo` that accepts these types. */
export function oneOf(types: Iterable<string>): (type: string) => boolean {
  const all = new Set(types);
  return (type) => all.has(type);
}

/** Formats a problem; the engine shows it below the rule's description. */
export function formatProblem({ wrong, value, allowed, fix }: Problem): string {
  return [wrong, ...(value === undefined ? [] : [`  value:   ${value}`]), `  allowed: ${allowed}`, `  fix:     ${fix}`].join("\n");
}
