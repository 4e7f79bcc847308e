import type * as pulumi from "@pulumi/pulumi";
import { deferModules } from "./stacks/startup/deferred-modules";
import { turnOffSdkDebugging } from "./stacks/startup/sdk-debugging";

turnOffSdkDebugging();
deferModules();

export = async (): Promise<Record<string, pulumi.Input<unknown>>> => {
  const { startAwsPluginEarly } = await import("./stacks/startup/aws-plugin");
  await startAwsPluginEarly();
  const { startPreflight } = await import("./stacks/identity");
  const { readStackConfiguration } = await import("./stacks/configuration");
  const configuration = readStackConfiguration();
  const preflight = await startPreflight(configuration);
  // Loaded while the Pulumi engine starts the plugins and AWS answers the preflight.
  const { provisionInfrastructure } = await import("./stacks/infrastructure");
  const { installCluster } = await import("./stacks/installation");
  const { configureCluster } = await import("./stacks/day2");
  const { describeOutputs } = await import("./stacks/outputs");
  const provisioning = provisionInfrastructure(configuration, preflight);
  provisioning.catch(() => undefined); // awaited below: without this Node would treat a rejection as unhandled and exit
  const { loadAhead } = await import("./stacks/startup/load-ahead");
  await loadAhead(configuration);
  const infrastructure = await provisioning;
  const cluster = installCluster(configuration, infrastructure);
  const platform = await configureCluster(configuration, infrastructure, cluster);
  // Last, so that no other update has to wait for it.
  await infrastructure.rollingResize?.settle();
  return describeOutputs(configuration, infrastructure, cluster, platform);
};
