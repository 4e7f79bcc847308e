import { ownValue } from "../../lib/own-value";
import { type ResourceChange, type ResourceProperties } from "../../lib/pulumi/change";
import { holdsUnknown } from "./changed-paths";

/** A resource that is deleted and created again with the same inputs, under another URN. */
export interface Rename {
  readonly from: string;
  readonly to: string;
}

/**
 * Finds resources that only got another name or parent in the program: a deletion and a creation of the same type whose known inputs are
 * equal. The Pulumi engine treats such a pair as two resources, unless the program gives the new resource an alias.
 */
export function renamesOf(changes: readonly ResourceChange[]): Rename[] {
  const created = changes.filter(({ operation }) => operation === "create");
  return changes
    .filter(({ operation }) => operation === "delete")
    .flatMap((gone): Rename[] => {
      const index = created.findIndex((come) => come.type === gone.type && agree(gone.before, come.after));
      if (index < 0) return [];
      const [come] = created.splice(index, 1);
      return [{ from: gone.name, to: come.name }];
    });
}

/** Whether two resources may be the same: at least one input is known, and all known inputs are equal. */
function agree(before: ResourceProperties, after: ResourceProperties): boolean {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => !name.startsWith("__"));
  const known = names.filter((name) => !holdsUnknown(ownValue(after, name)) && !holdsUnknown(ownValue(before, name)));
  return known.length > 0 && known.every((name) => sortedJson(ownValue(before, name)) === sortedJson(ownValue(after, name)));
}

function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? Object.fromEntries(
          Object.entries(each)
            .filter(([name]) => !name.startsWith("__"))
            .sort(([one], [other]) => (one < other ? -1 : 1)),
        )
      : each,
  );
}
