import { removeCommand } from "../finding";
import { decodeBase64 } from "../pem";
import { rule } from "../rule";
import { registryOf } from "./release";

/** OKD's images are public; this only satisfies the installer, which wants a pull secret (OKD documentation, "Pull secret"). */
export const OKD_PULL_SECRET = '{"auths":{"fake":{"auth":"aWQ6cGFzcwo="}}}';

/** What the pull secret from the OpenShift console holds and an installation uses. */
const OPENSHIFT_HOSTS = ["cloud.openshift.com", "quay.io", "registry.redhat.io"] as const;

const SET_SECRET = "pulumi config set --secret pullSecret < pull-secret.json";
const FROM_CONSOLE = `download it from https://console.redhat.com/openshift/install/pull-secret, then ${SET_SECRET}`;

const FOR_OKD = `${removeCommand("pullSecret")}: OKD needs none; for a registry of yours, give its user and password as "auth" in base64, then ${SET_SECRET}`;

/** Hosts of a pull secret; undefined when it is none. */
function hostsOf(secret: string): Map<string, unknown> | undefined {
  try {
    const { auths } = JSON.parse(secret) as { auths?: unknown };
    return typeof auths === "object" && auths !== null && !Array.isArray(auths) ? new Map(Object.entries(auths)) : undefined;
  } catch {
    return undefined; // The parser's message quotes the text, which is a secret.
  }
}

/** What is wrong with a text as a pull secret. Says nothing of what is in it but the registries' names. */
function formFlaw(secret: string): string | undefined {
  const hosts = hostsOf(secret);
  if (!hosts) return 'is not JSON of the form {"auths": {…}}';
  if (hosts.size === 0) return "holds no registry";
  for (const [host, entry] of hosts) {
    const { auth } = (entry ?? {}) as { auth?: unknown };
    // As strict as the programs that pull images (containers/image, `pkg/docker/config`: base64.StdEncoding).
    const decoded = typeof auth === "string" ? decodeBase64(auth)?.toString("utf8") : undefined;
    if (decoded?.includes(":") !== true) return `has no user and password for ${JSON.stringify(host)}`;
  }
  return undefined;
}

/**
 * The pull secret is one, and opens what is pulled: OpenShift's images need credentials; a release image in a mirror needs the mirror's, and the update service's operator Red Hat's where
 * it is mirrored from. OKD needs none.
 */
export const pullSecretOpensRegistries = rule(
  ["distribution", "pullSecret", "releaseImage", "updateService", "mirror"],
  ({ distribution, pullSecret, releaseImage, updateService, mirror }) => {
    const problem = (wrong: string, fix: string, more: { readonly allowed?: string } = {}) => [{ ...more, key: "pullSecret", wrong, fix }];
    const getOne = distribution === "okd" ? FOR_OKD : FROM_CONSOLE;
    const flaw = pullSecret === "" ? undefined : formFlaw(pullSecret);
    if (flaw !== undefined) return problem(flaw, getOne);
    if (distribution === "okd") return [];
    if (pullSecret === "") return problem("is not set, but OpenShift's images can't be pulled without one", getOne);
    const hosts = hostsOf(pullSecret);
    const operators = updateService && mirror === "restricted" ? ["registry.redhat.io"] : [];
    const needed = releaseImage === "" ? OPENSHIFT_HOSTS : [...new Set([registryOf(releaseImage), ...operators])];
    const missing = needed.filter((host) => !hosts?.has(host));
    if (missing.length === 0) return [];
    return problem(`has nothing for ${missing.join(", ")}`, releaseImage === "" ? FROM_CONSOLE : SET_SECRET, {
      allowed: `a pull secret with ${needed.join(", ")}`,
    });
  },
);
