import type { ResourceChange } from "../../../lib/pulumi/change";
import { typesOf } from "../../../lib/pulumi/urn";

/** The severities of impacts: how bad a change is if it was not intended. The worst severity comes first. */
export const severities = ["loses data", "can't be undone", "loses protection", "interrupts", "restarts"] as const;
export type ImpactSeverity = (typeof severities)[number];

/** The impact of changes on the cluster's users. Changes with the same operation and text are shown together. */
export interface Impact {
  readonly severity: ImpactSeverity;
  /** The predicate of a sentence whose subject is the changes: "restarts all control plane nodes one by one". */
  readonly text: string;
  /** A shorter text for the headline. */
  readonly short: string;
}

/** Headline texts for rows without their own short text. */
const defaultShorts: Readonly<Record<ImpactSeverity, string>> = {
  "loses data": "loses data",
  "can't be undone": "has changes that can't be undone",
  "loses protection": "removes a protection",
  interrupts: "interrupts services in use",
  restarts: "restarts nodes or services",
};

export interface ImpactRow {
  readonly type: RegExp;
  /** Whether the row applies to a change: by its operation and fields, and by the resource's name and its parents' types. */
  readonly when: (change: ResourceChange) => boolean;
  readonly impact: (change: ResourceChange) => Impact;
}

export const isRemoval = ({ operation }: ResourceChange): boolean => operation === "delete" || operation === "replace";
export const updatesFields =
  (...fields: readonly string[]) =>
  ({ operation, fields: changed }: ResourceChange): boolean =>
    operation === "update" &&
    (fields.length === 0 || changed.some((path) => fields.some((field) => path === field || path.startsWith(`${field}.`))));
export const isInside =
  (type: string) =>
  ({ urn }: ResourceChange): boolean =>
    typesOf(urn).includes(type);
export const allOf =
  (...tests: readonly ((change: ResourceChange) => boolean)[]) =>
  (change: ResourceChange): boolean =>
    tests.every((test) => test(change));
export const hasName =
  (pattern: RegExp) =>
  ({ name }: ResourceChange): boolean =>
    pattern.test(name);
export const impact =
  (severity: ImpactSeverity, text: string, short: string = defaultShorts[severity]) =>
  (): Impact => ({ severity, text, short });

export const isMaster = hasName(/^masters-\d+$/);
export const isWorker = hasName(/^(workers|infra)-\d+$/);
