import * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "../config/configuration";
import { clusterDomainTagKey, keysBeyondZone } from "../config/tags/fields";
import type { ClusterIdentity } from "./cluster-identity";

/** Tags of one resource. */
export type Tags = Record<string, string>;

/** Names and tags of all AWS resources, derived from the cluster's identity. */
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

  /**
   * Tag by which the cluster recognizes its AWS resources. The value is `shared` and not `owned`, because this program owns the resources and
   * the cluster only uses them (kubernetes/cloud-provider-aws, `pkg/providers/v1/tags.go`).
   */
  get clusterTag(): pulumi.Output<{ key: string; value: string }> {
    return this.infraId.apply((infraId) => ({ key: `kubernetes.io/cluster/${infraId}`, value: "shared" }));
  }

  /** The tag Name, the cluster's tag and the user's tags. */
  tags(suffix: string, more: Tags = {}): pulumi.Output<Tags> {
    return pulumi
      .all([this.tagsWithoutClusterTag(suffix, more), this.clusterTag])
      .apply(([tags, { key, value }]) => ({ ...tags, [key]: value }));
  }

  /** Like `tags`, but for a hosted zone. A zone has room for fewer tags, so it may get only some of the user's tags. */
  zoneTags(suffix: string): pulumi.Output<Tags> {
    const beyond = keysBeyondZone(this.configuration.tags);
    return this.tags(suffix).apply((tags) => Object.fromEntries(Object.entries(tags).filter(([key]) => !beyond.includes(key))));
  }

  /**
   * The tags of resources that must not look like part of the cluster, for instance a node's second security group: the cloud controller refuses
   * a node with two tagged security groups (kubernetes/cloud-provider-aws, `pkg/providers/v1/aws.go`, findSecurityGroupForInstance).
   */
  tagsWithoutClusterTag(suffix: string, more: Tags = {}): pulumi.Output<Tags> {
    const { tags, clusterDomain } = this.configuration;
    return this.name(suffix).apply((name): Tags => ({ ...tags, ...more, Name: name, [clusterDomainTagKey]: clusterDomain }));
  }
}
