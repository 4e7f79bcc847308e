import { dateProblemIn, pemCertificates, trustProblem } from "./certificates";
import { trustedCasIn, hasProxy, type BootedIgnitionConfig, sourcesOf } from "./ignition-config";
import { imagePullProblem, hasArchivedImages, type Mirrors, mirrorsIn } from "./image-sources";
import { connect } from "./network";
import { isFailure } from "./failure";
import { mayWithBucketPolicy } from "./resource-policy";
import { egressTo } from "./routing";
import type { Listening } from "./service";
import type { Instance, AwsSnapshot } from "./aws-snapshot";

/** The inputs of a first boot, apart from AWS's records. */
export interface BootContext {
  /** Content of an object in S3; undefined if the bucket or the object doesn't exist. */
  readonly s3Get: (bucket: string, key: string) => Promise<string | undefined>;
  readonly now: Date;
  readonly listening: Listening;
  /** The error that the real `ignition-validate` prints for a config; undefined if the config is valid. */
  readonly validate: (config: string) => Promise<string | undefined>;
  /** AMI ids of the release in all regions, because an AMI may be a copy from a different region. If undefined, every AMI is accepted. */
  readonly releaseImages?: readonly string[];
  /**
   * Whether the cluster has a proxy, through which its nodes pull images. For the bootstrap instance, its own config also
   * says whether there is a proxy.
   */
  readonly hasProxy?: boolean;
  /** The mirrors of the cluster's release images. For the bootstrap instance, its own config also names the mirrors. */
  readonly mirrors?: Mirrors;
}

/** The ignition config that an instance got at its first boot, or the reason why it hangs. */
export type FirstBoot =
  | {
      /** The complete config was in the user data (installer host) or in an object in S3 (bootstrap instance). */
      readonly fetched: "user-data" | "object";
      /** The ignition config, as text. */
      readonly ignition: string;
    }
  | {
      /** The config came from the machine config server: the role in `/config/<role>`, and the id of the instance that served it. */
      readonly fetched: "machine-config-server";
      readonly role: string;
      readonly from: string;
    }
  | Hanging;

interface Hanging {
  readonly hangs: string;
}

/** Port of the machine config server (openshift/installer, `upi/aws/cloudformation/02_cluster_infra.yaml`, InternalServiceTargetGroup). */
const machineConfigPort = 22623;

/**
 * Follows an instance's first boot until it has its ignition config and can pull the release's images. Stops where the real instance would
 * hang.
 *
 * @throws the AWS SDK's errors, which say nothing about the instance.
 */
export async function firstBoot(snapshot: AwsSnapshot, instance: Instance, context: BootContext): Promise<FirstBoot> {
  const wrongImage = problemOfImage(snapshot, instance, context);
  if (wrongImage !== undefined) return { hangs: wrongImage };
  const read = await readUserData(snapshot, instance, context);
  if ("hangs" in read) return read;
  const pointer = JSON.parse(read.text) as BootedIgnitionConfig;
  const sources = sourcesOf(pointer);
  const [source] = sources;
  const boot =
    sources.length === 0
      ? ({ fetched: "user-data", ignition: read.text } as const)
      : sources.length > 1
        ? {
            hangs: `the user data of ${instance.id} names ${sources.length} sources, ${sources.join(" and ")}; exactly one is expected`,
          }
        : source.startsWith("s3://")
          ? await fetchObject(snapshot, instance, pointer, source, context)
          : fetchFromMachineConfigServer(snapshot, instance, pointer, source, context);
  if ("hangs" in boot) return boot;

  const config = "ignition" in boot ? (JSON.parse(boot.ignition) as BootedIgnitionConfig) : undefined;
  if (context.hasProxy === true || hasProxy(pointer) || (config !== undefined && hasProxy(config))) return boot;
  if (config !== undefined && hasArchivedImages(config)) {
    const way = egressTo(snapshot, instance, "s3");
    return isFailure(way) ? { hangs: `can't fetch its container images: ${way.reason}` } : boot;
  }
  const cutOff = imagePullProblem(snapshot, context.listening, instance, (config && mirrorsIn(config)) ?? context.mirrors);
  return cutOff ? { hangs: `has its ignition config and no proxy, but can't pull the release's images: ${cutOff.reason}` } : boot;
}

function problemOfImage(snapshot: AwsSnapshot, { id, imageId }: Instance, { releaseImages }: BootContext): string | undefined {
  const image = snapshot.images.find((candidate) => candidate.id === imageId);
  if (image === undefined) return `the AMI ${imageId} of ${id} does not exist in ${snapshot.region}`;
  if (image.state !== "available") return `the AMI ${imageId} of ${id} is ${image.state}`;
  if (releaseImages === undefined || releaseImages.some((known) => known === image.id || known === image.sourceImageId)) return undefined;
  return `${id} was started from ${imageId} (${image.name}), which is neither an AMI of the release nor a copy of one: it doesn't run Ignition`;
}

/** The decoded user data, if it is valid. */
async function readUserData(snapshot: AwsSnapshot, instance: Instance, { validate }: BootContext): Promise<{ text: string } | Hanging> {
  const { id, metadataService } = instance;
  if (!metadataService) return { hangs: `the instance metadata service of ${id} is disabled, so Ignition has no user data` };
  const encoded = await snapshot.userDataOf(id);
  if (encoded === undefined || encoded === "")
    return { hangs: `${id} has no user data, so Ignition has no config and the instance can't join a cluster` };
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const invalid = await validate(text);
  return invalid === undefined ? { text } : { hangs: `the user data of ${id} is not a valid ignition config: ${invalid}` };
}

async function fetchObject(
  snapshot: AwsSnapshot,
  instance: Instance,
  pointer: BootedIgnitionConfig,
  source: string,
  { s3Get, validate, now }: BootContext,
): Promise<FirstBoot> {
  const { id, profileArn, vpcId } = instance;
  const { bucket = "", key = "" } = /^s3:\/\/(?<bucket>[^/]+)\/(?<key>.+)$/.exec(source)?.groups ?? {};
  if (profileArn === undefined) return { hangs: `${id} has no instance profile, so no credentials to read ${source}` };
  const way = egressTo(snapshot, instance, "s3");
  if (isFailure(way) && !hasProxy(pointer)) return { hangs: `can't fetch ${source}: ${way.reason}` };
  const permissions = await snapshot.permissionsOf(profileArn);
  if (permissions === undefined)
    return { hangs: `the instance profile ${profileArn} of ${id} is gone or has no role, so ${id} can't read ${source}` };
  const partition = permissions.roleArn.split(":")[1] ?? "aws";
  const decision = await mayWithBucketPolicy(snapshot, permissions, {
    action: "s3:GetObject",
    resource: `arn:${partition}:s3:::${bucket}/${key}`,
    context: "through" in way && way.through.startsWith("vpce-") ? { "aws:sourcevpce": way.through, "aws:sourcevpc": vpcId } : {},
  });
  if (isFailure(decision)) return { hangs: `can't fetch ${source}: ${decision.reason}` };
  const ignition = await s3Get(bucket, key);
  if (ignition === undefined) return { hangs: `can't fetch ${source}: there is no such object` };
  const invalid = await validate(ignition);
  if (invalid !== undefined) return { hangs: `${source} is not a valid ignition config: ${invalid}` };
  const stale = dateProblemIn(JSON.parse(ignition) as BootedIgnitionConfig, now);
  if (stale !== undefined) return { hangs: `${source} can no longer start a cluster: ${stale}` };
  return { fetched: "object", ignition };
}

function fetchFromMachineConfigServer(
  snapshot: AwsSnapshot,
  instance: Instance,
  pointer: BootedIgnitionConfig,
  source: string,
  { listening, now }: BootContext,
): FirstBoot {
  const { hostname, port, pathname, protocol } = URL.canParse(source)
    ? new URL(source)
    : { hostname: "", port: "", pathname: "", protocol: "" };
  const role = /^\/config\/([\w-]+)$/.exec(pathname)?.[1];
  if (protocol !== "https:" || Number(port) !== machineConfigPort || role === undefined) {
    return {
      hangs: `the user data names the source ${source}, which is neither an object in S3 nor a config of the machine config server`,
    };
  }
  const connection = connect(snapshot, listening, instance, hostname, machineConfigPort);
  if (isFailure(connection)) return { hangs: `can't fetch ${source}: ${connection.reason}` };
  const from = connection.reached;
  const server = listening(from, machineConfigPort);
  const authorities = trustedCasIn(pointer).flatMap(pemCertificates);
  const distrusted = trustProblem(pemCertificates(server?.certificate ?? ""), authorities, hostname, now);
  if (distrusted !== undefined) return { hangs: `does not trust the machine config server on ${from}: ${distrusted}` };
  const status = server?.statusOf(pathname);
  if (status !== 200) return { hangs: `can't fetch ${source}: ${from} answers with ${status ?? "no status"}` };
  return { fetched: "machine-config-server", role, from };
}
