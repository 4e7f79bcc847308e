import type { OperatorRequest } from "./objects";

/** A problem that somebody has to solve, unless it ends by itself in time. */
export interface Stuck {
  readonly state: "stuck";
  /** The problem and its likely fix. */
  readonly text: string;
  /** Seconds for which the problem may last before the program gives up. */
  readonly patience: number;
}

/** A state that ends by itself. */
export interface Waiting {
  readonly state: "waiting";
  readonly text: string;
}

/** The state in which the program has to make OLM resolve the Subscriptions again. */
export interface Wake {
  readonly state: "wake";
  readonly text: string;
}

/** Seconds after which the program treats a state as final: OLM changes a temporary state by itself within this time. This project's choice. */
export const SETTLED = 30;

/** Declares a problem. */
export function stuck(text: string, patience: number): Stuck {
  return { state: "stuck", text, patience };
}

/** The name of the operator's catalog in messages. */
export function sourceName({ source }: Pick<OperatorRequest, "source">): string {
  return `the catalog ${source.namespace}/${source.name}`;
}
