/** The bundle that version 1 of OLM chooses for a ClusterExtension, and its message if it chooses none. */
import { defaultCatalogs } from "../../../../../../sandbox/cluster/olm-stand-in/v1/default-catalogs";
import { resolveExtension, type SelectedCatalog } from "../../../../../../sandbox/cluster/olm-stand-in/v1/resolution";
import type { OlmCatalog } from "../../../../../../sandbox/cluster/olm-stand-in";
import type { V1Extension } from "../../../../../../sandbox/cluster/olm-stand-in/v1/objects";

const bundle = (version: string) => ({
  name: `demo.v${version}`,
  package: "demo",
  version,
  installModes: ["AllNamespaces"],
  deployments: [],
});
const content: OlmCatalog = {
  packages: [
    {
      name: "demo",
      defaultChannel: "stable",
      channels: [
        {
          name: "stable",
          entries: [
            { name: "demo.v1.0.0" },
            { name: "demo.v1.1.0", replaces: "demo.v1.0.0" },
            { name: "demo.v1.2.0", replaces: "demo.v1.1.0" },
          ],
        },
        {
          name: "fast",
          entries: [
            { name: "demo.v2.0.0", skipRange: ">=1.1.0 <2.0.0" },
            { name: "demo.v2.1.0", skips: ["demo.v1.0.0"] },
          ],
        },
      ],
    },
  ],
  bundles: [
    ...["1.0.0", "1.1.0", "1.2.0", "2.0.0"].map(bundle),
    { ...bundle("2.1.0"), required: [{ name: "databases.example.com", kind: "Database", version: "v1" }] },
  ],
};
const team: SelectedCatalog = { name: "team", priority: 0, content };

const choose = (
  catalog: object,
  { catalogs = [team], installed = "" }: { catalogs?: SelectedCatalog[]; installed?: string } = {},
): string => {
  const extension = { spec: { source: { catalog: { packageName: "demo", ...catalog } } } } as V1Extension;
  try {
    return resolveExtension(extension, catalogs, installed === "" ? undefined : { name: `demo.v${installed}`, version: installed }).version;
  } catch (error) {
    return (error as Error).message;
  }
};

test.each([
  ["the newest version of the channel", { channels: ["stable"] }, "", "1.2.0"],
  ["the pinned version", { channels: ["stable"], version: "1.0.0" }, "", "1.0.0"],
  ["the newest version of a range", { channels: ["stable"], version: "<1.2.0" }, "", "1.1.0"],
  ["an update that replaces the installed version", { version: "1.1.0" }, "1.0.0", "1.1.0"],
  ["an update by skipRange", { version: "2.0.0" }, "1.2.0", "2.0.0"],
  ["the installed version itself", { version: "1.1.0" }, "1.1.0", "1.1.0"],
  ["an older version with SelfCertified", { version: "1.0.0", upgradeConstraintPolicy: "SelfCertified" }, "1.2.0", "1.0.0"],
])("OLM chooses %s", (_, catalog, installed, version) => {
  expect(choose(catalog, { installed })).toBe(version);
});

test.each([
  [
    "an unknown version",
    { version: "9.9.9", channels: ["stable"] },
    "",
    'no bundles found for package "demo" matching version "9.9.9" in channels [stable]',
  ],
  ["an unknown channel", { channels: ["nosuch", "no"] }, "", 'no bundles found for package "demo" in channels [nosuch no]'],
  [
    "an update over two steps",
    { version: "1.2.0" },
    "1.0.0",
    'error upgrading from currently installed version "1.0.0": no bundles found for package "demo" matching version "1.2.0"',
  ],
  [
    "a bundle with a dependency",
    { version: "2.1.0" },
    "",
    'validating bundle "demo.v2.1.0": bundle "demo.v2.1.0" has a dependency declared via property "olm.gvk.required" which is currently not supported',
  ],
])("OLM does not choose %s", (_, catalog, installed, message) => {
  expect(choose(catalog, { installed })).toBe(message);
});

test("of two catalogs with the package, the one with the higher priority counts; with the same priority OLM chooses none", () => {
  const other = { ...team, name: "other", content: { ...content, bundles: [bundle("1.0.0")] } };
  expect(choose({}, { catalogs: [team, { ...other, priority: 1 }] })).toBe("1.0.0");
  expect(choose({ channels: ["stable"] }, { catalogs: [team, other] })).toBe(
    'found bundles for package "demo" in channels [stable] in multiple catalogs with the same priority [other team]',
  );
});

test("a catalog that is not served prevents the choice", () => {
  expect(choose({}, { catalogs: [team, { name: "silent", priority: 0, content: undefined }] })).toBe(
    'error walking catalogs: error getting package "demo" from catalog "silent": catalog "silent" is not being served',
  );
});

test.each([
  ["4.17.0", 0],
  ["4.18.3", 4],
  ["4.19.0-okd-scos.1", 4],
  ["4.22.0", 3],
])("the release %s has %d default catalogs", (release, count) => {
  expect(defaultCatalogs(release)).toHaveLength(count);
});
