import { isDeepStrictEqual } from "node:util";
import { parseYaml11 } from "../../lib/yaml-1.1";

type Fields = Readonly<Record<string, unknown>>;

/**
 * The components that have volumes and get another node selector, such as `prometheusK8s`. A volume stays in its zone (AWS, "Amazon EBS
 * volumes"), so its pod needs one of the new nodes there.
 *
 * @param text the text that the operator has now. One that cannot be read has no volumes: the operator does not read it either, and the
 * update replaces it
 * @param own the fields that are merged into it
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
