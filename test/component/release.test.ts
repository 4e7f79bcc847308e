import { devStack } from "./configurations";
import { installedAccount } from "./installed";
import { type Declared, Program } from "./program";

/** The inputs that the Pulumi engine compares with the state, without the inputs in `ignoreChanges`. */
function compared({ inputs, ignoreChanges }: Declared): string {
  return JSON.stringify(Object.entries(inputs).filter(([name]) => !ignoreChanges.includes(name)));
}

async function declared(keys: Readonly<Record<string, unknown>>): Promise<Map<string, string>> {
  const { resources } = await Program.run(devStack({ releaseImage: undefined, ...keys }), installedAccount);
  return new Map(resources.map((each) => [each.urn.split("::").slice(2).join(" "), compared(each)]));
}

test("a new release in the configuration of a running cluster updates the cluster, and changes no step of the installation and no instance", async () => {
  const before = await declared({ release: "4.19.0-okd-scos.1" });
  const after = await declared({ release: "4.19.0-okd-scos.2" });
  expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
  const changed = [...after].filter(([name, inputs]) => before.get(name) !== inputs).map(([name]) => name.split(" ").at(-1));
  expect(changed).toEqual(["release"]);
});
