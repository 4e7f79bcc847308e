import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { AppsRecords } from "../components/apps-records";
import { BootstrapRetirement } from "../components/bootstrap-retirement";
import { waitForCluster } from "../components/installer/cluster-wait";
import { clusterMarker } from "../components/markers";
import type { Configuration } from "../config/configuration";
import { subjectOf } from "../operations/diagnosis/subject";
import type { Infrastructure } from "./infrastructure";

/** What the later stacks need of an installed cluster. */
export interface Cluster {
  /** Stands when the installation is complete. */
  readonly installed: pulumi.Resource;
}

/** From machines that boot to a cluster that is installed, and the bootstrap machine's end on the way. */
export function installCluster(configuration: Configuration, infrastructure: Infrastructure): Cluster {
  const { infraId, bootstrap, installerHost, executor, files, loadBalancers, markers, masters, workers, infra, mirrored, appsZones } =
    infrastructure;
  const { kubeconfig, kubeadminPassword } = files;
  const subject = pulumi
    .all([infraId, kubeconfig, infrastructure.sshPrivateKey])
    .apply(([id, admin, key]) =>
      subjectOf(configuration, { infraId: id, kubeconfig: admin, ...(key !== undefined && { sshPrivateKey: key }) }),
    );
  const wait = { executor, configuration, kubeconfig, kubeadminPassword, subject };

  const controlPlane = waitForCluster(
    "bootstrap-complete",
    {
      ...wait,
      milestone: "bootstrap-complete",
      reached: markers.has("bootstrap-retired"),
      timeoutSeconds: configuration.bootstrapTimeout * 60,
    },
    { dependsOn: [...infrastructure.reachable, masters, ...(bootstrap ? [bootstrap] : [])] },
  );
  const retirement = new BootstrapRetirement(
    "bootstrap-retirement",
    {
      region: configuration.region,
      infraId,
      bootstrap:
        bootstrap &&
        pulumi.output({
          instanceId: bootstrap.instance.id,
          address: bootstrap.instance.privateIp,
          targetGroupArns: loadBalancers.targetGroupArns,
          bucket: bootstrap.object.bucket,
          objectKey: bootstrap.object.key,
        }),
    },
    { dependsOn: controlPlane },
  );
  // From here on everything waits for the retirement: what fails beside it would keep the engine from beginning it.
  // Workers come only now: their certificate requests need the standing approver; those of the masters the bootstrap machine answers itself.
  const approving = installerHost?.approver.connect({ executor, configuration, kubeconfig }, { dependsOn: retirement.done });
  const workersCome = { dependsOn: [retirement.done, ...(approving ? [approving] : []), workers, infra] };
  const apps =
    appsZones &&
    new AppsRecords(
      "apps-records",
      {
        executor,
        configuration,
        kubeconfig,
        ...appsZones,
        known: markers.has("installed"),
        timeoutSeconds: configuration.installTimeout * 60,
      },
      workersCome,
    );
  const complete = waitForCluster(
    "install-complete",
    { ...wait, milestone: "install-complete", reached: markers.has("installed"), timeoutSeconds: configuration.installTimeout * 60 },
    { dependsOn: [...workersCome.dependsOn, ...(apps ? [apps] : [])] },
  );
  // Beside the wait for the cluster, which doesn't need it: what fails here is told as soon, and nothing takes longer.
  const healthy = installerHost?.healthy({ dependsOn: retirement.done }) ?? [];
  mirrored?.complete({ executor, kubeconfig }, { dependsOn: complete });
  const installed = new aws.ssm.Parameter(
    "installed",
    { name: infraId.apply((id) => clusterMarker(id, "installed")), type: "String", value: "true" },
    { dependsOn: [complete, ...healthy], deleteBeforeReplace: true },
  );
  return { installed };
}
