import { own } from "../own";
import { rewriteCertificates } from "../pem";
import { secretOf } from "../rules/identity-providers";
import { formatTlsKey } from "../rules/private-key";
import type { Template } from "../rules/authentication-fields";
import type { Settings } from "../schema";
import { Secret } from "../secret";

/** An identity provider as it is configured, with its secret where it has one. */
export type IdentityProvider = Settings["identityProviders"][number] & { readonly secret?: Secret };

/** Those of one type. */
export type ProviderOf<T extends IdentityProvider["type"]> = Extract<IdentityProvider, { readonly type: T }>;

export type RoleBinding = Settings["roleBindings"][number];

/** Who logs in, how, and what they may do. */
export interface Authentication {
  readonly identityProviders: readonly IdentityProvider[];
  /** Passwords by user, of the provider of type HTPasswd. */
  readonly htpasswdUsers: ReadonlyMap<string, Secret>;
  readonly clusterAdmins: { readonly users: readonly string[]; readonly groups: readonly string[] };
  readonly roleBindings: readonly RoleBinding[];
  /** Seconds; what is absent is as the cluster has it. */
  readonly tokens: { readonly maxAge?: number; readonly inactivityTimeout?: number };
  readonly templates: Readonly<Partial<Record<Template, string>>>;
  readonly removeKubeadmin: boolean;
}

export function authentication(settings: Settings): Authentication {
  const { identityProviderSecrets, accessTokenMaxAge: maxAge, accessTokenInactivityTimeout: inactivityTimeout } = settings;
  return {
    identityProviders: settings.identityProviders.map((provider) => identityProvider(provider, identityProviderSecrets)),
    htpasswdUsers: new Map(Object.entries(settings.htpasswdUsers).map(([name, password]) => [name, new Secret(password)])),
    clusterAdmins: { users: settings.clusterAdmins, groups: settings.clusterAdminGroups },
    roleBindings: settings.roleBindings,
    tokens: { ...(maxAge > 0 && { maxAge }), ...(inactivityTimeout > 0 && { inactivityTimeout }) },
    templates: settings.loginTemplates,
    removeKubeadmin: settings.removeKubeadmin,
  };
}

/** A provider with its secret, and its PEM texts as the cluster's programs read them. */
function identityProvider(provider: Settings["identityProviders"][number], secrets: Settings["identityProviderSecrets"]): IdentityProvider {
  const { ca, clientCertificate } = provider as { readonly ca?: string; readonly clientCertificate?: string };
  const secret = secretOf(provider) === undefined ? undefined : own(secrets, provider.name);
  return {
    ...provider,
    ...(ca !== undefined && { ca: rewriteCertificates(ca) }),
    ...(clientCertificate !== undefined && { clientCertificate: rewriteCertificates(clientCertificate) }),
    ...(secret !== undefined && { secret: new Secret(clientCertificate === undefined ? secret : formatTlsKey(secret)) }),
  };
}
