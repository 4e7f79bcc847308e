import type * as pulumi from "@pulumi/pulumi";
import { wakeAwsPlugin } from "./stacks/aws-plugin";
import { leaveOutUnreadStackTraces } from "./stacks/stack-traces";

leaveOutUnreadStackTraces();

export = async (): Promise<Record<string, pulumi.Input<unknown>>> => {
  await wakeAwsPlugin();
  const { begin } = await import("./stacks/beginning");
  const { readConfiguration } = await import("./stacks/configuration");
  const configuration = readConfiguration();
  const beginning = await begin(configuration);
  // Loaded while the engine starts what the beginning asked for.
  const { provisionInfrastructure } = await import("./stacks/infrastructure");
  const { installCluster } = await import("./stacks/cluster");
  const { configurePlatform } = await import("./stacks/platform");
  const { describeOutputs } = await import("./stacks/outputs");
  const infrastructure = await provisionInfrastructure(configuration, beginning);
  const cluster = installCluster(configuration, infrastructure);
  const platform = await configurePlatform(configuration, infrastructure, cluster);
  // Last: what else there is to update is not kept waiting.
  await infrastructure.typeOrder?.settle();
  return describeOutputs(configuration, infrastructure, cluster, platform);
};
