import { registryOf } from "../cluster/fields";
import { removeCommand } from "../problem";
import { decodeBase64 } from "../pem";
import { rule } from "../rule";

/** Registries that an installation uses and that are in the pull secret from the Red Hat console. */
const OPENSHIFT_HOSTS = ["cloud.openshift.com", "quay.io", "registry.redhat.io"] as const;

const SET_SECRET = "pulumi config set --secret pullSecret < pull-secret.json";
const FROM_CONSOLE = `download it from https://console.redhat.com/openshift/install/pull-secret, then ${SET_SECRET}`;

const FOR_OKD = `${removeCommand("pullSecret")}: OKD needs none. For your own registry, write its user:password in base64 as "auth", then ${SET_SECRET}`;

/** Entries of a pull secret by registry host; undefined if the text is not a pull secret. */
function hostsOf(secret: string): Map<string, unknown> | undefined {
  try {
    const { auths } = JSON.parse(secret) as { auths?: unknown };
    return typeof auths === "object" && auths !== null && !Array.isArray(auths) ? new Map(Object.entries(auths)) : undefined;
  } catch {
    return undefined; // The parser's message is dropped because it quotes the secret.
  }
}

/** Checks the form of a pull secret. The message quotes only the names of registries. */
function formProblem(secret: string): string | undefined {
  const hosts = hostsOf(secret);
  if (!hosts) return 'is not JSON of the form {"auths": {…}}';
  if (hosts.size === 0) return "contains no registry";
  for (const [host, entry] of hosts) {
    const { auth } = (entry ?? {}) as { auth?: unknown };
    // This check is as strict as the programs that pull images (containers/image, `pkg/docker/config`: base64.StdEncoding).
    const decoded = typeof auth === "string" ? decodeBase64(auth)?.toString("utf8") : undefined;
    if (decoded?.includes(":") !== true) return `has no user and password for ${JSON.stringify(host)}`;
  }
  return undefined;
}

/**
 * The pull secret must be valid and have credentials for every registry that is used. Without `releaseImage` these are the registries of
 * OpenShift's images. With `releaseImage` they are its registry, and Red Hat's registry if the update service's operator is mirrored from
 * there. OKD needs no credentials.
 */
export const pullSecretOpensRegistries = rule(
  ["distribution", "pullSecret", "releaseImage", "updateService", "mirror"],
  ({ distribution, pullSecret, releaseImage, updateService, mirror }) => {
    const problems = (wrong: string, fix: string, more: { readonly allowed?: string } = {}) => [{ ...more, key: "pullSecret", wrong, fix }];
    const getOne = distribution === "okd" ? FOR_OKD : FROM_CONSOLE;
    const problem = pullSecret === "" ? undefined : formProblem(pullSecret);
    if (problem !== undefined) return problems(problem, getOne);
    if (distribution === "okd") return [];
    if (pullSecret === "") return problems("is not set, but OpenShift's images can't be pulled without one", getOne);
    const hosts = hostsOf(pullSecret);
    const operators = updateService && mirror === "restricted" ? ["registry.redhat.io"] : [];
    const needed = releaseImage === "" ? OPENSHIFT_HOSTS : [...new Set([registryOf(releaseImage), ...operators])];
    const missing = needed.filter((host) => !hosts?.has(host));
    if (missing.length === 0) return [];
    return problems(`has no credentials for ${missing.join(", ")}`, releaseImage === "" ? FROM_CONSOLE : SET_SECRET, {
      allowed: `a pull secret with credentials for ${needed.join(", ")}`,
    });
  },
);
