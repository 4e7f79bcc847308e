/**
 * README's picture of the dev stack must equal the picture of the resources that the program declares. `make docs` runs this test with
 * WRITE_DOCS=1, and the test then writes the picture.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { topologyOf } from "../../tools/topology/topology";
import { devResources } from "./stacks";
import { mermaid } from "../../tools/topology/mermaid";

const file = join(__dirname, "..", "..", "README.md");
const between = /(<!-- topology of the dev stack[^>]*-->\n)[^]*?(<!-- end of the topology -->)/;

test("README's picture is current (if not: make docs)", async () => {
  const picture = `\n\`\`\`mermaid\n${mermaid(topologyOf(await devResources()))}\`\`\`\n\n`;
  const readme = readFileSync(file, "utf8");
  const current = readme.replace(between, (_, begin: string, end: string) => `${begin}${picture}${end}`);
  if (process.env.WRITE_DOCS === "1") writeFileSync(file, current);
  else expect(readme).toBe(current);
  expect(current).toContain(picture);
});
