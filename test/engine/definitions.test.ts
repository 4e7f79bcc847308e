import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectDirectory } from "@okd-aws/sandbox";
import { extensionDefinitions, operatorDefinitions } from "@okd-aws/sandbox/cluster/olm-stand-in";
import { ensureToolchain } from "@okd-aws/sandbox/toolchain";
import { KINDS } from "../../cluster-objects/schema/kinds";
import { distill, type OpenApi } from "./definitions/distill";
import { publishDefinitions } from "./definitions/installed";
import { sharedServer } from "./shared-server";

const file = join(__dirname, "..", "..", "cluster-objects", "schema", "definitions.json");

/** Compares the definitions of the offline check with the definitions that the real API server publishes for the pinned release. */
test("the offline check has the definitions that the real API server publishes", async () => {
  const { api } = await sharedServer();
  // The program itself installs these kinds.
  await publishDefinitions(api, (await ensureToolchain(["velero-definitions"])).tools["velero-definitions"]);
  // The stand-in's shortened definition of OADP's kind, because the Go module of the real operator cannot be downloaded.
  await publishDefinitions(api, join(projectDirectory, "sandbox", "cluster", "velero", "definitions"));
  // Operators install these kinds.
  await publishDefinitions(api, operatorDefinitions);
  // OpenShift's cluster-olm-operator installs these kinds.
  await publishDefinitions(api, extensionDefinitions);
  const groups = [...new Set(KINDS.map((kind) => kind.split(" ")[0]))];
  const documents = await Promise.all(
    groups.map(async (group) => (await api.must("GET", `/openapi/v3/${group.includes("/") ? "apis" : "api"}/${group}`)) as OpenApi),
  );
  const text = `${JSON.stringify(distill(documents, KINDS))}\n`;
  if (process.env.UPDATE_GOLDEN === "definitions") writeFileSync(file, text);
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(JSON.parse(text));
});
