import { parser } from "@prometheus-io/lezer-promql";

/** The metrics and labels that an expression names. @throws Error if it is not PromQL */
export function namesIn(expression: string): { readonly metrics: ReadonlySet<string>; readonly labels: ReadonlySet<string> } {
  const [metrics, labels] = [new Set<string>(), new Set<string>()];
  parser.parse(expression).iterate({
    enter: ({ name, from, to, type }) => {
      if (type.isError) throw new Error(`${expression} is not PromQL at ${from}`);
      if (name === "Identifier") metrics.add(expression.slice(from, to));
      if (name === "LabelName") labels.add(expression.slice(from, to));
    },
  });
  return { metrics, labels };
}
