import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";

const project = join(__dirname, "..", "..");

test("each folder of unit tests has the path of a folder of sources", () => {
  const folders = readdirSync(__dirname, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".test.ts"))
    .map((path) => dirname(path));
  expect(folders).toContain("lib/aws");
  expect(folders.filter((folder) => !existsSync(join(project, folder)))).toEqual([]);
});
