import { type Document, parseDocument, type Tags } from "yaml";

/**
 * Tags that change the meaning of a text when it is written back: dates get a time, and JavaScript's maps become ordered ones. Go's parser has
 * none of them (kubernetes-sigs/yaml, v1.4.0).
 */
const LEFT_OUT = ["binary", "omap", "pairs", "set", "timestamp"].map((name) => `tag:yaml.org,2002:${name}`);

/**
 * Parses a text as YAML 1.1, which Kubernetes' components read: `yes` and `0644` are a boolean and an octal number. The document keeps
 * comments, and writes values that nobody changes as they were.
 *
 * @throws Error with the line and the kind of the first mistake; it does not quote the text, which may hold secrets
 */
export function parseYaml11(text: string): Document.Parsed {
  const document = parseDocument(text, {
    version: "1.1",
    customTags: (tags: Tags) => tags.filter((tag) => typeof tag === "string" || !LEFT_OUT.includes(tag.tag)),
    intAsBigInt: true,
    prettyErrors: true,
    logLevel: "error",
  });
  const [mistake] = document.errors;
  if (document.errors.length > 0) throw new Error(`line ${mistake.linePos?.[0].line ?? 1} is not valid YAML (${mistake.code})`);
  return document;
}
