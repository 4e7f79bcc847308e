import { pullSecretEntry, type RegistryAccount } from "../installer-host/registry";

/**
 * Adds the credentials of the cluster's own registry to a pull secret.
 *
 * @throws Error if the pull secret has no `auths`; the check of the configuration refuses such a pull secret earlier. The message does not quote
 *   the pull secret.
 */
export function withRegistry(pullSecret: string, registry: string, account: RegistryAccount): string {
  const { auths, ...rest } = JSON.parse(pullSecret) as { auths?: Record<string, unknown> };
  if (auths === undefined) throw new Error('the pull secret has no "auths"');
  return JSON.stringify({ ...rest, auths: { ...auths, [registry]: pullSecretEntry(account) } });
}
