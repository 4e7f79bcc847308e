import { isDisconnected, type MirrorMode } from "../mirror/fields";
import { type EndpointService, NEEDED_ENDPOINTS } from "./fields";

interface EndpointNeeds {
  readonly mode: MirrorMode;
  /** Whether volumes and secrets are encrypted with a customer managed key. */
  readonly hasKmsKey: boolean;
  /** Whether a storage class needs the EFS CSI driver, which calls EFS. */
  readonly efsDriver: boolean;
  /** Whether ssh reaches the installer host through Systems Manager. */
  readonly sessionManager: boolean;
}

/** Interface endpoints that a disconnected network needs (openshift-docs, "Installing a cluster on AWS in a restricted network"). */
export function endpointsOf({ mode, hasKmsKey, efsDriver, sessionManager }: EndpointNeeds): readonly EndpointService[] {
  if (!isDisconnected(mode)) return [];
  return [
    ...NEEDED_ENDPOINTS,
    // The cluster's operators call STS if they use IAM roles. The list has the endpoint with every credentials mode.
    "sts",
    ...(hasKmsKey ? (["kms"] as const) : []),
    ...(efsDriver ? (["elasticfilesystem"] as const) : []),
    // For the installer host: its secrets, and the parameters that it publishes.
    ...(mode === "air-gapped" ? (["secretsmanager", "ssm"] as const) : []),
    // For Session Manager (AWS Systems Manager user guide, "Improve the security of EC2 instances by using VPC endpoints").
    ...(mode === "air-gapped" && sessionManager ? (["ssmmessages"] as const) : []),
  ];
}
