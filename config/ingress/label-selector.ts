/** A Kubernetes label selector; an empty one selects everything. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly Requirement[];
}

/** A requirement for one label. */
export interface Requirement {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  readonly values?: readonly string[];
}

/**
 * Label of every namespace. The API server sets it to the namespace's name, whatever a request says (kubernetes/kubernetes,
 * `pkg/apis/core/v1/defaults.go`, SetDefaults_Namespace, main).
 */
export const NAMESPACE_NAME = "kubernetes.io/metadata.name";

/** All requirements of a selector, including `matchLabels`. */
export function requirementsOf({ matchLabels = {}, matchExpressions = [] }: LabelSelector): Requirement[] {
  const labels = Object.entries(matchLabels).map(([key, value]): Requirement => ({ key, operator: "In", values: [value] }));
  return [...labels, ...matchExpressions];
}

/**
 * Whether a selector selects an object with these labels (Kubernetes, "Labels and Selectors": `NotIn` also selects objects without the
 * label).
 */
export function selectorMatches(selector: LabelSelector, labels: Readonly<Record<string, string>>): boolean {
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
 * Labels with which an object matches the selector, unless requirements of one label exclude each other ({@link areDisjoint}). Labels that the
 * object does not need are left out.
 */
export function selectedLabels(selector: LabelSelector): Readonly<Record<string, string>> {
  const all = requirementsOf(selector);
  const present = all.filter(({ operator }) => operator === "In" || operator === "Exists");
  return Object.fromEntries(
    [...new Set(present.map(({ key }) => key))].map((key) => {
      const ofKey = { matchExpressions: all.filter((each) => each.key === key) };
      const given = present.flatMap((each) => (each.key === key ? (each.values ?? []) : []));
      // If the label must only exist, every value matches except those of NotIn. `free` has more values than NotIn can exclude.
      const free = ["", ...ofKey.matchExpressions.flatMap(({ values = [] }) => values).map((_, index) => `value-${index + 1}`), "other"];
      return [key, [...given, ...free].find((value) => selectorMatches(ofKey, { [key]: value })) ?? ""];
    }),
  );
}

/**
 * Whether no object can be selected by all of the selectors at once. Labels are independent of each other, so it is enough to check each
 * label alone. A label that must exist and only excludes some values can always have another value.
 *
 * @param always labels that every object has.
 */
export function areDisjoint(selectors: readonly LabelSelector[], always: readonly string[] = []): boolean {
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

/**
 * The smallest set of labels with which an object matches all selectors; undefined if there is none.
 *
 * @param fixed labels that the object has in any case, whose values can't be chosen. The result does not have them.
 */
export function selectableLabels(
  selectors: readonly LabelSelector[],
  fixed: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> | undefined {
  const all = selectors.flatMap(requirementsOf);
  const labels = Object.fromEntries(
    [...new Set(all.map(({ key }) => key))].flatMap((key) => {
      const ofKey = all.filter((each) => each.key === key);
      if (Object.hasOwn(fixed, key) || !ofKey.some(({ operator }) => operator === "In" || operator === "Exists")) return [];
      const named = ofKey.flatMap(({ values = [] }) => values);
      // If the label must only exist, NotIn can't exclude all of the values that are added here.
      const candidates = [...named, "true", ...named.map((_, index) => `example-${index}`)];
      const value = candidates.find((each) => ofKey.every((one) => selectorMatches({ matchExpressions: [one] }, { [key]: each })));
      return value === undefined ? [] : [[key, value]];
    }),
  );
  return selectors.every((each) => selectorMatches(each, { ...labels, ...fixed })) ? labels : undefined;
}

/** The requirement that selects exactly the objects that the given one does not. */
export function negateRequirement({ key, operator, values }: Requirement): Requirement {
  const opposite = { In: "NotIn", NotIn: "In", Exists: "DoesNotExist", DoesNotExist: "Exists" } as const;
  return { key, operator: opposite[operator], ...(values && { values }) };
}
