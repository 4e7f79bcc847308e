import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { AppsRecords } from "../components/apps-records";
import { BootstrapDestroy } from "../components/bootstrap-destroy";
import { waitForCluster } from "../components/installer/cluster-wait";
import { MachinePool } from "../components/machines/machine-pool";
import { milestoneParameter } from "../components/milestones";
import { onceDone } from "../components/once-done";
import { routerAddress } from "../components/router-address";
import { type UserRecord, UserRecords } from "../components/user-records";
import type { Configuration } from "../config/configuration";
import { type DiagnosisTarget, diagnosisTarget } from "../steps/diagnosis/target";
import type { Infrastructure } from "./infrastructure";
import { appsRecord } from "./user-records";

/** Parts of the installed cluster that the configuration of the cluster (`stacks/day2.ts`) and the outputs use. */
export interface InstallationResults {
  readonly workers: MachinePool;
  readonly infra: MachinePool;
  /** This resource is created when the installation is complete. */
  readonly installed: pulumi.Resource;
  /** This resource is created when the cluster has the catalogs that oc-mirror wrote; undefined without a mirror. */
  readonly catalogs: pulumi.Resource | undefined;
  /** The default router's record that the user must create; undefined unless DNS is user-managed. */
  readonly userRecord: UserRecord | undefined;
}

/**
 * Completes the installation of a cluster whose control plane instances are launched. Also destroys the bootstrap instance and launches
 * the workers.
 */
export function installCluster(configuration: Configuration, infrastructure: Infrastructure): InstallationResults {
  const { infraId, bootstrap, installerHost, executor, files, milestones, masters, mirrored } = infrastructure;
  const { kubeconfig, kubeadminPassword } = files;
  const target = targetOfDiagnosis(configuration, infrastructure);
  const wait = { executor, configuration, kubeconfig, kubeadminPassword, target };

  const controlPlane = waitForCluster(
    "bootstrap-complete",
    {
      ...wait,
      waitFor: "bootstrap-complete",
      reached: milestones.has("bootstrap-destroyed"),
      timeoutSeconds: configuration.bootstrapTimeout * 60,
    },
    { dependsOn: [...infrastructure.recordsAndListeners, masters, ...(bootstrap ? [bootstrap] : [])] },
  );
  const bootstrapDestroy = declareBootstrapDestroy(configuration, infrastructure, controlPlane);
  // All further resources wait for the bootstrap destroy: if one of them failed at the same time, the Pulumi engine would no longer start the
  // bootstrap destroy.
  const approver = installerHost?.approver.connect({ executor, configuration, kubeconfig }, { dependsOn: bootstrapDestroy.done });
  const joinable = [bootstrapDestroy.done, ...(approver ? [approver] : [])];
  const { workers, infra } = launchWorkers(configuration, infrastructure, joinable);
  const workersLaunched = { dependsOn: [...joinable, workers, infra] };
  const { userRecord, resolvable } = nameRouter(configuration, infrastructure, workersLaunched);
  const complete = waitForCluster(
    "install-complete",
    { ...wait, waitFor: "install-complete", reached: milestones.has("installed"), timeoutSeconds: configuration.installTimeout * 60 },
    { dependsOn: [...workersLaunched.dependsOn, ...resolvable] },
  );
  // The host's health check runs in parallel with the wait for the cluster, which does not need the host. So a broken host is reported
  // early, and the installation takes no longer.
  const healthy = installerHost?.declareHealthWait({ dependsOn: bootstrapDestroy.done }) ?? [];
  const catalogs = mirrored?.applyToCluster({ executor, kubeconfig: infrastructure.adminKubeconfig }, { dependsOn: complete });
  const installed = new aws.ssm.Parameter(
    "installed",
    { name: infraId.apply((id) => milestoneParameter(id, "installed")), type: "String", value: "true" },
    { dependsOn: [complete, ...healthy], deleteBeforeReplace: true },
  );
  return { workers, infra, installed, catalogs, userRecord };
}

/** The target that a diagnosis examines if a wait fails. */
function targetOfDiagnosis(
  configuration: Configuration,
  { infraId, files, sshPrivateKey, installerHost }: Infrastructure,
): pulumi.Output<DiagnosisTarget> {
  return pulumi
    .all([infraId, files.kubeconfig, sshPrivateKey, files.kubeadminPassword, installerHost?.host.registry])
    .apply(([id, kubeconfig, key, kubeadminPassword, registry]) =>
      diagnosisTarget(configuration, {
        infraId: id,
        kubeconfig,
        ...(key !== undefined && { sshPrivateKey: key }),
        kubeadminPassword,
        registryPassword: registry?.password,
        registryPullPassword: registry?.pullPassword,
      }),
    );
}

/** Destroys the bootstrap instance, once the control plane no longer needs it. */
function declareBootstrapDestroy(
  { region }: Configuration,
  { infraId, bootstrap, loadBalancers }: Infrastructure,
  controlPlane: pulumi.Resource,
): BootstrapDestroy {
  const described =
    bootstrap &&
    pulumi.output({
      instanceId: bootstrap.instance.id,
      address: bootstrap.instance.privateIp,
      targetGroupArns: loadBalancers.targetGroupArns,
      bucket: bootstrap.object.bucket,
      objectKey: bootstrap.object.key,
    });
  return new BootstrapDestroy("bootstrap-destroy", { region, infraId, bootstrap: described }, { dependsOn: controlPlane });
}

/**
 * Workers and infra nodes. A first installation launches them only when they can join, for two reasons. First, the configs of their pools
 * come from the control plane, not from the bootstrap instance (openshift/machine-config-operator, `pkg/server/bootstrap_server.go`,
 * release-4.19). Second, the approver approves an instance's first CSR only within two hours after the launch: if an installation is
 * interrupted for longer, instances that were launched before could no longer join. In an installed cluster the launch waits for nothing.
 */
function launchWorkers(
  configuration: Configuration,
  { milestones, workerArgs }: Infrastructure,
  joinable: readonly pulumi.Resource[],
): Pick<InstallationResults, "workers" | "infra"> {
  const args = milestones.has("installed") ? workerArgs : { ...workerArgs, imageId: onceDone(workerArgs.imageId, joinable) };
  return {
    workers: new MachinePool("workers", { ...args, role: "worker", pool: configuration.workers }),
    infra: new MachinePool("infra", { ...args, role: "infra", pool: configuration.infra }),
  };
}

/**
 * Provides the DNS record of the default router. With `appsZones` this program creates the record; with user-managed DNS it waits until the
 * user has created the record. Otherwise the cluster's ingress operator creates the record, and nothing is declared.
 */
function nameRouter(
  configuration: Configuration,
  { executor, files, milestones, appsZones }: Infrastructure,
  workersCome: { dependsOn: pulumi.Resource[] },
): Pick<InstallationResults, "userRecord"> & { readonly resolvable: readonly pulumi.Resource[] } {
  const router = {
    executor,
    configuration,
    kubeconfig: files.kubeconfig,
    found: milestones.has("installed"),
    timeoutSeconds: configuration.installTimeout * 60,
  };
  if (appsZones) return { userRecord: undefined, resolvable: [new AppsRecords("apps-records", { ...router, ...appsZones }, workersCome)] };
  if (configuration.dns.management !== "user") return { userRecord: undefined, resolvable: [] };
  const userRecord = appsRecord(configuration, routerAddress("router-address", router, workersCome));
  const { ready } = new UserRecords("apps-user-record", {
    executor,
    records: [userRecord],
    title: "apps-record",
    passed: router.found,
    timeoutSeconds: router.timeoutSeconds,
  });
  return { userRecord, resolvable: [ready] };
}
