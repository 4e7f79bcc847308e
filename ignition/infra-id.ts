/** The longest infraID, so that `<infraID>-ext` fits the 32 characters of a load balancer's name (reference, section 1). */
const maximumLength = 27;

/** Characters after the dash. */
export const suffixLength = 5;

/** The letters and digits of Kubernetes' generated names: no vowels, so that no word comes out, and no 0, 1, 3. */
export const suffixAlphabet = "bcdfghjklmnpqrstvwxz2456789";

/** The infraID's first part: the cluster's name, cut, as `openshift-install` cuts it (openshift/installer, `pkg/asset/installconfig/clusterid.go`). */
export function infraIdPrefix(clusterName: string): string {
  return clusterName
    .replaceAll(/[^A-Za-z0-9]+/g, "-")
    .slice(0, maximumLength - suffixLength - 1)
    .replace(/-$/, "");
}
