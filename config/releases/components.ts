/** A component of the cluster that calls AWS and has a CredentialsRequest in the release. */
export interface CloudComponent {
  /** Name of the component, part of its IAM role's name. */
  readonly name: string;
  /** Secret with the component's credentials. */
  readonly secret: { readonly namespace: string; readonly name: string };
  /** Service accounts that use these credentials, in the secret's namespace. */
  readonly serviceAccounts: readonly string[];
  /** Capability that the component belongs to; undefined if every cluster has the component. */
  readonly capability?: string;
  /** Repository and file of the component's CredentialsRequest. */
  readonly request: readonly [repository: string, file: string];
}

/**
 * Every component with AWS credentials in a cluster with the default feature set. The load balancer controller is missing because it uses
 * the control plane instances' role.
 */
export const CLOUD_COMPONENTS: readonly CloudComponent[] = [
  {
    name: "cloud-credential",
    secret: { namespace: "openshift-cloud-credential-operator", name: "cloud-credential-operator-iam-ro-creds" },
    serviceAccounts: ["cloud-credential-operator"],
    request: ["openshift/cloud-credential-operator", "manifests/05-iam-ro-credentialsrequest.yaml"],
  },
  {
    name: "cloud-network",
    secret: { namespace: "openshift-cloud-network-config-controller", name: "cloud-credentials" },
    serviceAccounts: ["cloud-network-config-controller"],
    request: ["openshift/cluster-network-operator", "manifests/02-cncc-credentials.yaml"],
  },
  {
    name: "ebs-csi-driver",
    secret: { namespace: "openshift-cluster-csi-drivers", name: "ebs-cloud-credentials" },
    serviceAccounts: ["aws-ebs-csi-driver-operator", "aws-ebs-csi-driver-controller-sa"],
    capability: "Storage",
    request: ["openshift/cluster-storage-operator", "manifests/03_credentials_request_aws.yaml"],
  },
  {
    name: "image-registry",
    secret: { namespace: "openshift-image-registry", name: "installer-cloud-credentials" },
    serviceAccounts: ["cluster-image-registry-operator", "registry"],
    capability: "ImageRegistry",
    request: ["openshift/cluster-image-registry-operator", "manifests/01-registry-credentials-request.yaml"],
  },
  {
    name: "ingress",
    secret: { namespace: "openshift-ingress-operator", name: "cloud-credentials" },
    serviceAccounts: ["ingress-operator"],
    capability: "Ingress",
    request: ["openshift/cluster-ingress-operator", "manifests/00-ingress-credentials-request.yaml"],
  },
  {
    name: "machine-api",
    secret: { namespace: "openshift-machine-api", name: "aws-cloud-credentials" },
    serviceAccounts: ["machine-api-controllers"],
    capability: "MachineAPI",
    request: ["openshift/machine-api-operator", "install/0000_30_machine-api-operator_00_credentials-request.yaml"],
  },
];

/**
 * Secrets that a release requests only with a feature that is off by default: up to 4.21 by the annotation
 * `release.openshift.io/feature-set`, from 4.22 on by `release.openshift.io/feature-gate` (openshift/cluster-capi-operator,
 * `manifests/0000_30_cluster-api_01_credentials-request.yaml`, release-4.14 to release-5.0). An `oc` older than 4.22 does not know the
 * second annotation and lists the request (openshift/oc, `pkg/cli/admin/release/extract_tools.go`).
 */
export const GATED_SECRETS: readonly string[] = ["openshift-cluster-api/capa-manager-bootstrap-credentials"];
