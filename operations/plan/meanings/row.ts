import type { Change } from "../change";
import { typesOf } from "../../urn";

/** How bad a change is when it was not meant, worst first. */
export const severities = ["loses data", "can't be undone", "loses its guard", "interrupts", "restarts"] as const;
export type Severity = (typeof severities)[number];

/** What changes mean for who uses the cluster: several of a kind are one meaning. */
export interface Meaning {
  readonly severity: Severity;
  /** A sentence's predicate without the resources: "restarts all masters, one by one". */
  readonly text: string;
  /** The same for a headline. */
  readonly short: string;
}

/** What a headline says where a row has nothing shorter of its own. */
const standing: Readonly<Record<Severity, string>> = {
  "loses data": "loses data",
  "can't be undone": "can't be undone in part",
  "loses its guard": "takes a guard away",
  interrupts: "interrupts what is in use",
  restarts: "restarts nodes or services",
};

export interface Row {
  readonly type: RegExp;
  /** Of a change: its operation, the fields that change, the resource's name and the types of its parents. */
  readonly when: (change: Change) => boolean;
  readonly meaning: (change: Change) => Meaning;
}

export const gone = ({ operation }: Change): boolean => operation === "delete" || operation === "replace";
export const updates =
  (...fields: readonly string[]) =>
  ({ operation, fields: changed }: Change): boolean =>
    operation === "update" &&
    (fields.length === 0 || changed.some((path) => fields.some((field) => path === field || path.startsWith(`${field}.`))));
export const within =
  (type: string) =>
  ({ urn }: Change): boolean =>
    typesOf(urn).includes(type);
export const both =
  (...tests: readonly ((change: Change) => boolean)[]) =>
  (change: Change): boolean =>
    tests.every((test) => test(change));
export const named =
  (pattern: RegExp) =>
  ({ name }: Change): boolean =>
    pattern.test(name);
export const means =
  (severity: Severity, text: string, short: string = standing[severity]) =>
  (): Meaning => ({ severity, text, short });

export const isMaster = named(/^masters-\d+$/);
export const isWorker = named(/^(workers|infra)-\d+$/);
