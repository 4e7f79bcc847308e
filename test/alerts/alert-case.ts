import type { ApiObject } from "../../cluster-objects/object";

/** A moment at which an alert fires or is silent. */
export interface AlertCase {
  readonly alert: string;
  /** The situation in words, such as "the last attempt has failed for 10 minutes". */
  readonly situation: string;
  /** Seconds between two evaluations, and between two values of a series. @default 60 */
  readonly step?: number;
  /** By series: its values, one for each step from the time 0 on, in promtool's notation. `0+60x10` starts at 0 and adds 60 ten times. */
  readonly series: Readonly<Record<string, string>>;
  /** Time of the check, as a Prometheus duration from the time 0 on. */
  readonly at: string;
  /** The alerts that fire; empty if none does. */
  readonly fires: readonly FiringAlert[];
}

export interface FiringAlert {
  /** All labels except `alertname`. */
  readonly labels: Readonly<Record<string, string>>;
  /** The expanded description, if the rule's description has template expressions. */
  readonly description?: string;
}

/** A PrometheusRule of the program with the cases of its alerts. */
export interface RuleCases {
  /** The file that makes the object. */
  readonly file: string;
  readonly rule: ApiObject;
  readonly cases: readonly AlertCase[];
}

/** A rule of a PrometheusRule. */
export interface AlertingRule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: { readonly summary: string; readonly description: string };
}

export function alertingRules({ spec }: ApiObject): readonly AlertingRule[] {
  return (spec as { groups: { rules: AlertingRule[] }[] }).groups.flatMap(({ rules }) => rules);
}
