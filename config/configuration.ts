import type { PlatformConfiguration } from "./platform/platform";
import type { BaselineSet } from "./releases/capability-sets";
import { Secret } from "./secret";

/** What the program works with: the parsed, checked and completed configuration of one stack. */
export interface Configuration {
  /** DNS label, 1 to 54 characters; the cluster's domain is `<clusterName>.<baseDomain>`. */
  readonly clusterName: string;
  readonly baseDomain: string;
  /** `<clusterName>.<baseDomain>`. */
  readonly clusterDomain: string;
  readonly distribution: Distribution;
  /** Version of the release, for instance `4.19.0`. */
  readonly release: string;
  /** Pull specification that replaces the release image that the installer's binary names. */
  readonly releaseImage?: string;
  readonly region: string;
  /** A new network's availability zones, in the order in which machines are spread over them; empty with an existing one, whose subnets name them. */
  readonly zones: readonly string[];
  readonly network: NewNetwork | ExistingNetwork;
  /** Ranges of the machines: the VPC's, or those of the existing subnets. At least one. */
  readonly machineCidrs: readonly string[];
  /** Ranges of pods and services. */
  readonly clusterNetworkCidr: string;
  readonly clusterNetworkHostPrefix: number;
  readonly serviceNetworkCidr: string;
  readonly publish: "External" | "Internal";
  readonly dns: ManagedDns | UserManagedDns;
  /** `arm64` when every machine type is a Graviton one; the installer's spelling `amd64` otherwise. */
  readonly architecture: "amd64" | "arm64";
  readonly masters: MachinePool;
  /** Whether the engine refuses to delete masters. */
  readonly protectMasters: boolean;
  readonly workers: MachinePool;
  readonly infra: MachinePool;
  readonly bootstrap: { readonly instanceType: string };
  /** Minutes after which the control plane is given up. */
  readonly bootstrapTimeout: number;
  /** Minutes after which the rest of the cluster is given up. */
  readonly installTimeout: number;
  /** How the cluster's components get their AWS credentials; without it the credentials that the program runs with decide. */
  readonly credentialsMode?: CredentialsMode;
  readonly fips: boolean;
  /** The optional parts of the release; without it all of them. */
  readonly capabilities?: { readonly baselineCapabilitySet: BaselineSet; readonly additionalEnabledCapabilities: readonly string[] };
  /** The machine with the image registry and the release's tools; without it the tools run where Pulumi does. */
  readonly installerHost?: InstallerHost;
  /** What the registry on the installer host is the source of; without it the registry stays empty. */
  readonly mirror?: Mirror;
  /** Whether the cluster runs an update service of its own, out of the registry. */
  readonly updateService: boolean;
  /** Customer managed key for every volume and image; without it AWS's own `aws/ebs` key encrypts. */
  readonly volumeKmsKeyArn?: string;
  readonly iam: {
    readonly permissionsBoundaryArn?: string;
    /** Names of existing roles; the program makes only an instance profile around each. */
    readonly masterRoleName?: string;
    readonly workerRoleName?: string;
    readonly bootstrapRoleName?: string;
  };
  /** OpenSSH public key for the user core; without it a key pair is made and kept in the state. */
  readonly sshPublicKey?: string;
  /** The private half of `sshPublicKey`, where the installation logs in with it. */
  readonly sshPrivateKey?: Secret;
  readonly pullSecret: Secret;
  readonly proxy?: { readonly httpProxy?: string; readonly httpsProxy?: string; readonly noProxy?: string };
  /** PEM certificates that every machine trusts. */
  readonly additionalTrustBundle?: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Where the installation's scripts run: on the machine that runs Pulumi, or over ssh on the installer host. */
  readonly executor: { readonly kind: "local" } | { readonly kind: "ssh"; readonly access: InstallerHostAccess };
  /** Ranges from which people reach the bootstrap machine (and later the installer host). */
  readonly adminCidrs: readonly string[];
  /** What the policy pack lets through; without a list what the configuration itself names. */
  readonly approved: { readonly regions?: readonly string[]; readonly instanceTypes?: readonly string[] };
  /** What the installed cluster is configured with. */
  readonly platform: PlatformConfiguration;
}

/** The way to the installer host's sshd. */
export type InstallerHostAccess =
  | { readonly kind: "public" }
  | { readonly kind: "bastion"; readonly bastion: Bastion }
  /** Something else forwards this port of the machine that runs Pulumi to the host's port 22. */
  | { readonly kind: "forwarded"; readonly port: number };

export interface Bastion {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Line of a `.pub` file. */
  readonly hostKey: string;
  /** Without a passphrase. */
  readonly privateKey: Secret;
}

/** `manual` is with roles and short-lived credentials (STS). */
export type CredentialsMode = "mint" | "passthrough" | "manual";

export type Distribution = "okd" | "openshift";

export interface NewNetwork {
  readonly kind: "new";
  readonly vpcCidr: string;
  /** `per-zone` survives the loss of a zone, `single` is cheaper, `none` leaves private subnets without a way out. */
  readonly natGateways: "per-zone" | "single" | "none";
  /** Whether there are public subnets and an internet gateway at all. */
  readonly publicSubnets: boolean;
  /** Short names of services, such as `ec2`, that get an interface endpoint in the private subnets. */
  readonly interfaceEndpoints: readonly string[];
}

export interface ExistingNetwork {
  readonly kind: "existing";
  readonly vpcId: string;
  readonly privateSubnetIds: readonly string[];
  /** Empty for a private cluster. */
  readonly publicSubnetIds: readonly string[];
}

export interface ManagedDns {
  readonly management: "managed";
  /** An existing private zone of the cluster's domain, with an existing network only; without it one is made. */
  readonly privateZone?: {
    readonly id: string;
    /** Role to assume when the zone belongs to another account. */
    readonly roleArn?: string;
  };
}

/** The program makes no zone and no record; an output lists the records to create. */
export interface UserManagedDns {
  readonly management: "user";
}

export interface MachinePool {
  readonly count: number;
  readonly instanceType: string;
  readonly volume: Volume;
  readonly securityGroupIds: readonly string[];
}

export interface InstallerHost {
  readonly instanceType: string;
  /** Image that it boots from; without it the release's. Always given where the installation runs on it. */
  readonly imageId?: string;
  readonly registry: {
    /** Where its images are kept: on the data volume, or in a bucket of its own. */
    readonly storage: "volume" | "s3";
    readonly volumeSizeGib: number;
    /** Pull specification of the distribution project's registry. */
    readonly image: string;
    /** Any text: another one makes a new password and a new certificate. */
    readonly rotation: string;
  };
}

/**
 * `fallback`: nodes find the release in the registry when its public one fails. `restricted`: nodes have no way to the internet, the installer host
 * has. `air-gapped`: neither has, and the host lives on what lies in S3.
 */
export type Mirror = { readonly mode: "fallback" | "restricted" } | { readonly mode: "air-gapped"; readonly archive: MirrorArchive };

/** Where an air-gapped installer host finds images and tools. */
export interface MirrorArchive {
  readonly bucket: string;
  /** Without slashes around it; empty for the whole bucket. */
  readonly prefix: string;
}

export interface Volume {
  readonly sizeGib: number;
  readonly type: "gp3" | "io1" | "io2";
  readonly iops?: number;
  /** MiB/s, gp3 only. */
  readonly throughput?: number;
}
