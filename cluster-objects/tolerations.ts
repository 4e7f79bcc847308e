import type { Toleration } from "../config/machines/settings";

/** Tolerations in the API's format. */
export function tolerationsOf(tolerations: readonly Toleration[]): object[] {
  return tolerations.map(({ value, ...rest }) => ({
    ...rest,
    ...(value === undefined ? { operator: "Exists" } : { operator: "Equal", value }),
  }));
}
