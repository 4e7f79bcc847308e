/**
 * Maximum length of the infraID, so that `<infraID>-ext` fits the 32 characters of a load balancer's name (ELB API reference,
 * CreateLoadBalancer).
 */
const maximumLength = 27;

/** Number of characters after the dash. */
export const suffixLength = 5;

/** Characters of Kubernetes' generated names: no vowels, so that they form no words, and no 0, 1, 3. */
export const suffixAlphabet = "bcdfghjklmnpqrstvwxz2456789";

/**
 * First part of the infraID: the cluster's name, shortened as `openshift-install` does (openshift/installer,
 * `pkg/asset/installconfig/clusterid.go`).
 */
export function infraIdPrefix(clusterName: string): string {
  return clusterName
    .replaceAll(/[^A-Za-z0-9]+/g, "-")
    .slice(0, maximumLength - suffixLength - 1)
    .replace(/-$/, "");
}
