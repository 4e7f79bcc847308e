/** The layers of an installation, the lowest first. While a layer is broken, the layers above it can't work. */
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

/** A problem that a check found. */
export interface Finding {
  readonly layer: Layer;
  /** The problem, with names and values; one sentence without the full stop. */
  readonly problem: string;
  /** The action that the user can take; without the full stop. */
  readonly remedy: string;
  /** Observed facts, one per entry. */
  readonly evidence?: readonly string[];
}

/** Sorts findings by layer, the lowest first; within a layer the order stays. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((one, other) => layers.indexOf(one.layer) - layers.indexOf(other.layer));
}

/** Another program's message on one line without its final full stop, to be part of a sentence. */
export function oneLine(message = "no message"): string {
  return message.replace(/\s+/g, " ").trim().replace(/\.$/, "");
}

/** Remedy for a resource of this stack that somebody changed or deleted. */
export const RESTORE_REMEDY = "run `pulumi refresh` and then `pulumi up`, which restore the stack's resources";

/**
 * The findings as text for a terminal: the likely cause in the first line, then the other findings, then the path of the archive.
 *
 * @param archive path of the archive with the evidence; undefined if there is none.
 */
export function findingsText(findings: readonly Finding[], archive?: string): string {
  const [cause, ...others] = findings;
  const lines =
    (cause as Finding | undefined) === undefined
      ? ["The diagnosis found no problem, neither in AWS nor in the cluster's own status."]
      : [`The first layer that fails is ${withArticle(cause.layer)}: ${cause.problem}.`, ...details(cause)];
  if (others.length > 0) lines.push("", "Further problems, which may be consequences of it:");
  for (const finding of others) lines.push(`- ${finding.layer}: ${finding.problem}.`, ...details(finding));
  if (archive !== undefined) lines.push("", `The evidence is in ${archive}`);
  return `${lines.join("\n")}\n`;
}

function details({ remedy, evidence = [] }: Finding): string[] {
  return [`  Remedy: ${remedy}.`, ...evidence.map((fact) => `  Seen: ${fact}`)];
}

function withArticle(layer: Layer): string {
  return layer === "DNS" || layer === "ignition" ? layer : `the ${layer}`;
}
