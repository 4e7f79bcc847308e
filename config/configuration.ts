import type { AccessControlConfiguration } from "./access-control/settings";
import type { AuthenticationConfiguration } from "./authentication/settings";
import type { ClusterSettingsConfiguration } from "./cluster-settings/settings";
import type { SharedStorageConfiguration } from "./efs/settings";
import type { ElasticConfiguration } from "./elastic/settings";
import type { EtcdBackupConfiguration } from "./etcd-backup/settings";
import type { Routers } from "./ingress/settings";
import type { AlertingConfiguration } from "./alerting/settings";
import type { ExampleApplication } from "./example-application/settings";
import type { LoggingConfiguration } from "./logging/settings";
import type { MonitoringConfiguration } from "./monitoring/settings";
import type { ExtensionConfiguration, OperatorConfiguration } from "./operators/settings";
import type { InfraNodesConfiguration } from "./machines/settings";
import type { BaselineSet } from "./releases/capability-sets";
import type { Distribution } from "./releases/distribution";
import { Secret } from "./secret";
import type { GrafanaConfiguration } from "./grafana/settings";
import type { VeleroConfiguration } from "./velero/settings";

/** The parsed, checked and completed configuration of one stack. */
export interface Configuration {
  /** DNS label, 1 to 54 characters; the cluster's domain is `<clusterName>.<baseDomain>`. */
  readonly clusterName: string;
  readonly baseDomain: string;
  /** `<clusterName>.<baseDomain>`. */
  readonly clusterDomain: string;
  readonly distribution: Distribution;
  /** Version of the release, for instance `4.19.0`. */
  readonly release: string;
  /** Pull specification that replaces the release image named by the openshift-install binary. */
  readonly releaseImage?: string;
  readonly region: string;
  /**
   * Availability zones of a new network, in the order in which instances are spread over them. Empty with an existing network, whose
   * subnets determine the zones.
   */
  readonly zones: readonly string[];
  readonly network: NewNetworkConfiguration | ExistingNetworkConfiguration;
  /** CIDR blocks of the instances: the block of the new VPC, or the blocks that contain the existing subnets. At least one. */
  readonly machineCidrs: readonly string[];
  /** CIDR blocks of pods and services. */
  readonly clusterNetworkCidr: string;
  readonly clusterNetworkHostPrefix: number;
  readonly serviceNetworkCidr: string;
  readonly publish: "External" | "Internal";
  readonly dns: ManagedDns | UserManagedDns;
  /** Architecture of all instances, in the installer's spelling. */
  readonly architecture: "amd64" | "arm64";
  readonly masters: MachinePoolConfiguration;
  /** Whether the Pulumi engine refuses to delete the control plane. */
  readonly protectMasters: boolean;
  readonly workers: MachinePoolConfiguration;
  readonly infra: MachinePoolConfiguration;
  readonly bootstrap: { readonly instanceType: string };
  /** Minutes to wait for the control plane. */
  readonly bootstrapTimeout: number;
  /** Minutes to wait for the rest of the cluster once the control plane is ready. */
  readonly installTimeout: number;
  /** How the cluster's components get their AWS credentials; if undefined, it depends on the credentials that the program runs with. */
  readonly credentialsMode?: CredentialsMode;
  readonly fips: boolean;
  /** Enabled capabilities; if undefined, all capabilities of the release. */
  readonly capabilities?: { readonly baselineCapabilitySet: BaselineSet; readonly additionalEnabledCapabilities: readonly string[] };
  /** The instance with the image registry and the release's tools; if undefined, the tools run on the computer that runs Pulumi. */
  readonly installerHost?: InstallerHostConfiguration;
  /** The mirror in the installer host's registry; if undefined, the registry stays empty. */
  readonly mirror?: MirrorConfiguration;
  /** Whether the cluster runs its own update service, from images in the registry. */
  readonly updateService: boolean;
  /** Customer managed key for every volume and AMI; if undefined, the account's default key for EBS. */
  readonly volumeKmsKeyArn?: string;
  readonly iam: {
    readonly permissionsBoundaryArn?: string;
    /** Names of existing roles; the program creates only an instance profile for each. */
    readonly masterRoleName?: string;
    readonly workerRoleName?: string;
    readonly bootstrapRoleName?: string;
  };
  /** OpenSSH public key for the user core; if undefined, the program creates a key pair and keeps it in the state. */
  readonly sshPublicKey?: string;
  /** The private key for `sshPublicKey`, with executor `ssh`. */
  readonly sshPrivateKey?: Secret;
  readonly pullSecret: Secret;
  readonly proxy?: { readonly httpProxy?: string; readonly httpsProxy?: string; readonly noProxy?: string };
  /** PEM certificates that every instance trusts. */
  readonly additionalTrustBundle?: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Where the installation's scripts run: on the computer that runs Pulumi, or over ssh on the installer host. */
  readonly executor: { readonly kind: "local" } | { readonly kind: "ssh"; readonly access: InstallerHostAccess };
  /** CIDR blocks from which administrators reach the bootstrap instance and the installer host. */
  readonly adminCidrs: readonly string[];
  /** Regions and instance types that the policy pack allows; without a list, the regions and instance types that the configuration uses. */
  readonly approved: { readonly regions?: readonly string[]; readonly instanceTypes?: readonly string[] };
  /** Configuration of the installed cluster. */
  readonly platform: PlatformConfiguration;
}

/** How the program reaches the installer host's sshd. */
export type InstallerHostAccess =
  | { readonly kind: "public" }
  | { readonly kind: "bastion"; readonly bastion: Bastion }
  /** The user forwards this local port to the host's port 22. */
  | { readonly kind: "forwarded"; readonly port: number };

export interface Bastion {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** A line of a `.pub` file. */
  readonly hostKey: string;
  /** The key must not have a passphrase. */
  readonly privateKey: Secret;
}

/** `manual` means IAM roles and short-lived credentials (STS). */
export type CredentialsMode = "mint" | "passthrough" | "manual";

export interface NewNetworkConfiguration {
  readonly kind: "new";
  readonly vpcCidr: string;
  /** `per-zone` survives the loss of a zone, `single` is cheaper, `none` leaves private subnets without egress through NAT. */
  readonly natGateways: "per-zone" | "single" | "none";
  /** Whether the VPC has public subnets and an internet gateway. */
  readonly publicSubnets: boolean;
  /** Short names of services, such as `ec2`, that get an interface endpoint in the private subnets. */
  readonly interfaceEndpoints: readonly string[];
}

export interface ExistingNetworkConfiguration {
  readonly kind: "existing";
  readonly vpcId: string;
  readonly privateSubnetIds: readonly string[];
  /** Empty for a private cluster. */
  readonly publicSubnetIds: readonly string[];
}

export interface ManagedDns {
  readonly management: "managed";
  /** An existing private zone of the cluster's domain, only with an existing network; if undefined, the program creates one. */
  readonly privateZone?: {
    readonly id: string;
    /** Role to assume if the zone belongs to another account. */
    readonly roleArn?: string;
  };
}

/** The program creates neither a zone nor records; an output lists the records that the user must create. */
export interface UserManagedDns {
  readonly management: "user";
}

export interface MachinePoolConfiguration {
  readonly count: number;
  readonly instanceType: string;
  readonly volume: Volume;
  readonly securityGroupIds: readonly string[];
}

export interface InstallerHostConfiguration {
  readonly instanceType: string;
  /** AMI of the installer host; if undefined, the release's AMI. Always set with executor `ssh`. */
  readonly imageId?: string;
  readonly registry: {
    /** Where the registry stores its images: on the data volume, or in its own bucket. */
    readonly storage: "volume" | "s3";
    readonly volumeSizeGib: number;
    /** Pull specification of the registry software (CNCF distribution project). */
    readonly image: string;
    /** Any text; a changed text creates new passwords and a new certificate. */
    readonly rotation: string;
  };
}

/**
 * `fallback`: nodes pull the release from this registry when its public registry fails. `restricted`: nodes have no route to the internet,
 * only the installer host has. `air-gapped`: the installer host has no route either, and gets everything from S3.
 */
export type MirrorConfiguration =
  { readonly mode: "fallback" | "restricted" } | { readonly mode: "air-gapped"; readonly archive: MirrorArchive };

/** Where an air-gapped installer host finds images and tools. */
export interface MirrorArchive {
  readonly bucket: string;
  /** Prefix in the bucket, without a slash at its start or end; empty for the whole bucket. */
  readonly prefix: string;
}

export interface Volume {
  readonly sizeGib: number;
  readonly type: "gp3" | "io1" | "io2";
  readonly iops?: number;
  /** MiB/s, gp3 only. */
  readonly throughput?: number;
}

/** Configuration of the installed cluster, by topic. */
export interface PlatformConfiguration {
  readonly accessControl: AccessControlConfiguration;
  readonly authentication: AuthenticationConfiguration;
  readonly settings: ClusterSettingsConfiguration;
  readonly etcdBackup?: EtcdBackupConfiguration;
  readonly infraNodes: InfraNodesConfiguration;
  readonly sharedStorage?: SharedStorageConfiguration;
  readonly monitoring?: MonitoringConfiguration;
  readonly alerting?: AlertingConfiguration;
  readonly logging?: LoggingConfiguration;
  /** Operators from catalogs that version 0 of OLM installs. */
  readonly operators: readonly OperatorConfiguration[];
  /** Operators from catalogs that version 1 of OLM installs. */
  readonly extensions: readonly ExtensionConfiguration[];
  readonly grafana?: GrafanaConfiguration;
  readonly velero?: VeleroConfiguration;
  /** Logs in Elasticsearch; undefined unless its licence is accepted. */
  readonly elastic?: ElasticConfiguration;
  /** Whether the volumes in Velero's backups stay when the stack is destroyed, also if no schedule exists any more. */
  readonly keepBackedUpVolumes: boolean;
  readonly routers: Routers;
  readonly exampleApplication?: ExampleApplication;
}
