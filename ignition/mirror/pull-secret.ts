import { registryUser } from "../installer-host/registry";

/**
 * The pull secret with the credentials of the cluster's own registry in it.
 *
 * @throws Error when the pull secret is not of the form that the configuration's check lets through; without quoting it.
 */
export function withRegistry(pullSecret: string, registry: string, password: string): string {
  const { auths, ...rest } = JSON.parse(pullSecret) as { auths?: Record<string, unknown> };
  if (auths === undefined) throw new Error('the pull secret has no "auths"');
  const auth = Buffer.from(`${registryUser}:${password}`).toString("base64");
  return JSON.stringify({ ...rest, auths: { ...auths, [registry]: { auth } } });
}
