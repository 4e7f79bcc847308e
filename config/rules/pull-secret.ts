import type { Flaw } from "../finding";
import { rule } from "../rule";
import { registryOf } from "./release";

/** OKD's images are public; this only satisfies the installer, which wants a pull secret (OKD documentation, "Pull secret"). */
export const OKD_PULL_SECRET = '{"auths":{"fake":{"auth":"aWQ6cGFzcwo="}}}';

/** What the pull secret from the OpenShift console holds and an installation uses. */
const OPENSHIFT_HOSTS = ["cloud.openshift.com", "quay.io", "registry.redhat.io"] as const;

const SET_SECRET = "pulumi config set --secret pullSecret < pull-secret.json";
const FROM_CONSOLE = `download it from https://console.redhat.com/openshift/install/pull-secret, then ${SET_SECRET}`;

/** Hosts of a pull secret; undefined when it is none. */
function hostsOf(secret: string): Map<string, unknown> | undefined {
  try {
    const { auths } = JSON.parse(secret) as { auths?: unknown };
    return typeof auths === "object" && auths !== null && !Array.isArray(auths) ? new Map(Object.entries(auths)) : undefined;
  } catch {
    return undefined; // The parser's message quotes the text, which is a secret.
  }
}

/** Whether a text is a pull secret. Says nothing of what is in it but the registries' names. */
export function pullSecretFlaw(secret: string): Flaw | undefined {
  const hosts = hostsOf(secret);
  if (!hosts) return { wrong: 'is not JSON of the form {"auths": {…}}', fix: FROM_CONSOLE };
  if (hosts.size === 0) return { wrong: "holds no registry", fix: FROM_CONSOLE };
  for (const [host, entry] of hosts) {
    const { auth } = (entry ?? {}) as { auth?: unknown };
    const decoded = typeof auth === "string" ? Buffer.from(auth, "base64").toString("utf8") : "";
    if (!decoded.includes(":")) return { wrong: `has no user and password for ${JSON.stringify(host)}`, fix: FROM_CONSOLE };
  }
  return undefined;
}

/** OpenShift's images need credentials; a release image in a mirror needs the mirror's, and the update service's operator Red Hat's where it is mirrored from. */
export const pullSecretOpensRegistries = rule(
  ["distribution", "pullSecret", "releaseImage", "updateService", "mirror"],
  ({ distribution, pullSecret, releaseImage, updateService, mirror }) => {
    if (distribution === "okd") return [];
    if (pullSecret === "")
      return [{ key: "pullSecret", wrong: "is not set, but OpenShift's images can't be pulled without one", fix: FROM_CONSOLE }];
    const hosts = hostsOf(pullSecret);
    const operators = updateService && mirror === "restricted" ? ["registry.redhat.io"] : [];
    const needed = releaseImage === "" ? OPENSHIFT_HOSTS : [...new Set([registryOf(releaseImage), ...operators])];
    const missing = needed.filter((host) => !hosts?.has(host));
    if (missing.length === 0) return [];
    return [
      {
        key: "pullSecret",
        wrong: `has nothing for ${missing.join(", ")}`,
        allowed: `a pull secret with ${needed.join(", ")}`,
        fix: releaseImage === "" ? FROM_CONSOLE : SET_SECRET,
      },
    ];
  },
);
