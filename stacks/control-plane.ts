import * as pulumi from "@pulumi/pulumi";
import { Bootstrap } from "../components/bootstrap";
import { MachinePool, type MachinePoolArgs } from "../components/machines/machine-pool";
import type { RollingResize, RollingResizeArgs } from "../components/machines/rolling-resize";
import type { Milestone } from "../components/milestones";
import type { Configuration } from "../config/configuration";
import { withInternalServerName, withTrustBundle } from "../lib/kubernetes/kubeconfig";
import type { Foundation } from "./foundation";
import type { InstallerSteps } from "./installer";

/** The bootstrap instance, the control plane, and the kubeconfigs of the cluster. */
export interface ControlPlane {
  /** Undefined after the bootstrap destroy. */
  readonly bootstrap?: Bootstrap;
  readonly masters: MachinePool;
  /** Order in which an update resizes the control plane instances of an installed cluster. */
  readonly rollingResize: RollingResize | undefined;
  /** Arguments shared by the pools of workers and infra nodes, which are created later: see `installCluster`. */
  readonly workerArgs: Omit<MachinePoolArgs, "role" | "pool">;
  /** The administrator's kubeconfig. It also trusts the CA of the API server's configured certificate. */
  readonly adminKubeconfig: pulumi.Output<string>;
  /** Kubeconfig for this program. It works whatever certificate the API server has. */
  readonly ownKubeconfig: pulumi.Output<string>;
  /** Targets that are registered with the load balancers. */
  readonly registered: readonly pulumi.Resource[];
}

/** Launches the bootstrap instance and the control plane, and registers both with the load balancers. */
export async function launchControlPlane(
  configuration: Configuration,
  foundation: Foundation,
  { imageId, files, resolvable }: InstallerSteps,
): Promise<ControlPlane> {
  const { identity, naming, network, loadBalancers, securityGroups, milestones, cleanup } = foundation;
  const { region, clusterDomain, volumeKmsKeyArn: kmsKeyArn } = configuration;
  const bootAfter = [...network.egress, ...securityGroups.rules, ...loadBalancers.rules, cleanup.done, ...resolvable];
  const bootArgs = { imageId, bootAfter };
  const bootstrap = launchBootstrap(configuration, foundation, { ...bootArgs, ignition: files.bootstrapIgnition });
  const poolArgs = { ...bootArgs, naming, kmsKeyArn, subnets: network.privateSubnets };
  const adminKubeconfig = files.kubeconfig.apply((text) => withTrustBundle(text, configuration.platform.settings.apiServer.authority));
  const ownKubeconfig = adminKubeconfig.apply((text) => withInternalServerName(text, clusterDomain));
  const rollingResize = await findRollingResize(milestones, { identity, region, role: "master", kubeconfig: ownKubeconfig });
  const masters = new MachinePool("masters", {
    ...poolArgs,
    role: "master",
    pool: configuration.masters,
    securityGroupId: securityGroups.masters.id,
    profileName: foundation.masterRole.profileName,
    userData: files.masterIgnition,
    protect: configuration.protectMasters,
    rollingResize,
  });
  const workerArgs = {
    ...poolArgs,
    securityGroupId: securityGroups.workers.id,
    profileName: foundation.workerRole.profileName,
    userData: files.workerIgnition,
    protect: false,
  };
  const registered = [
    ...(bootstrap ? loadBalancers.register("bootstrap", bootstrap.instance.privateIp, { parent: bootstrap }) : []),
    ...masters.machines.flatMap(({ key, instance }) => loadBalancers.register(key, instance.privateIp, { parent: masters })),
  ];
  return { ...(bootstrap && { bootstrap }), masters, rollingResize, workerArgs, adminKubeconfig, ownKubeconfig, registered };
}

/** Launches the bootstrap instance; undefined after the bootstrap destroy. */
function launchBootstrap(
  configuration: Configuration,
  { naming, partition, network, securityGroups }: Foundation,
  args: { readonly imageId: pulumi.Output<string>; readonly ignition: pulumi.Output<string>; readonly bootAfter: pulumi.Resource[] },
): Bootstrap | undefined {
  if (securityGroups.bootstrap === undefined) return undefined;
  const isPublic = configuration.publish === "External";
  return new Bootstrap("bootstrap", {
    ...args,
    naming,
    configuration,
    partition,
    subnet: (isPublic ? network.publicSubnets : network.privateSubnets)[0],
    securityGroupIds: [securityGroups.bootstrap.id, securityGroups.masters.id],
    publicAddress: isPublic,
  });
}

/**
 * The order of the resizes. Undefined before the installation, because no API server has to stay available then, and in a preview, which
 * stops no instances.
 */
async function findRollingResize(milestones: ReadonlySet<Milestone>, args: RollingResizeArgs): Promise<RollingResize | undefined> {
  if (!milestones.has("installed") || pulumi.runtime.isDryRun()) return undefined;
  const { RollingResize } = await import("../components/machines/rolling-resize");
  return RollingResize.find(args);
}
