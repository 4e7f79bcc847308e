/** What an installation stands on, from the ground up: as long as one layer is broken, those above it can't work. */
export const layers = [
  "DNS",
  "load balancer",
  "security group",
  "route",
  "ignition",
  "registry",
  "certificates",
  "certificate approver",
  "API",
  "operators",
] as const;

export type Layer = (typeof layers)[number];

/** One thing that is wrong. */
export interface Finding {
  readonly layer: Layer;
  /** What is wrong, with names and values; one sentence without its full stop. */
  readonly problem: string;
  /** What to do about it. */
  readonly remedy: string;
  /** What was seen, one fact per entry. */
  readonly evidence?: readonly string[];
}

/** The findings from the ground up; those of one layer keep their order. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((one, other) => layers.indexOf(one.layer) - layers.indexOf(other.layer));
}

/** Somebody's words as part of a finding's sentence. */
export function oneLine(message = "it says nothing"): string {
  return message.replace(/\s+/g, " ").trim().replace(/\.$/, "");
}

/** What to do about anything that this program made and somebody changed. */
export const restore = "run `pulumi refresh` and then `pulumi up`, which put back what this stack declares";

/**
 * Text for a terminal: the cause in the first line, then the rest, then where the evidence lies.
 *
 * @param archive path of what was gathered, if it was.
 */
export function describe(findings: readonly Finding[], archive?: string): string {
  const [cause, ...others] = findings;
  const lines =
    (cause as Finding | undefined) === undefined
      ? ["The diagnosis found nothing wrong: neither in AWS nor in what the cluster says of itself."]
      : [`The first layer that fails is ${withArticle(cause.layer)}: ${cause.problem}.`, ...details(cause)];
  if (others.length > 0) lines.push("", "Also found, which may follow from it:");
  for (const finding of others) lines.push(`- ${finding.layer}: ${finding.problem}.`, ...details(finding));
  if (archive !== undefined) lines.push("", `The evidence lies in ${archive}`);
  return `${lines.join("\n")}\n`;
}

function details({ remedy, evidence = [] }: Finding): string[] {
  return [`  Remedy: ${remedy}.`, ...evidence.map((fact) => `  Seen: ${fact}`)];
}

function withArticle(layer: Layer): string {
  return layer === "DNS" || layer === "ignition" ? layer : `the ${layer}`;
}
