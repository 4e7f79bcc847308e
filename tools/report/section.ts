import { type Child, element, type Markup } from "../../lib/markup";

/** A section of the page. */
export function section(title: string, ...content: readonly Child[]): Markup {
  return element("section", {}, element("h2", {}, title), ...content);
}

/** A table. With more than two columns it becomes a list on narrow screens. Without rows it is only the word "None.". */
export function tableMarkup(columns: readonly string[], rows: readonly (readonly Child[])[], numeric: readonly number[] = []): Markup {
  if (rows.length === 0) return note("None.");
  const kind = (column: number) => (numeric.includes(column) ? "number" : undefined);
  const cells = (row: readonly Child[]) =>
    row.map((cell, column) => element("td", { "data-label": columns[column], class: kind(column) }, cell));
  return element(
    "table",
    { class: columns.length > 2 ? "many" : undefined },
    element("thead", {}, element("tr", {}, ...columns.map((name, column) => element("th", { scope: "col", class: kind(column) }, name)))),
    element("tbody", {}, ...rows.map((row) => element("tr", {}, ...cells(row)))),
  );
}

export function note(...content: readonly Child[]): Markup {
  return element("p", { class: "note" }, ...content);
}

export function code(text: string): Markup {
  return element("code", {}, text);
}

/** Highlighted text that needs the reader's attention. */
export function alert(text: string): Markup {
  return element("strong", { class: "alert" }, text);
}
