const name = "certificate-approver";
const namespace = "okd-aws-certificate-approver";

/** The approver's service account, and the Lease of the same name that the approver renews while it works. */
export const approverAccount = { namespace, name } as const;

/** The Secret into which the cluster writes the service account's token. */
export const approverToken = { namespace, name: `${name}-token` } as const;
