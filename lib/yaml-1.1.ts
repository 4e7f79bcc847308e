import { type Document, type Node, parseDocument, type Tags, visit } from "yaml";

/**
 * Tags that change the meaning of a text when it is written back: dates get a time, and maps become ordered maps. Go's parser
 * (kubernetes-sigs/yaml, v1.4.0, `goyaml.v2/resolve.go` and `decode.go`) has no `omap`, `pairs` and `set`, reads a date as a text, and decodes
 * `binary` only when it reads the text.
 */
const LEFT_OUT = ["binary", "omap", "pairs", "set", "timestamp"].map((name) => `tag:yaml.org,2002:${name}`);

/**
 * Parses a text as YAML 1.1, which Kubernetes' components read: `yes` and `0644` are a boolean and an octal number. The document keeps comments,
 * and writes values that nobody changes as they were.
 *
 * @throws Error with the line and the kind of the first mistake, or if the text has aliases: a change of an aliased value would change other
 *   places, too. The error does not quote the text, which may contain secrets.
 */
export function parseYaml11(text: string): Document.Parsed {
  const document = parseDocument(text, {
    version: "1.1",
    customTags: (tags: Tags) => tags.filter((tag) => typeof tag === "string" || !LEFT_OUT.includes(tag.tag)),
    intAsBigInt: true,
    logLevel: "error",
  });
  const [mistake] = document.errors;
  if (document.errors.length > 0) throw new Error(`line ${mistake.linePos?.[0].line ?? 1} is not valid YAML (${mistake.code})`);
  visit(document, {
    Alias: () => {
      throw new Error("it has YAML aliases (*name), which cannot be merged: write their values out");
    },
  });
  return document;
}

/** A node with a value, for a document of {@link parseYaml11}. */
export function nodeOf(document: Document, value: unknown): Node {
  return document.createNode(value, { aliasDuplicateObjects: false });
}

/** The text of a document, without folded lines. */
export function writeYaml11(document: Document): string {
  return document.toString({ lineWidth: 0 });
}
