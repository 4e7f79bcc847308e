import * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "../config/configuration";
import { keysBeyondZone } from "../config/rules/tags";
import type { ClusterIdentity } from "./cluster-identity";

/** Tags of one resource. */
export type Tags = Record<string, string>;

/** Carries the cluster's domain on everything that can be tagged: how a later run finds this cluster's machines. */
export const clusterTagKey = "okd-aws/cluster";

/** Names and tags of everything in AWS, all derived from the cluster's identity. */
export class Naming {
  readonly infraId: pulumi.Output<string>;

  constructor(
    identity: ClusterIdentity,
    private readonly configuration: Pick<Configuration, "tags" | "clusterDomain">,
  ) {
    this.infraId = identity.infraId;
  }

  /** `<infraID>-<suffix>`. */
  name(suffix: string): pulumi.Output<string> {
    return pulumi.interpolate`${this.infraId}-${suffix}`;
  }

  /** Tag by which the cluster knows what belongs to it: `shared`, since this program owns it (reference, section 1). */
  get clusterTag(): pulumi.Output<{ key: string; value: string }> {
    return this.infraId.apply((infraId) => ({ key: `kubernetes.io/cluster/${infraId}`, value: "shared" }));
  }

  /** Name, the cluster's tag and the user's. */
  tags(suffix: string, more: Tags = {}): pulumi.Output<Tags> {
    return pulumi
      .all([this.tagsWithoutClusterTag(suffix, more), this.clusterTag])
      .apply(([tags, { key, value }]) => ({ ...tags, [key]: value }));
  }

  /** As `tags`, for a hosted zone: with the first of the user's tags that it has room for. */
  zoneTags(suffix: string): pulumi.Output<Tags> {
    const beyond = keysBeyondZone(this.configuration.tags);
    return this.tags(suffix).apply((tags) => Object.fromEntries(Object.entries(tags).filter(([key]) => !beyond.includes(key))));
  }

  /** For what must not look like part of the cluster, such as a node's second security group (reference, section 1). */
  tagsWithoutClusterTag(suffix: string, more: Tags = {}): pulumi.Output<Tags> {
    const { tags, clusterDomain } = this.configuration;
    return this.name(suffix).apply((name): Tags => ({ ...tags, ...more, Name: name, [clusterTagKey]: clusterDomain }));
  }
}
