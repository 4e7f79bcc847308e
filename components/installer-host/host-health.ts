import * as pulumi from "@pulumi/pulumi";
import type { Partition } from "../../config/partition";
import { healthKey, healthServices } from "../../ignition/installer-host/health";
import type { HostServices } from "../../ignition/installer-host/services";
import type { HealthRequest } from "../../steps/installer-host/health";
import type { PolicyStatement } from "../iam/machine-role";
import type { PrivateBucket } from "../private-bucket";
import { waitForInstance } from "./instance-wait";

export interface HostHealthArgs {
  readonly region: string;
  readonly partition: Partition;
  /** Bucket in which the host publishes its health. */
  readonly bucket: PrivateBucket;
}

/** The installer host's health, published in S3. A program with AWS credentials can wait for the health without a connection to the host. */
export class HostHealth {
  /** Files and units with which the installer host publishes its health. */
  readonly services: pulumi.Output<HostServices>;
  /** Additional IAM statements for the host's role. */
  readonly statements: readonly PolicyStatement[];

  constructor(private readonly args: HostHealthArgs) {
    const { partition } = args;
    const bucket = args.bucket.bucket.bucket;
    this.services = bucket.apply(healthServices);
    this.statements = [{ actions: ["s3:PutObject"], resource: pulumi.interpolate`arn:${partition.name}:s3:::${bucket}/${healthKey}` }];
  }

  /**
   * Waits until the instance has published that its registry answers and its tools are installed; again for each replacement of the
   * instance.
   *
   * @param timeoutSeconds counted from the instance's boot.
   */
  wait(name: string, instanceId: pulumi.Output<string>, timeoutSeconds: number, opts: pulumi.CustomResourceOptions): pulumi.Resource {
    const request = pulumi.all([this.args.bucket.bucket.bucket, instanceId]).apply(([bucket, id]): HealthRequest => ({
      region: this.args.region,
      bucket,
      key: healthKey,
      instanceId: id,
      timeoutSeconds,
    }));
    return waitForInstance(name, "host-health", { request, instanceId }, opts);
  }
}
