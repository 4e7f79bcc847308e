import { isDeepStrictEqual } from "node:util";
import { parseYaml11 } from "../../lib/yaml-1.1";

type Fields = Readonly<Record<string, unknown>>;

/**
 * The components that have volumes and get another node selector, such as `prometheusK8s`. A volume stays in its zone (AWS, "Amazon EBS
 * volumes"), so its pod can start only if a node in this zone matches the new node selector.
 *
 * @param text the ConfigMap's current text. A text that {@link parseYaml11} refuses counts as a text without volumes; so there is no warning for a
 *   text with YAML aliases, which the operator may be able to read
 * @param own the fields that are merged into the text
 */
export function movedVolumes(text: string, own: object): string[] {
  const now = fieldsIn(text);
  return Object.entries(own as Record<string, Fields | undefined>)
    .filter(([component, fields]) => {
      const { volumeClaimTemplate, nodeSelector } = (now[component] ?? {}) as Fields;
      const wanted = fields?.nodeSelector;
      return volumeClaimTemplate != null && wanted !== undefined && !isDeepStrictEqual(nodeSelector, wanted);
    })
    .map(([component]) => component);
}

function fieldsIn(text: string): Fields {
  try {
    return (parseYaml11(text).toJS() ?? {}) as Fields;
  } catch {
    return {};
  }
}
