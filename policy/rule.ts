import type { Value } from "./value";

/** A resource as the program declares it. */
export interface Declared {
  /** Such as `aws:ec2/instance:Instance`. */
  readonly type: string;
  readonly urn: string;
  readonly name: string;
  readonly properties: Readonly<Record<string, Value>>;
  /** Whether the engine refuses to delete it. */
  readonly protect: boolean;
  /** Properties of the provider that it goes through. */
  readonly provider?: Readonly<Record<string, Value>>;
}

/** Why a resource is refused, in the user's words. */
export interface Refusal {
  /** What is wrong, as words that follow the resource's name: "isn't encrypted". */
  readonly wrong: string;
  readonly value?: string;
  readonly allowed: string;
  /** What to do. */
  readonly fix: string;
}

/** What the pack's configuration says to one rule: JSON, by the setting's name. */
export type Settings = Readonly<Record<string, SettingValue>>;
type SettingValue = string | boolean | readonly string[] | Readonly<Record<string, string>>;

/** One demand on single resources. Each bad thing is refused by exactly one rule, so that it is said once. */
export interface Rule<Given extends Settings = Settings> {
  /** Name of the policy, as the engine's messages have it. */
  readonly name: string;
  /** The demand. */
  readonly description: string;
  /** What is demanded where no configuration is given: as much as makes sense. */
  readonly defaults: Given;
  /** Types of resources that the rule says something to. */
  readonly appliesTo: (type: string) => boolean;
  check(resource: Declared, settings: Given): readonly Refusal[];
}

/** Keeps a rule's settings' type. */
export function rule<Given extends Settings>(definition: Rule<Given>): Rule<Given> {
  return definition;
}

/** The test of a rule that is about these types. */
export function oneOf(types: Iterable<string>): (type: string) => boolean {
  const all = new Set(types);
  return (type) => all.has(type);
}

/** A refusal as the engine shows it below the demand. */
export function present({ wrong, value, allowed, fix }: Refusal): string {
  return [wrong, ...(value === undefined ? [] : [`  value:   ${value}`]), `  allowed: ${allowed}`, `  fix:     ${fix}`].join("\n");
}
