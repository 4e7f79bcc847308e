import { htpasswdUsers } from "../../cluster-objects/authentication/htpasswd";
import type { Clock } from "../../lib/clock";
import { statusOf } from "../../lib/kubernetes/conditions";
import type { ApiItem, ClusterClient } from "../../lib/kubernetes/client";

interface Secret extends ApiItem {
  readonly data?: Readonly<Record<string, string>>;
}

/** The part of a Deployment (apps/v1) that shows the progress of its rollout. */
interface Deployment extends ApiItem {
  readonly metadata: ApiItem["metadata"] & { readonly generation?: number };
  readonly spec?: { readonly replicas?: number };
  readonly status?: { readonly observedGeneration?: number; readonly updatedReplicas?: number; readonly replicas?: number };
}

interface ClusterOperator extends ApiItem {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

type Reader = Pick<ClusterClient, "get" | "list">;

/** Seconds that the authentication operator may take to give a changed file to the OAuth servers: it restarts one server after the other. */
const TIMEOUT_SECONDS = 600;

/**
 * Seconds without a sign of a rollout after which no rollout is expected any more. A rollout begins some seconds after the change: one controller
 * of the operator copies the file, and another controller changes the deployment at its next sync (openshift/cluster-authentication-operator).
 */
const QUIET_SECONDS = 30;

const PAUSE_MS = 2000;

/**
 * Waits until every OAuth server has a file without the user.
 *
 * @throws Error if they don't get it in time
 */
export async function untilRefused(client: Reader, user: string, clock: Clock): Promise<void> {
  const deadline = clock.now() + TIMEOUT_SECONDS * 1000;
  for (let quietSince: number | undefined; ;) {
    const { obstacle, quietSeconds } = await observe(client, user);
    const now = clock.now();
    quietSince = obstacle === undefined ? (quietSince ?? now) : undefined;
    if (quietSince !== undefined && now - quietSince >= quietSeconds * 1000) return;
    if (obstacle !== undefined && now > deadline)
      throw new Error(
        `the OAuth servers may still accept ${user} after ${TIMEOUT_SECONDS} s: ${obstacle}; see the cluster operator authentication`,
      );
    await clock.pause(PAUSE_MS);
  }
}

/**
 * The reason why the OAuth servers may still accept the user, and how many seconds must pass without such a reason. Without a deployment the number
 * is 0, because there is no rollout.
 */
async function observe(client: Reader, user: string): Promise<{ readonly obstacle: string | undefined; readonly quietSeconds: number }> {
  const secrets = await client.list<Secret>("/api/v1/namespaces/openshift-authentication/secrets");
  const [operator, deployment] = await Promise.all([
    client.get<ClusterOperator>("/apis/config.openshift.io/v1/clusteroperators/authentication"),
    client.get<Deployment>("/apis/apps/v1/namespaces/openshift-authentication/deployments/oauth-openshift"),
  ]);
  // The operator's copies of the htpasswd files (openshift/cluster-authentication-operator, `pkg/operator/datasync`).
  const files = secrets.filter(({ metadata }) => /^v4-0-config-user-idp-\d+-file-data$/.test(metadata.name));
  const copied = files.some(({ data }) => htpasswdUsers(Buffer.from(data?.htpasswd ?? "", "base64").toString("utf8")).includes(user));
  const progressing = statusOf(operator?.status?.conditions, "Progressing") === "True";
  const obstacles = [
    ...(copied ? ["their copy of the file contains the user"] : []),
    ...(progressing ? ["the operator is progressing"] : []),
    ...(deployment !== undefined && isRollingOut(deployment) ? ["the servers are being replaced"] : []),
  ];
  return { obstacle: obstacles.length > 0 ? obstacles.join(", ") : undefined, quietSeconds: deployment === undefined ? 0 : QUIET_SECONDS };
}

/** Like `kubectl rollout status`: a rollout is complete when the change was observed, all pods are updated, and no old pod is left. */
function isRollingOut({ metadata, spec, status }: Deployment): boolean {
  const wanted = spec?.replicas ?? 1;
  return status?.observedGeneration !== metadata.generation || status?.updatedReplicas !== wanted || status.replicas !== wanted;
}
