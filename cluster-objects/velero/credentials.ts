import { CREDENTIALS } from "./names";

/** The source of Velero's AWS credentials: the Secret of the cloud credential operator, or a role that its service account assumes. */
export type VeleroCredentials<Text> = { readonly kind: "secret" } | RoleOfVelero<Text>;

/** A role that Velero's service account assumes. */
interface RoleOfVelero<Text> {
  readonly kind: "role";
  readonly arn: Text;
  readonly audience: string;
  /** The region whose endpoint of STS Velero asks for a session. */
  readonly region: string;
}

const TOKEN = { directory: "/var/run/secrets/aws", file: "token" };
const CREDENTIALS_DIRECTORY = "/credentials";
const VOLUME = "aws";

/** The variables, the mount and the volume with which a container of Velero gets its AWS credentials. */
export function credentialFields<Text>(credentials: VeleroCredentials<Text>): {
  readonly env: readonly object[];
  readonly mount: object;
  readonly volume: object;
} {
  // If Velero's own credentials fail, AWS's SDK must not use the credentials of the node's role.
  const noNodeRole = { name: "AWS_EC2_METADATA_DISABLED", value: "true" };
  if (credentials.kind === "secret")
    return {
      env: [noNodeRole, { name: "AWS_SHARED_CREDENTIALS_FILE", value: `${CREDENTIALS_DIRECTORY}/${CREDENTIALS.key}` }],
      mount: { name: VOLUME, mountPath: CREDENTIALS_DIRECTORY, readOnly: true },
      volume: { name: VOLUME, secret: { secretName: CREDENTIALS.secret } },
    };
  const token = { audience: credentials.audience, expirationSeconds: 3600, path: TOKEN.file };
  return {
    env: [
      noNodeRole,
      // For kopia Velero asks STS without the region of the location (vmware-tanzu/velero, `pkg/repository/config/aws.go`: GetS3Credentials,
      // release-1.18). Without this variable AWS's SDK knows no endpoint of STS, and Velero copies no file.
      { name: "AWS_REGION", value: credentials.region },
      { name: "AWS_ROLE_ARN", value: credentials.arn },
      { name: "AWS_WEB_IDENTITY_TOKEN_FILE", value: `${TOKEN.directory}/${TOKEN.file}` },
    ],
    mount: { name: VOLUME, mountPath: TOKEN.directory, readOnly: true },
    volume: { name: VOLUME, projected: { sources: [{ serviceAccountToken: token }] } },
  };
}
