/** The sources of the certificate approver's bundle. */
import { build } from "esbuild";
import { join } from "node:path";
import { bundleSources } from "../../../../steps/certificate-approver/bundle";

test("the digest in the bundle's name covers each file of the project that is part of the bundle", async () => {
  const { metafile } = await build({
    absWorkingDir: join(__dirname, "..", "..", "..", ".."),
    entryPoints: ["steps/certificate-approver/main.ts"],
    bundle: true,
    write: false,
    platform: "node",
    metafile: true,
    logLevel: "silent",
  });
  const own = Object.keys(metafile.inputs).filter((file) => !file.startsWith("node_modules/"));
  expect(own.length).toBeGreaterThan(10);
  expect(own.filter((file) => !bundleSources().includes(file))).toEqual([]);
});
