/** The catalogs of the stand-in for OLM. */
import { type OlmBundle, type OlmCatalog, catalogInImage } from "../../../../../sandbox/cluster/olm-stand-in/catalog";

const IMAGES = ["redhat-operator-index", "community-operator-index", "certified-operator-index", "redhat-marketplace-index"];
const catalogs = IMAGES.map((image) => ({ image, catalog: catalogInImage(`registry.redhat.io/redhat/${image}:v4.19`) as OlmCatalog }));

describe.each(catalogs)("the catalog $image", ({ catalog: { packages, bundles } }) => {
  it("has one bundle for each version in a channel, and no others", () => {
    const entries = packages.flatMap(({ name, channels }) =>
      channels.flatMap((channel) => channel.entries.map((entry) => `${name} ${entry.name}`)),
    );
    expect(bundles.map((bundle) => `${bundle.package} ${bundle.name}`).sort()).toEqual([...new Set(entries)].sort());
  });

  it("has a default channel for each package", () => {
    const without = packages.filter(({ defaultChannel, channels }) => !channels.some(({ name }) => name === defaultChannel));
    expect(without).toEqual([]);
  });

  it("knows the version, the install modes and the Deployments of each bundle", () => {
    const incomplete = (bundles as readonly Partial<OlmBundle>[]).filter(
      ({ name, version = "missing", installModes = [], deployments = [] }) =>
        name?.endsWith(version) !== true || installModes.length === 0 || deployments.length === 0,
    );
    expect(incomplete.map(({ name }) => name)).toEqual([]);
  });
});
