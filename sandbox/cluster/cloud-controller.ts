import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { sandboxClientConfiguration } from "../aws/client";
import type { AwsSnapshot, Instance } from "../machines";
import type { BootstrapConfig } from "./bootstrap-config";
import type { SimulatedInstance } from "./machine";
import type { SimulatedControlPlane } from "./processes";

interface Options {
  readonly infraId: string;
  readonly region: string;
  readonly say: (text: string) => void;
}

/**
 * Runs the AWS cloud controller (k8s.io/cloud-provider-aws) of a cluster. It initialises Nodes, deletes the Nodes of deleted instances, and creates load
 * balancers for Services. It calls AWS with the permissions of a control plane instance.
 */
export class CloudController {
  /** The reason why the controller can't be started; undefined if it runs, or waits for a node. */
  problem?: string;

  constructor(
    private readonly plane: SimulatedControlPlane,
    private readonly config: BootstrapConfig,
    private readonly options: Options,
  ) {}

  /** Starts the controller on the first registered control plane node, unless it runs. */
  async advance(snapshot: AwsSnapshot, machines: readonly SimulatedInstance[]): Promise<void> {
    const host = machines.find(({ isMaster, isRegistered, instance }) => isMaster && isRegistered && instance.state === "running");
    if (host === undefined || this.plane.isRunning("aws-cloud-controller-manager")) return;
    try {
      await this.start(snapshot, host);
      this.problem = undefined;
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      if (problem !== this.problem) this.options.say(problem);
      this.problem = problem;
    }
  }

  private async start(snapshot: AwsSnapshot, { name, instance }: SimulatedInstance): Promise<void> {
    const { infraId, region, say } = this.options;
    const data = this.config.manifest("ConfigMap", "cloud-provider-config").data as Record<string, string>;
    const credentials = await credentialsOf(snapshot, instance);
    this.plane.runCloudController(cloudConfig(data.config, { infraId, region, instance }), credentials);
    say(`the AWS cloud controller runs on ${name}`);
  }
}

/**
 * The controller's configuration: the installer's configuration (openshift/installer,
 * `pkg/asset/manifests/cloudproviderconfig.go`, v1.4.19-ec5) with the default of its operator
 * (openshift/cluster-cloud-controller-manager-operator, `pkg/cloud/aws/aws_config_transformer.go`, release-4.19:
 * setOpenShiftDefaults). The last lines take the place of the metadata service, from which the real controller reads
 * these values.
 */
export function cloudConfig(
  installed: string,
  { infraId, region, instance }: { readonly infraId: string; readonly region: string; readonly instance: Instance },
): string {
  return [
    installed.trimEnd(),
    "ClusterServiceLoadBalancerHealthProbeMode = Shared",
    `Region = ${region}`,
    `Zone = ${instance.zone}`,
    `VPC = ${instance.vpcId}`,
    `SubnetID = ${instance.subnetId}`,
    `KubernetesClusterID = ${infraId}`,
    "",
  ].join("\n");
}

/**
 * Credentials of an instance's role, as environment variables of AWS's SDKs. The session's name is the instance's ID (Amazon EC2 user guide, "Retrieve
 * security credentials from instance metadata"), by which the emulated AWS recognises calls that need the role's permissions.
 */
async function credentialsOf(snapshot: AwsSnapshot, { id, profileArn }: Instance): Promise<Record<string, string>> {
  const role = profileArn === undefined ? undefined : await snapshot.permissionsOf(profileArn);
  if (role === undefined) throw new Error(`the AWS cloud controller has no credentials: ${id} has no instance profile with a role`);
  const sts = new STSClient(sandboxClientConfiguration(snapshot.region));
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: role.roleArn, RoleSessionName: id }));
  return {
    AWS_REGION: snapshot.region,
    AWS_ACCESS_KEY_ID: Credentials?.AccessKeyId ?? "",
    AWS_SECRET_ACCESS_KEY: Credentials?.SecretAccessKey ?? "",
    AWS_SESSION_TOKEN: Credentials?.SessionToken ?? "",
  };
}
