import { isDeepStrictEqual } from "node:util";
import { parseYaml11 } from "../../lib/yaml-1.1";

type Fields = Readonly<Record<string, unknown>>;

/**
 * The components that have volumes and get another node selector, such as `prometheusK8s`. A volume stays in its zone (AWS, "Amazon EBS
 * volumes"), so its pod needs one of the new nodes there.
 *
 * @param text the text that the operator has now, a YAML map or empty
 * @param own the fields that are merged into it
 */
export function movedVolumes(text: string, own: object): string[] {
  const now = (parseYaml11(text).toJS() ?? {}) as Fields;
  return Object.entries(own as Record<string, Fields | undefined>)
    .filter(([component, fields]) => {
      const { volumeClaimTemplate, nodeSelector } = (now[component] ?? {}) as Fields;
      const wanted = fields?.nodeSelector;
      return volumeClaimTemplate != null && wanted !== undefined && !isDeepStrictEqual(nodeSelector, wanted);
    })
    .map(([component]) => component);
}
