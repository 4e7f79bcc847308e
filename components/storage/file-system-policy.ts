/**
 * The policy of the cluster's file system. A client needs no IAM identity, but must come through a mount target, which only the nodes reach.
 * This equals EFS's default (EFS user guide, "Using IAM to control access to file systems"). Root access is allowed: EFS would otherwise map
 * root to nobody, and only root can create directories in the root directory of a new file system.
 *
 * @param requireTls whether clients without TLS are refused
 */
export function fileSystemPolicy(fileSystemArn: string, { requireTls }: { readonly requireTls: boolean }): object {
  const actions = ["ClientMount", "ClientWrite", "ClientRootAccess"].map((action) => `elasticfilesystem:${action}`);
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "ThroughMountTargets",
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: actions,
        Resource: fileSystemArn,
        // The condition also keeps the policy from being public in the sense of EFS block public access.
        Condition: { Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" } },
      },
      ...(requireTls
        ? [
            {
              Sid: "OnlyWithTls",
              Effect: "Deny",
              Principal: { AWS: "*" },
              Action: "*",
              Resource: fileSystemArn,
              Condition: { Bool: { "aws:SecureTransport": "false" } },
            },
          ]
        : []),
    ],
  };
}
