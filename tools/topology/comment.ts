import { mermaid } from "./mermaid";
import type { Diagram } from "./model";

/** Maximum number of characters of a diagram that GitHub draws (Mermaid, configuration "maxTextSize"); for a longer one it shows an error. */
const MAX_DIAGRAM_CHARACTERS = 50_000;

/** The diagram as a collapsed part of a comment; empty if it does not fit, or is too long to be drawn. */
export function pictureForComment(topology: Diagram, room: number): string {
  const picture = mermaid(topology);
  const text = `\n<details><summary>The stack's topology</summary>\n\n\`\`\`mermaid\n${picture}\`\`\`\n\n</details>\n`;
  return picture.length > MAX_DIAGRAM_CHARACTERS || text.length > room ? "" : text;
}
