import { mermaid } from "./mermaid";
import type { Topology } from "./model";

/** The most that GitHub draws of a diagram (Mermaid, configuration "maxTextSize"); above it shows an error in its place. */
const MOST_OF_A_DIAGRAM = 50_000;

/** The picture as a part of a comment, folded up; nothing, where it has no room, or is more than is drawn. */
export function pictureForComment(topology: Topology, room: number): string {
  const picture = mermaid(topology);
  const text = `\n<details><summary>The stack's topology</summary>\n\n\`\`\`mermaid\n${picture}\`\`\`\n\n</details>\n`;
  return picture.length > MOST_OF_A_DIAGRAM || text.length > room ? "" : text;
}
