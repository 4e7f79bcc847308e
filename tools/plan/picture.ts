import { type Resource, resourcesOfPlan } from "../../lib/pulumi/resource";
import { pictureForComment } from "../topology/comment";
import type { Preview } from "../../lib/pulumi/change";
import { topologyOf } from "../topology/topology";
import { isWhole } from "./cost";
import { hasErrors } from "./preview";
import type { Insert } from "./show";

/**
 * The diagram of the stack after a plan. There is no diagram if only the changes are known, because a part would look like the whole stack, or if the stack is
 * empty.
 */
export function pictureOf(preview: Preview, state: readonly Resource[]): Insert {
  if (hasErrors(preview) || !isWhole(preview, state)) return () => "";
  const { after } = resourcesOfPlan(preview, state);
  if (!after.some(({ type }) => type.startsWith("aws:"))) return () => "";
  return (room) => pictureForComment(topologyOf(after), room);
}
