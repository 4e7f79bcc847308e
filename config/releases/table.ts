import type { Distribution } from "./distribution";
import { COMPONENT_ACTIONS, MASTER_ACTIONS } from "./actions";
import { type BootImages, OKD_IMAGES, OPENSHIFT_IMAGES } from "./images";
import { compareMinors, type MinorName, minorNamed } from "./minor";
import { sourcedFact, type SourcedFact } from "./source";

/** Something that can be configured from a minor release on. */
export type Feature = "router-subnets" | "tags-with-blanks" | "tls-modern" | "tls-modern-supported";

/** The changes of a minor release. Everything else is as in the row above. */
export interface MinorRelease {
  readonly name: MinorName;
  /** Distributions for which this project can install this minor release. */
  readonly distributions: readonly Distribution[];
  /** Capabilities that are optional from this release on. */
  readonly capabilities?: SourcedFact<readonly string[]>;
  /** IAM actions that the control plane's role needs in addition to the actions of the rows above. */
  readonly masterActions?: SourcedFact<readonly string[]>;
  /** IAM actions that components request in addition to the actions of the rows above. */
  readonly componentActions?: SourcedFact<readonly string[]>;
  readonly images?: Readonly<Partial<Record<Distribution, SourcedFact<BootImages>>>>;
  readonly features?: Readonly<Partial<Record<Feature, SourcedFact<string>>>>;
  /**
   * The minor release of oc-mirror to use for this release: its own, but at least 4.19. The flags `--cache-dir` (4.18) and
   * `--ignore-release-signature` (4.19) are new in these releases, and only from 4.19 on does oc-mirror verify and write the signatures of
   * an image set's `platform.release` (openshift/oc-mirror, `v2/internal/pkg/cli/executor.go` and `v2/internal/pkg/release/cincinnati.go`,
   * release-4.14 to release-4.22).
   */
  readonly ocMirror: MinorName;
  /** Changed defaults of the cluster that a user of this project notices. */
  readonly defaults?: readonly SourcedFact<string>[];
}

/** Source of the capabilities and their sets: repository and file. */
const CLUSTER_VERSION_SOURCE = ["openshift/api", "config/v1/types_cluster_version.go"] as const;
/** Source of the TLS profiles. */
const API_SERVER_SOURCE = ["openshift/api", "config/v1/types_apiserver.go"] as const;
/** Source of the feature gates. */
const FEATURE_GATES_SOURCE = ["openshift/api", "features.md"] as const;
/** Source of the actions that the role of the control plane gets. */
const MASTER_ROLE_SOURCE = ["openshift/installer", "pkg/infrastructure/aws/clusterapi/iam.go"] as const;
/** Sources of the actions that components with AWS credentials request. */
const MACHINE_API_SOURCE = ["openshift/machine-api-operator", "install/0000_30_machine-api-operator_00_credentials-request.yaml"] as const;
const EBS_DRIVER_SOURCE = ["openshift/cluster-storage-operator", "manifests/03_credentials_request_aws.yaml"] as const;

/**
 * The minor releases, oldest first. A new release gets a row with its changes. The facts in rows after `NEWEST`, the newest released minor
 * release, come from release branches of the upstream projects. Each fact has its source; docs/releases.md shows all of them.
 */
export const TABLE: readonly MinorRelease[] = [
  {
    name: "4.14",
    distributions: ["openshift"],
    capabilities: sourcedFact(
      [
        ...["baremetal", "marketplace", "openshift-samples", "Console", "CSISnapshot", "Insights", "Storage", "NodeTuning"],
        ...["Build", "DeploymentConfig", "ImageRegistry", "MachineAPI"],
      ],
      ...CLUSTER_VERSION_SOURCE,
      "release-4.14",
    ),
    masterActions: sourcedFact(MASTER_ACTIONS, ...MASTER_ROLE_SOURCE, "v1.4.19-ec5"),
    componentActions: sourcedFact(COMPONENT_ACTIONS, "six operators", "their CredentialsRequests", "release-4.14 to release-4.22"),
    images: { openshift: OPENSHIFT_IMAGES["4.14"] },
    ocMirror: "4.19",
  },
  {
    name: "4.15",
    distributions: ["openshift"],
    capabilities: sourcedFact(["CloudCredential", "OperatorLifecycleManager"], ...CLUSTER_VERSION_SOURCE, "release-4.15"),
    ocMirror: "4.19",
  },
  {
    name: "4.16",
    distributions: ["okd", "openshift"],
    capabilities: sourcedFact(["CloudControllerManager", "Ingress"], ...CLUSTER_VERSION_SOURCE, "release-4.16"),
    images: { okd: OKD_IMAGES["4.16"] },
    ocMirror: "4.19",
  },
  {
    name: "4.17",
    distributions: ["okd", "openshift"],
    features: {
      "router-subnets": sourcedFact(
        "`subnetIds` and `eipAllocationIds` of `routerShards` (IngressControllerLBSubnetsAWS and SetEIPForNLBIngressController are on by default)",
        ...FEATURE_GATES_SOURCE,
        "release-4.17",
      ),
    },
    ocMirror: "4.19",
  },
  {
    name: "4.18",
    distributions: ["okd", "openshift"],
    capabilities: sourcedFact(["OperatorLifecycleManagerV1"], ...CLUSTER_VERSION_SOURCE, "release-4.18"),
    features: {
      "tags-with-blanks": sourcedFact(
        "`tags` with spaces in keys or values",
        "openshift/api",
        "config/v1/types_infrastructure.go",
        "release-4.18",
      ),
    },
    ocMirror: "4.19",
  },
  {
    name: "4.19",
    distributions: ["okd", "openshift"],
    images: { okd: OKD_IMAGES["4.19"], openshift: OPENSHIFT_IMAGES["4.19"] },
    features: {
      "tls-modern": sourcedFact(
        "`tlsProfile: Modern`: etcd starts with TLS 1.3 as its minimum version",
        "openshift/cluster-etcd-operator",
        "pkg/etcdenvvar/etcd_env.go",
        "release-4.19 (commit c66a71f)",
      ),
    },
    ocMirror: "4.19",
    defaults: [
      sourcedFact(
        "The ingress operator installs and owns the definitions of the Gateway API (GatewayAPI).",
        ...FEATURE_GATES_SOURCE,
        "release-4.19",
      ),
    ],
  },
  {
    name: "4.20",
    distributions: ["okd", "openshift"],
    images: { okd: OKD_IMAGES["4.20"], openshift: OPENSHIFT_IMAGES["4.20"] },
    ocMirror: "4.20",
    defaults: [
      sourcedFact(
        "OKD's boot image is CentOS Stream CoreOS 10 instead of 9.",
        "openshift/installer",
        "data/data/coreos/scos.json",
        "commit 2160644",
      ),
    ],
  },
  {
    name: "4.21",
    distributions: ["okd", "openshift"],
    images: { okd: OKD_IMAGES["4.21"], openshift: OPENSHIFT_IMAGES["4.21"] },
    features: {
      "tls-modern-supported": sourcedFact(
        "`tlsProfile: Modern` is supported: the API's documentation no longer calls it unsupported",
        ...API_SERVER_SOURCE,
        "release-4.21",
      ),
    },
    ocMirror: "4.21",
  },
  {
    name: "4.22",
    distributions: ["okd", "openshift"],
    masterActions: sourcedFact(["elasticloadbalancing:SetSecurityGroups"], ...MASTER_ROLE_SOURCE, "commit 02e75a5"),
    componentActions: sourcedFact(["ec2:AllocateHosts", "ec2:ReleaseHosts"], ...MACHINE_API_SOURCE, "release-4.22"),
    images: { openshift: OPENSHIFT_IMAGES["4.22"] },
    ocMirror: "4.22",
    defaults: [
      sourcedFact(
        "A network load balancer created by the cluster has a security group (AWSServiceLBNetworkSecurityGroup).",
        ...FEATURE_GATES_SOURCE,
        "release-4.22",
      ),
      sourcedFact(
        "There are two streams of boot images: `coreos-rhel-9.json`, the default, and `coreos-rhel-10.json` with the feature OSStreams, which is off by default.",
        "openshift/installer",
        "pkg/rhcos/stream.go",
        "commit 006d457",
      ),
    ],
  },
  // Not released yet: the facts were read in release branches.
  {
    name: "4.23",
    distributions: ["okd", "openshift"],
    capabilities: sourcedFact(["ClusterAPI", "CompatibilityRequirements"], ...CLUSTER_VERSION_SOURCE, "release-4.23 and release-5.0"),
    componentActions: sourcedFact(
      ["ec2:CopyVolumes", "ec2:DescribeVolumeStatus", "ec2:LockSnapshot"],
      ...EBS_DRIVER_SOURCE,
      "release-4.23 and release-5.0",
    ),
    ocMirror: "4.22",
  },
];

/**
 * The newest released minor release (openshift/cincinnati-graph-data, `channels/stable-4.22.yaml`; okd-project/okd, release
 * 4.22.0-okd-scos.7).
 */
export const NEWEST: MinorName = "4.22";

/** The rows of released minor releases, for one distribution if given. */
export function releasedRows(distribution?: Distribution): readonly MinorRelease[] {
  return TABLE.filter(
    ({ name, distributions }) =>
      compareMinors(minorNamed(name), minorNamed(NEWEST)) <= 0 && (distribution === undefined || distributions.includes(distribution)),
  );
}

/** The oldest minor release that this project installs. */
export function oldestOf(distribution: Distribution): MinorName {
  return releasedRows(distribution)[0].name;
}

/** The releases that this project knows, for messages: `4.14 to 4.22`. */
export const KNOWN_RANGE = `${TABLE[0].name} to ${NEWEST}`;
