import { type Resource, resourcesOfPlan } from "../cost/resource";
import { pictureForComment } from "../topology/comment";
import { topologyOf } from "../topology/model";
import type { Preview } from "./change";
import { isWhole } from "./cost";
import { failed } from "./preview";
import type { Insert } from "./show";

/** The picture of what stands after a plan; none where only what changes is known, since a part looks like a whole, or where nothing stands. */
export function pictureOf(preview: Preview, state: readonly Resource[]): Insert {
  if (failed(preview) || !isWhole(preview, state)) return () => "";
  const { after } = resourcesOfPlan(preview, state);
  if (!after.some(({ type }) => type.startsWith("aws:"))) return () => "";
  return (room) => pictureForComment(topologyOf(after), room);
}
