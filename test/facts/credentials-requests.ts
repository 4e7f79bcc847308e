/**
 * Namespace and name of the secret of every CredentialsRequest for AWS, from 4.14 to 5.0: `secretRef` in `manifests/` or `install/` of
 * openshift/cloud-credential-operator, cluster-network-operator, cluster-storage-operator, cluster-image-registry-operator, cluster-ingress-operator
 * and machine-api-operator.
 */
export const requestedSecrets: readonly (readonly [namespace: string, name: string])[] = [
  ["openshift-cloud-credential-operator", "cloud-credential-operator-iam-ro-creds"],
  ["openshift-cloud-network-config-controller", "cloud-credentials"],
  ["openshift-cluster-csi-drivers", "ebs-cloud-credentials"],
  ["openshift-image-registry", "installer-cloud-credentials"],
  ["openshift-ingress-operator", "cloud-credentials"],
  ["openshift-machine-api", "aws-cloud-credentials"],
];

/** A CredentialsRequest in the form of a release, with permissions that the test chooses. */
export function credentialsRequest(namespace: string, secret: string): string {
  return `apiVersion: cloudcredential.openshift.io/v1
kind: CredentialsRequest
metadata: {name: request, namespace: openshift-cloud-credential-operator}
spec:
  secretRef: {namespace: ${namespace}, name: ${secret}}
  serviceAccountNames: [one, other]
  providerSpec:
    apiVersion: cloudcredential.openshift.io/v1
    kind: AWSProviderSpec
    statementEntries:
      - {effect: Allow, action: ["ec2:DescribeInstances"], resource: "*"}
      - {effect: Allow, action: ["kms:CreateGrant"], resource: "*", policyCondition: {Bool: {"kms:GrantIsForAWSResource": true}}}
`;
}
