import * as pulumi from "@pulumi/pulumi";
import type { MachinePool } from "../components/machines/machine-pool";
import { listedRecord } from "../components/user-records";
import type { Configuration } from "../config/configuration";
import { registryPort } from "../ignition/installer-host/registry";
import type { InstallationResults } from "./installation";
import type { Infrastructure } from "./infrastructure";
import type { Day2Results } from "./day2";

/**
 * The outputs that `pulumi stack output` shows. They are flat, and each secret is a separate output, so that no plain value is hidden with
 * a secret.
 */
export function describeOutputs(
  configuration: Configuration,
  infrastructure: Infrastructure,
  { workers, infra, userRecord }: InstallationResults,
  { efsDriverRoles, shards, oauthCallbackUrls, kubeadmin }: Day2Results,
): Record<string, pulumi.Input<unknown>> {
  const { clusterDomain, sshPublicKey, platform } = configuration;
  const { exampleApplication } = platform;
  const { network, loadBalancers, installerHost, bootstrap, masters, files, sharedFileSystem } = infrastructure;
  const { internal, external } = loadBalancers;
  // The user already has a key that they configured.
  const sshPrivateKey = sshPublicKey === undefined ? infrastructure.sshPrivateKey : undefined;
  const secrets = {
    kubeconfig: infrastructure.adminKubeconfig,
    kubeadminPassword: files.kubeadminPassword,
    ...(sshPrivateKey && { sshPrivateKey }),
    ...(installerHost && { registryPassword: installerHost.host.registry.password }),
  };
  const [first, ...others] = Object.keys(secrets);
  return {
    infraId: infrastructure.infraId,
    apiUrl: `https://api.${clusterDomain}:6443`,
    vpcId: network.vpcId,
    subnetIds: [...network.publicSubnets, ...network.privateSubnets].map(({ id }) => id),
    ...(external && { externalLoadBalancer: external.name }),
    internalLoadBalancer: internal.name,
    ...(bootstrap && {
      bootstrapAddress: pulumi
        .all([bootstrap.instance.publicIp, bootstrap.instance.privateIp])
        .apply(([publicIp, privateIp]) => publicIp || privateIp),
    }),
    masterAddresses: addresses(masters),
    workerAddresses: [...addresses(workers), ...addresses(infra)],
    ...(userRecord && { dnsRecords: [...infrastructure.userRecords, userRecord].map(listedRecord) }),
    ...(sharedFileSystem && { efsFileSystemId: sharedFileSystem.fileSystemId }),
    ...(efsDriverRoles.length > 0 && {
      efsDriverRoleArns: Object.fromEntries(efsDriverRoles.map(({ component, arn }) => [component.name, arn])),
    }),
    ...(Object.keys(oauthCallbackUrls).length > 0 && { oauthCallbackUrls }),
    ...(kubeadmin && { kubeadmin }),
    ...(shards && {
      routers: shards.apply((all) => Object.fromEntries(all.map(({ name, domain, balancer }) => [name, { domain, balancer }]))),
      routerRecords: shards.apply((all) =>
        all.flatMap(({ domain, balancer, recordIsMissing }) => (recordIsMissing ? [`*.${domain} CNAME ${balancer}`] : [])),
      ),
    }),
    ...(exampleApplication && {
      exampleApplicationUrls: Object.fromEntries(exampleApplication.exposures.map(({ router, host }) => [router, `https://${host}/`])),
    }),
    ...(installerHost && {
      installerHostAddress: installerHost.host.address,
      registryUrl: `https://${installerHost.host.registry.host}:${registryPort}`,
    }),
    ...Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, pulumi.secret(value)])),
    showSecrets: `pulumi stack output --show-secrets ${first} (or ${others.join(", ")})`,
  };
}

function addresses({ machines }: MachinePool): pulumi.Output<string>[] {
  return machines.map(({ instance }) => instance.privateIp);
}
