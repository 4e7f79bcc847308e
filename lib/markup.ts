/** Markup that is already escaped. A plain text becomes markup only as a child or attribute of an element, which escapes it. */
export class Markup {
  constructor(readonly source: string) {}
}

export type Child = Markup | string | number | readonly Child[];
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** HTML elements without an end tag (HTML standard, "void elements"). */
const VOID = new Set(["meta", "br", "hr", "link"]);

/** An HTML or SVG element. Its texts are escaped. */
export function element(name: string, attributes: Attributes, ...children: readonly Child[]): Markup {
  const given = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeText(String(value))}"`);
  const start = `<${name}${given.join("")}>`;
  return new Markup(VOID.has(name) ? start : `${start}${children.map(sourceOf).join("")}</${name}>`);
}

function sourceOf(child: Child): string {
  if (child instanceof Markup) return child.source;
  return typeof child === "object" ? child.map(sourceOf).join("") : escapeText(String(child));
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Control characters except tab and line feed: XML can't contain them, not even escaped (XML 1.0, production 2). */
const IMPOSSIBLE = /(?![\t\n])\p{Cc}|\p{Cs}/gu;

function escapeText(text: string): string {
  return text.replaceAll(IMPOSSIBLE, "\ufffd").replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign]);
}
