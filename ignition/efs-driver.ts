import type { CloudComponent } from "../config/releases/components";
import { isAtLeast, type Minor } from "../config/releases/minor";
import type { ComponentCredentialsRequest, StatementEntry } from "./credentials-requests";

/** Namespace of the EFS operator and its driver (openshift/csi-operator, `config/aws-efs/manifests/stable/…clusterserviceversion.yaml`). */
const NAMESPACE = "openshift-cluster-csi-drivers";

/** Path at which the driver reads its token (openshift/csi-operator, `pkg/driver/aws-efs/aws_efs.go`, release-4.19: cloudTokenPath). */
const TOKEN_PATH = "/var/run/secrets/openshift/serviceaccount/token";

/**
 * The controller of the EFS CSI driver. The operator uses the same secret, but calls AWS only in clusters with hosted
 * control planes (openshift/csi-operator, `pkg/driver/aws-efs/aws_efs_tags_controller.go`, release-4.19 to release-4.22),
 * so the role does not trust the operator's service account.
 */
const controller: CloudComponent = {
  name: "efs-csi-driver",
  secret: { namespace: NAMESPACE, name: "aws-efs-cloud-credentials" },
  serviceAccounts: ["aws-efs-csi-driver-controller-sa"],
  request: ["openshift/csi-operator", "assets/overlays/aws-efs/base/credentials.yaml"],
};

/** The driver's pods on the nodes. From 4.20 on they have a separate CredentialsRequest. */
const node: CloudComponent = {
  name: "efs-csi-node",
  secret: { namespace: NAMESPACE, name: "node-aws-efs-cloud-credentials" },
  serviceAccounts: ["aws-efs-csi-driver-node-sa"],
  request: ["openshift/csi-operator", "assets/overlays/aws-efs/base/credentials-node.yaml"],
};

/** The components of the EFS operator with AWS credentials. The operator comes from a catalog, so no release requests them. */
export function efsDriverComponents(minor: Minor): readonly CloudComponent[] {
  return isAtLeast(minor, "4.20") ? [controller, node] : [controller];
}

/**
 * The permissions of the components, by name. The operator requests `elasticfilesystem:*` on all resources. These statements are the actions of
 * the driver's example policy (kubernetes-sigs/aws-efs-csi-driver, `docs/iam-policy-example.json`, master), limited to access points with this
 * cluster's tag, which the operator makes the driver add (`controller.yaml`: `--tags`).
 */
export function efsDriverRequests(infraId: string): Record<string, ComponentCredentialsRequest> {
  const tag = `kubernetes.io/cluster/${infraId}`;
  const statement = (action: readonly string[], condition?: string): StatementEntry => ({
    effect: "Allow",
    action,
    resource: "*",
    ...(condition !== undefined && { policyCondition: { StringEquals: { [condition]: "owned" } } }),
  });
  const lookups = ["elasticfilesystem:DescribeMountTargets", "ec2:DescribeAvailabilityZones"];
  const request = ({ serviceAccounts }: CloudComponent, statements: readonly StatementEntry[]): ComponentCredentialsRequest => ({
    statements,
    serviceAccounts,
    tokenPath: TOKEN_PATH,
  });
  return {
    [controller.name]: request(controller, [
      statement(["elasticfilesystem:DescribeAccessPoints", "elasticfilesystem:DescribeFileSystems", ...lookups]),
      statement(["elasticfilesystem:CreateAccessPoint"], `aws:RequestTag/${tag}`),
      statement(["elasticfilesystem:TagResource", "elasticfilesystem:DeleteAccessPoint"], `aws:ResourceTag/${tag}`),
    ]),
    [node.name]: request(node, [statement(lookups)]),
  };
}
