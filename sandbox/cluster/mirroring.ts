import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { load } from "js-yaml";
import { sandboxClientConfiguration } from "../aws/client";
import { filesIn, type BootedIgnitionConfig } from "../machines";
import { clusterResourceFiles } from "../oc-mirror-stand-in/cluster-resources";
import { packFiles } from "./packed-files";

/** Whether the host's role allows an action. If the role does not allow it, the host stops and reports the reason. */
type May = (action: string, resource: string) => Promise<boolean>;

/**
 * Publishes the objects that an installer host publishes after it has mirrored its image set. It copies no images,
 * because simulated instances run no containers.
 */
export class Mirroring {
  private done = false;

  constructor(private readonly options: { readonly region: string; readonly say: (text: string) => void }) {}

  /**
   * Publishes the mirror's resources once, after the host has fetched the mirror's secret. The host's role must allow the
   * host to publish the resources and, with `mirror` air-gapped, to read the archive.
   */
  async advance(config: BootedIgnitionConfig, fetched: ReadonlySet<string>, may: May): Promise<void> {
    const files = filesIn(config);
    const environment = variablesIn(files.get("/etc/okd/mirror/mirror.env") ?? "");
    const { STATE_BUCKET: bucket, STATE_KEY: key, ARCHIVE_BUCKET: archive, ARCHIVE_PREFIX: prefix } = environment;
    if (this.done || bucket === undefined || key === undefined) return;
    if (![...fetched].some((each) => /:secret:.*-mirror-/.test(each))) return;
    if (!(await may("s3:PutObject", `arn:aws:s3:::${bucket}/${key}`))) return;
    if (archive !== undefined && archive !== "") {
      if (!(await may("s3:ListBucket", `arn:aws:s3:::${archive}`))) return;
      if (!(await may("s3:GetObject", `arn:aws:s3:::${archive}/${prefix ?? ""}archive/mirror_000001.tar`))) return;
    }
    const host = variablesIn(files.get("/etc/okd/host.env") ?? "");
    const volume = (host.DATA_DEVICE ?? "").split("_").at(-1) ?? "";
    const { mirror } = load(files.get("/etc/okd/mirror/image-set.yaml") ?? "") as { mirror: { platform: { release: string } } };
    const source = mirror.platform.release.replace(/(@|:[^/]*$).*/, "");
    const digest = /@(sha256:[0-9a-f]{64})$/.exec(mirror.platform.release)?.[1];
    const byTag = digest === undefined;
    const mirrored = [
      { source: source.replace(/release$/, "content"), mirror: `${host.REGISTRY ?? ""}/openshift/release`, byTag: false },
      { source, mirror: `${host.REGISTRY ?? ""}/openshift/release-images`, byTag },
    ];
    const resources = packFiles(clusterResourceFiles(mirrored, { digest: digest ?? `sha256:${"0".repeat(64)}` }));
    const Body = `done ${new Date().toISOString()} ${volume}\n${resources}`;
    await new S3Client(sandboxClientConfiguration(this.options.region)).send(new PutObjectCommand({ Bucket: bucket, Key: key, Body }));
    this.done = true;
    this.options.say(`published the mirror's resources as s3://${bucket}/${key}`);
  }
}

/** The variables that an environment file exports. */
function variablesIn(text: string): Partial<Record<string, string>> {
  return Object.fromEntries([...text.matchAll(/^export (\w+)='(.*)'$/gm)].map(([, name, value]) => [name, value]));
}
