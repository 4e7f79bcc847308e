/** A selector of objects by their labels, as Kubernetes has it; an empty one selects everything. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly Requirement[];
}

/** What is asked of one label. */
export interface Requirement {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  readonly values?: readonly string[];
}

/** Everything that a selector asks, `matchLabels` among it. */
export function requirementsOf({ matchLabels = {}, matchExpressions = [] }: LabelSelector): Requirement[] {
  const labels = Object.entries(matchLabels).map(([key, value]): Requirement => ({ key, operator: "In", values: [value] }));
  return [...labels, ...matchExpressions];
}

/** Whether a selector selects what has these labels (Kubernetes, "Labels and Selectors": `NotIn` also selects what lacks the label). */
export function selects(selector: LabelSelector, labels: Readonly<Record<string, string>>): boolean {
  return requirementsOf(selector).every(({ key, operator, values = [] }) => {
    const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
    switch (operator) {
      case "In":
        return value !== undefined && values.includes(value);
      case "NotIn":
        return value === undefined || !values.includes(value);
      case "Exists":
        return value !== undefined;
      case "DoesNotExist":
        return value === undefined;
    }
  });
}

/**
 * Whether no object whatever can be selected by all of the selectors at once. Labels don't depend on each other, so it is enough to look at one
 * label at a time; a label that has to be there and may not have a few values always finds another one.
 *
 * @param always labels that every object in question has.
 */
export function disjoint(selectors: readonly LabelSelector[], always: readonly string[] = []): boolean {
  const all = selectors.flatMap(requirementsOf);
  const keys = new Set(all.map(({ key }) => key));
  return [...keys].some((key) => {
    const ofKey = all.filter((each) => each.key === key);
    const positive = ofKey.filter(({ operator }) => operator === "In").map(({ values = [] }) => values);
    const present = positive.length > 0 || ofKey.some(({ operator }) => operator === "Exists") || always.includes(key);
    if (!present) return false;
    if (ofKey.some(({ operator }) => operator === "DoesNotExist")) return true;
    if (positive.length === 0) return false;
    const forbidden = ofKey.filter(({ operator }) => operator === "NotIn").flatMap(({ values = [] }) => values);
    return !positive[0].some((value) => positive.every((values) => values.includes(value)) && !forbidden.includes(value));
  });
}

/** What selects exactly the objects that a requirement does not. */
export function negated({ key, operator, values }: Requirement): Requirement {
  const opposite = { In: "NotIn", NotIn: "In", Exists: "DoesNotExist", DoesNotExist: "Exists" } as const;
  return { key, operator: opposite[operator], ...(values && { values }) };
}
