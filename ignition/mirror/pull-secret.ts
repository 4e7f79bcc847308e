import { pullSecretEntry, type RegistryAccount } from "../installer-host/registry";

/**
 * The pull secret with the credentials of the cluster's own registry in it.
 *
 * @throws Error when the pull secret is not of the form that the configuration's check lets through; without quoting it.
 */
export function withRegistry(pullSecret: string, registry: string, account: RegistryAccount): string {
  const { auths, ...rest } = JSON.parse(pullSecret) as { auths?: Record<string, unknown> };
  if (auths === undefined) throw new Error('the pull secret has no "auths"');
  return JSON.stringify({ ...rest, auths: { ...auths, [registry]: pullSecretEntry(account) } });
}
