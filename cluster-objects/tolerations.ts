import type { Placement, Toleration } from "../config/machines/settings";

/** Tolerations in the API's format. */
export function tolerationsOf(tolerations: readonly Toleration[]): object[] {
  return tolerations.map(({ value, ...rest }) => ({
    ...rest,
    ...(value === undefined ? { operator: "Exists" } : { operator: "Equal", value }),
  }));
}

/** Node selector and tolerations in the API's format. */
export function placementFields({ nodeSelector, tolerations }: Placement): {
  readonly nodeSelector: object;
  readonly tolerations: object[];
} {
  return { nodeSelector, tolerations: tolerationsOf(tolerations) };
}
