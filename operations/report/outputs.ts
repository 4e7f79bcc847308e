import { element, type Markup } from "../markup/element";
import { holdsSecret } from "./secret";
import { code, section, table } from "./section";

/** A stack's outputs; of a secret there is only the line that shows it. */
export function outputsSection(outputs: Readonly<Record<string, unknown>>, stack: string): Markup {
  const rows = Object.entries(outputs)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => [code(name), holdsSecret(value) ? hidden(name, stack) : shown(value)]);
  return section("Outputs", table(["Output", "Value"], rows));
}

function hidden(name: string, stack: string): Markup {
  const argument = (text: string) => (/^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
  return element("span", {}, "secret: ", code(`pulumi stack output --stack ${argument(stack)} --show-secrets ${argument(name)}`));
}

function shown(value: unknown): Markup {
  const values = Array.isArray(value) ? (value as unknown[]) : [value];
  return element("span", {}, ...values.map((each) => element("div", {}, typeof each === "string" ? each : JSON.stringify(each))));
}
