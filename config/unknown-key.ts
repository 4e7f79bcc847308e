import { distance } from "fastest-levenshtein";
import { type KeyProblem, removeCommand } from "./problem";
import { KEY_NAMES, type KeyName, PROJECT } from "./schema";

/** Maximum edit distance between a wrong key and a suggestion; with a larger distance a suggestion would be a guess. */
const MAX_EDITS = 4;

/** The problem of an unknown key, with the most similar key. */
export function unknownKey(name: string): KeyProblem {
  const allowed = "the keys in docs/configuration.md";
  if (name === "region") {
    return {
      key: name,
      wrong: "is a key of the AWS provider, not of this project",
      allowed,
      fix: `${removeCommand(name)}, and pulumi config set aws:region instead`,
    };
  }
  const nearest = nearestKey(name);
  return {
    key: name,
    wrong: nearest === undefined ? "is not a known key" : `is not a known key; did you mean ${nearest}?`,
    allowed,
    fix: removeCommand(name) + (nearest === undefined ? "" : `, and set ${nearest} instead`),
  };
}

/** Namespaces of providers and of Pulumi itself; some of their keys have the same name as a key of this project. */
const NAMESPACES = ["aws", "command", "kubernetes", "pulumi", "pulumi-nodejs"];

/** Problems of keys in a misspelled namespace, which nothing reads: with okd-asw:publish a private cluster would become public. */
export function unknownNamespaces(raw: Readonly<Record<string, unknown>>): KeyProblem[] {
  return Object.keys(raw).flatMap((key) => {
    const [namespace = "", ...rest] = key.split(":");
    const name = rest.join(":");
    if (rest.length === 0 || namespace === PROJECT || NAMESPACES.includes(namespace)) return [];
    const isMeant = distance(namespace.toLowerCase(), PROJECT) <= MAX_EDITS || (KEY_NAMES as readonly string[]).includes(name);
    if (!isMeant) return [];
    return [
      {
        key,
        wrong: `is in a namespace that nothing reads; did you mean ${PROJECT}:${name}?`,
        allowed: `keys of ${PROJECT} and of providers such as aws`,
        fix: `${removeCommand(key)}, and set ${PROJECT}:${name} instead`,
      },
    ];
  });
}

/**
 * The most similar key. A key that contains all words of the name, such as sshPublicKey for sshKey, is preferred to one with similar
 * spelling.
 */
function nearestKey(name: string): KeyName | undefined {
  const words = wordsOf(name);
  const ranked = KEY_NAMES.map((known) => ({
    known,
    edits: distance(name.toLowerCase(), known.toLowerCase()),
    hasWords: words.length > 1 && words.every((word) => wordsOf(known).includes(word)),
  }));
  const candidates = ranked.some(({ hasWords }) => hasWords) ? ranked.filter(({ hasWords }) => hasWords) : ranked;
  const nearest = candidates.reduce((best, next) => (next.edits < best.edits ? next : best));
  return nearest.hasWords || nearest.edits <= Math.min(MAX_EDITS, Math.ceil(name.length / 2)) ? nearest.known : undefined;
}

/** The words of a name in camelCase, or joined by hyphens or underscores. */
function wordsOf(name: string): string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
}
