import { recordValue } from "../../lib/pulumi/resource";
import { element, type Markup } from "../../lib/markup";
import { holdsSecret } from "./secret";
import { code, section, tableMarkup } from "./section";

/** The stack's outputs. For a secret there is only the command that prints it. */
export function outputsSection(outputs: Readonly<Record<string, unknown>>, stack: string): Markup {
  const rows = Object.entries(outputs)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => [code(name), holdsSecret(value) ? hiddenOutput(name, stack) : outputMarkup(value)]);
  return section("Outputs", tableMarkup(["Output", "Value"], rows));
}

function hiddenOutput(name: string, stack: string): Markup {
  const argument = (text: string) => (/^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
  return element("span", {}, "secret: ", code(`pulumi stack output --stack ${argument(stack)} --show-secrets ${argument(name)}`));
}

/** A formatted value: each entry of a list on its own line, each field of an object with its name. */
function outputMarkup(value: unknown): Markup {
  if (Array.isArray(value))
    return value.length === 0 ? element("span", { class: "note" }, "None.") : element("div", {}, ...value.map(outputMarkup));
  const fields = recordValue(value);
  return fields === undefined ? element("div", {}, String(value)) : element("div", {}, ...Object.entries(fields).map(field));
}

function field([name, value]: readonly [string, unknown]): Markup {
  const label = (text: string) => element("span", { class: "note" }, text);
  return typeof value === "object" && value !== null
    ? element("div", {}, label(name), element("div", { class: "fields" }, outputMarkup(value)))
    : element("div", {}, label(`${name}: `), String(value));
}
