import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Archive } from "./archive";
import { DEFAULT_MINOR, parseArguments, type MirrorRequest } from "./arguments";
import { type Catalog, clusterResourceFiles, type Mirrored } from "./cluster-resources";
import { contentOf, type Destination, imageOf, readImage, type Source } from "./copy";
import { imageSetIn } from "./image-set";
import { parseReference, type ImageReference } from "./reference";
import { Registry } from "./registry";

/** All registries, with the credentials in the authfile. */
class Registries implements Source {
  constructor(private readonly authfile: string) {}

  manifest({ host, repository, digest, tag }: ImageReference) {
    return new Registry(host, this.authfile).manifest(repository, digest ?? tag ?? "");
  }

  blob({ host, repository }: ImageReference, digest: string) {
    return new Registry(host, this.authfile).blob(repository, digest);
  }
}

function intoRegistry(registry: Registry): Destination {
  return {
    async put({ repository, tag }, { manifest, type, blobs }) {
      for (const { digest, bytes } of blobs) await registry.putBlob(repository, digest, bytes);
      await registry.putManifest(repository, tag, manifest, type);
    },
  };
}

/** Location of the image with the update service's data (openshift/oc-mirror, `internal/pkg/release/const.go`). */
const graphPlace = { repository: "openshift/graph-image", tag: "latest" } as const;

async function mirror({ config, authfile, to, from, workspace, ignoreSignature }: MirrorRequest): Promise<void> {
  const imageSet = imageSetIn(readFileSync(config, "utf8"));
  const release = parseReference(imageSet.release);
  const source = from === undefined ? new Registries(authfile) : Archive.unpacked(from);
  const archive = "directory" in to ? Archive.empty(to.directory) : undefined;
  const host = "registry" in to ? to.registry : "";
  const destination = archive ?? intoRegistry(new Registry(host, authfile));

  const image = await readImage(source, release);
  const { version, components } = contentOf(image);
  const mirrored: Mirrored[] = [];
  const put = async (reference: ImageReference, repository: string, tag: string) => {
    console.log(`copying ${reference.host}/${reference.repository}@${reference.digest ?? reference.tag ?? ""} to ${repository}:${tag}`);
    await destination.put({ repository, tag }, reference === release ? image : await readImage(source, reference));
  };
  const copy = async (reference: ImageReference, repository: string, tag: string) => {
    await put(reference, repository, tag);
    mirrored.push({
      source: `${reference.host}/${reference.repository}`,
      mirror: `${host}/${repository}`,
      byTag: reference.digest === undefined,
    });
  };
  for (const { name, image: text } of components) await copy(parseReference(text), "openshift/release", `${version}-${name}`);
  await copy(release, "openshift/release-images", version);
  // A catalog is referenced at its mirrored location, so it needs no entry among the mirrors.
  const catalogs: Catalog[] = [];
  for (const reference of imageSet.catalogs.map(parseReference)) {
    const { repository, tag = "latest" } = reference;
    await put(reference, repository, tag);
    catalogs.push({ name: repository.split("/").at(-1) ?? "", tag, image: `${host}/${repository}:${tag}` });
  }
  if (archive !== undefined && "directory" in to) {
    archive.pack(to.directory);
    return;
  }
  if (imageSet.graph) await destination.put(graphPlace, imageOf({ host, ...graphPlace }, gzipSync("which updates there are")));
  const directory = join(workspace, "working-dir", "cluster-resources");
  mkdirSync(directory, { recursive: true });
  const files = clusterResourceFiles(mirrored, ignoreSignature ? undefined : { digest: image.digest }, {
    ...(imageSet.graph && {
      updateService: {
        graphDataImage: `${host}/${graphPlace.repository}:${graphPlace.tag}`,
        releases: `${host}/openshift/release-images`,
      },
    }),
    catalogs,
  });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  console.log(`mirrored ${mirrored.length} images`);
}

if (process.argv[2] === "version" || process.argv[2] === "--version") console.log("oc-mirror v2 (stand-in)");
else
  Promise.resolve()
    .then(() => mirror(parseArguments(process.argv.slice(2), Number(process.env.OC_MIRROR_STAND_IN_MINOR ?? DEFAULT_MINOR))))
    .catch((error: unknown) => {
      console.error(`[ERROR] ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = 1;
    });
