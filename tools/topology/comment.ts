import { mermaid } from "./mermaid";
import type { Topology } from "./model";

/** Most characters of a diagram that GitHub draws (Mermaid, configuration "maxTextSize"); for a longer one it shows an error. */
const MOST_OF_A_DIAGRAM = 50_000;

/** The diagram as a collapsed part of a comment; empty if it does not fit, or is too long to be drawn. */
export function pictureForComment(topology: Topology, room: number): string {
  const picture = mermaid(topology);
  const text = `\n<details><summary>The stack's topology</summary>\n\n\`\`\`mermaid\n${picture}\`\`\`\n\n</details>\n`;
  return picture.length > MOST_OF_A_DIAGRAM || text.length > room ? "" : text;
}
