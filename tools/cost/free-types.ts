/** Types of AWS resources that cost nothing by themselves (AWS's price lists have no product for them). */
const FREE_TYPES: ReadonlySet<string> = new Set(
  Object.entries({
    ec2: `ami defaultNetworkAcl defaultRouteTable defaultSecurityGroup egressOnlyInternetGateway eipAssociation instanceMetadataDefaults
      instanceState internetGateway keyPair launchTemplate mainRouteTableAssociation managedPrefixList networkAcl networkInterface
      networkInterfaceAttachment networkInterfaceSecurityGroupAttachment placementGroup route routeTable routeTableAssociation securityGroup
      securityGroupRule serialConsoleAccess subnet tag volumeAttachment vpc vpcDhcpOptions vpcDhcpOptionsAssociation vpcEndpointPolicy
      vpcEndpointRouteTableAssociation vpcIpv4CidrBlockAssociation`,
    vpc: "securityGroupEgressRule securityGroupIngressRule",
    ebs: "defaultKmsKey encryptionByDefault",
    lb: "listener listenerCertificate listenerRule targetGroup targetGroupAttachment",
    route53: "record vpcAssociationAuthorization zoneAssociation",
    iam: `accessKey group instanceProfile openIdConnectProvider policy role rolePolicy rolePolicyAttachment serviceLinkedRole user
      userGroupMembership userPolicy userPolicyAttachment`,
    // The objects' storage is estimated with the bucket.
    s3: `bucketAcl bucketLifecycleConfiguration bucketLogging bucketNotification bucketObject bucketObjectLockConfiguration
      bucketOwnershipControls bucketPolicy bucketPublicAccessBlock bucketServerSideEncryptionConfiguration bucketVersioning
      bucketWebsiteConfiguration`,
    kms: "alias grant keyPolicy",
    acm: "certificateValidation",
    secretsmanager: "secretVersion",
    wafv2: "ipSet webAclAssociation webAclLoggingConfiguration",
    cloudwatch: "logResourcePolicy",
    efs: "accessPoint fileSystemPolicy mountTarget",
  }).flatMap(([module, names]) =>
    names.split(/\s+/).map((name) => `aws:${module}/${name}:${name.charAt(0).toUpperCase()}${name.slice(1)}`),
  ),
);

/**
 * Types that exist only in the Pulumi engine, on the local machine, or in the cluster. cluster.ts estimates the AWS resources that the
 * cluster creates for Kubernetes objects.
 */
const FREE_PACKAGES: ReadonlySet<string> = new Set(["pulumi", "pulumi-nodejs", "command", "okd", "kubernetes"]);

export function costsNothing(type: string): boolean {
  return FREE_TYPES.has(type) || FREE_PACKAGES.has(type.split(":")[0]);
}
