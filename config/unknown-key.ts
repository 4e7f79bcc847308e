import { distance } from "fastest-levenshtein";
import { type Finding, removeCommand } from "./finding";
import { KEY_NAMES, type KeyName, PROJECT } from "./schema";

/** Edits between a wrong key and the name that is meant, at most; beyond it a suggestion would be a guess. */
const MOST_EDITS = 4;

/** The finding for a key that doesn't exist, with the one that was probably meant. */
export function unknownKey(name: string): Finding {
  const allowed = "the keys in docs/configuration.md";
  if (name === "region") {
    return {
      key: name,
      wrong: "is the AWS provider's key, not this project's",
      allowed,
      fix: `${removeCommand(name)}, and pulumi config set aws:region instead`,
    };
  }
  const nearest = nearestKey(name);
  return {
    key: name,
    wrong: nearest === undefined ? "is not a key" : `is not a key: did you mean ${nearest}?`,
    allowed,
    fix: removeCommand(name) + (nearest === undefined ? "" : `, and set ${nearest} instead`),
  };
}

/** Namespaces of providers and of Pulumi itself, some of whose keys have the names of this project's. */
const NAMESPACES = ["aws", "command", "kubernetes", "pulumi", "pulumi-nodejs"];

/** Findings for keys in a misspelt namespace, which nothing reads: with okd-asw:publish a private cluster would be public. */
export function unknownNamespaces(raw: Readonly<Record<string, unknown>>): Finding[] {
  return Object.keys(raw).flatMap((key) => {
    const [namespace = "", ...rest] = key.split(":");
    const name = rest.join(":");
    if (rest.length === 0 || namespace === PROJECT || NAMESPACES.includes(namespace)) return [];
    const isMeant = distance(namespace.toLowerCase(), PROJECT) <= MOST_EDITS || (KEY_NAMES as readonly string[]).includes(name);
    if (!isMeant) return [];
    return [
      {
        key,
        wrong: `is in a namespace that nothing reads: did you mean ${PROJECT}:${name}?`,
        allowed: `keys of ${PROJECT}, and of providers such as aws`,
        fix: `${removeCommand(key)}, and set ${PROJECT}:${name} instead`,
      },
    ];
  });
}

/** A key that has all words of the name, such as sshPublicKey for sshKey, before one that is spelt like it. */
function nearestKey(name: string): KeyName | undefined {
  const words = wordsOf(name);
  const ranked = KEY_NAMES.map((known) => ({
    known,
    edits: distance(name.toLowerCase(), known.toLowerCase()),
    hasWords: words.length > 1 && words.every((word) => wordsOf(known).includes(word)),
  }));
  const candidates = ranked.some(({ hasWords }) => hasWords) ? ranked.filter(({ hasWords }) => hasWords) : ranked;
  const nearest = candidates.reduce((best, next) => (next.edits < best.edits ? next : best));
  return nearest.hasWords || nearest.edits <= Math.min(MOST_EDITS, Math.ceil(name.length / 2)) ? nearest.known : undefined;
}

/** The words of a name, whether they are joined by capitals, hyphens or underscores. */
function wordsOf(name: string): string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
}
