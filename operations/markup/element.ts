/** Markup that is escaped already: a text becomes some only as a child or an attribute of an element. */
export class Markup {
  constructor(readonly source: string) {}
}

export type Child = Markup | string | number | readonly Child[];
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** Elements of HTML that have no end tag (HTML standard, "void elements"). */
const VOID = new Set(["meta", "br", "hr", "link"]);

/** An element of HTML or SVG. Whatever its texts hold, they stay texts. */
export function element(name: string, attributes: Attributes, ...children: readonly Child[]): Markup {
  const given = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escaped(String(value))}"`);
  const start = `<${name}${given.join("")}>`;
  return new Markup(VOID.has(name) ? start : `${start}${children.map(sourceOf).join("")}</${name}>`);
}

function sourceOf(child: Child): string {
  if (child instanceof Markup) return child.source;
  return typeof child === "object" ? child.map(sourceOf).join("") : escaped(String(child));
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Control characters but tab and line feed: they can be in no XML, not even escaped (XML 1.0, production 2). */
const IMPOSSIBLE = /(?![\t\n])\p{Cc}|\p{Cs}/gu;

function escaped(text: string): string {
  return text.replaceAll(IMPOSSIBLE, "\ufffd").replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign]);
}
