/**
 * A problem that a check found: of the configuration, in the preflight, of a policy, or of the definition of a Kubernetes object. The check
 * knows its subject: a configuration key, a resource, or a field of an object.
 */
export interface Problem {
  /** The problem, as words that follow the subject's name: "is longer than 54 characters". */
  readonly wrong: string;
  /** The value; absent if it is not set or secret. */
  readonly value?: string;
  /** The allowed values; absent if the check does not know them. */
  readonly allowed?: string;
  /** The likely fix, if possible a command to copy; absent if the check does not know it. */
  readonly fix?: string;
}

/** A problem with everything that the user needs to correct it (docs/style.md, rule 9). */
export interface CompleteProblem extends Problem {
  readonly allowed: string;
  readonly fix: string;
}

/**
 * Formats a problem for users: the problem, then a line for each of its other parts, which the caller indents.
 *
 * @param subject name of the subject; undefined if the user sees it next to the message
 */
export function problemLines({ wrong, value, allowed, fix }: Problem, subject?: string): string[] {
  const part = (label: string, text: string | undefined): string[] => (text === undefined ? [] : [label.padEnd("allowed: ".length) + text]);
  return [
    subject === undefined ? wrong : `${subject} ${wrong}`,
    ...part("value:", value),
    ...part("allowed:", allowed),
    ...part("fix:", fix),
  ];
}
