import * as pulumi from "@pulumi/pulumi";
import { installCluster } from "./stacks/cluster";
import { readConfiguration } from "./stacks/configuration";
import { provisionInfrastructure } from "./stacks/infrastructure";
import { describeOutputs } from "./stacks/outputs";
import { leaveOutUnreadStackTraces } from "./stacks/stack-traces";

leaveOutUnreadStackTraces();

export = async (): Promise<Record<string, pulumi.Input<unknown>>> => {
  const configuration = readConfiguration();
  const infrastructure = await provisionInfrastructure(configuration);
  installCluster(configuration, infrastructure);
  return describeOutputs(configuration, infrastructure);
};
