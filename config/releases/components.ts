/** A component of the cluster that calls AWS, and for which the release asks for credentials. */
export interface CloudComponent {
  /** Part of its role's name. */
  readonly name: string;
  /** Where it reads its credentials from. */
  readonly secret: { readonly namespace: string; readonly name: string };
  /** Accounts that act with these credentials, in the secret's namespace. */
  readonly serviceAccounts: readonly string[];
  /** The optional part of the release that it belongs to, where it can be left out. */
  readonly capability?: string;
  /** Repository and file of its CredentialsRequest. */
  readonly request: readonly [repository: string, file: string];
}

/** Every component with credentials of a cluster with the default feature set. The load balancers' controller acts as the masters' machines. */
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
 * Secrets for which a release asks only with a feature that is off by default: up to 4.21 by the annotation `release.openshift.io/feature-set`, from 4.22 on
 * by `release.openshift.io/feature-gate` (openshift/cluster-capi-operator, `manifests/0000_30_cluster-api_01_credentials-request.yaml`, release-4.14 to
 * release-5.0). An `oc` older than 4.22 does not know the second annotation and lists the request (openshift/oc, `pkg/cli/admin/release/extract_tools.go`).
 */
export const GATED_SECRETS: readonly string[] = ["openshift-cluster-api/capa-manager-bootstrap-credentials"];
