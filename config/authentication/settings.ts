import { ownValue } from "../../lib/own-value";
import { rewriteCertificates } from "../pem";
import { secretOf } from "./identity-provider";
import { formatTlsKey } from "../private-key";
import type { Template } from "./fields";
import type { Settings } from "../schema";
import { Secret } from "../secret";

/** An identity provider as configured, with its secret if it needs one. */
export type IdentityProvider = Settings["identityProviders"][number] & { readonly secret?: Secret };

/** The identity providers of one type. */
export type ProviderOf<T extends IdentityProvider["type"]> = Extract<IdentityProvider, { readonly type: T }>;

export type RoleBinding = Settings["roleBindings"][number];

/** Login and role bindings. */
export interface AuthenticationConfiguration {
  readonly identityProviders: readonly IdentityProvider[];
  /** Passwords of the HTPasswd provider, by user name. */
  readonly htpasswdUsers: ReadonlyMap<string, Secret>;
  readonly clusterAdmins: { readonly users: readonly string[]; readonly groups: readonly string[] };
  readonly roleBindings: readonly RoleBinding[];
  /** Seconds; if undefined, the cluster's default. */
  readonly tokens: { readonly maxAge?: number; readonly inactivityTimeout?: number };
  readonly templates: Readonly<Partial<Record<Template, string>>>;
  readonly removeKubeadmin: boolean;
}

export function authentication(settings: Settings): AuthenticationConfiguration {
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

/** Adds the secret to an identity provider, and reformats its PEM texts so that OpenShift can read them. */
function identityProvider(provider: Settings["identityProviders"][number], secrets: Settings["identityProviderSecrets"]): IdentityProvider {
  const { ca, clientCertificate } = provider as { readonly ca?: string; readonly clientCertificate?: string };
  const secret = secretOf(provider) === undefined ? undefined : ownValue(secrets, provider.name);
  return {
    ...provider,
    ...(ca !== undefined && { ca: rewriteCertificates(ca) }),
    ...(clientCertificate !== undefined && { clientCertificate: rewriteCertificates(clientCertificate) }),
    ...(secret !== undefined && { secret: new Secret(clientCertificate === undefined ? secret : formatTlsKey(secret)) }),
  };
}
