import { readFileSync } from "node:fs";
import { join } from "node:path";
import { mermaid } from "../../operations/topology/mermaid";
import { type Placed, topologyOf } from "../../operations/topology/model";
import { devStack } from "./configurations";
import { Program } from "./program";

let placed: Placed[];
beforeAll(async () => {
  const { resources } = await Program.run(devStack({ installerHost: "true" }));
  placed = resources.map(({ urn, type, inputs, name }) => ({ urn, type, inputs, id: `${name}-id`, outputs: { arn: `arn:stub:${name}` } }));
});

test("x", () => {
  console.log(JSON.stringify(topologyOf(placed), null, 1));
  console.log(mermaid(topologyOf(placed)));
  void readFileSync; void join;
});
