import * as pulumi from "@pulumi/pulumi";
import type { AuthenticationConfiguration as Settings, IdentityProvider, ProviderOf } from "../../config/authentication/settings";
import type { Observation } from "../../steps/authentication/observe";
import { bindings } from "../../cluster-objects/authentication/bindings";
import { identityProviderObjects } from "../../cluster-objects/authentication/identity-provider";
import { ldapGroupSync } from "../../cluster-objects/authentication/ldap-group-sync";
import { oauth, keepOAuthSpecNonEmpty, templateSecrets } from "../../cluster-objects/authentication/oauth";
import type { ApiObject } from "../../cluster-objects/object";
import type { ClusterApi } from "./cluster-api";
import { HtpasswdUsers } from "./htpasswd-users";
import { declareKubeadminRemoval } from "./kubeadmin";

export interface AuthenticationArgs {
  readonly api: ClusterApi;
  readonly clusterDomain: string;
  readonly authentication: Settings;
  /** State of the logins in the cluster before anything is changed. */
  readonly observation: Observation;
}

/** Identity providers, the OAuth configuration, role bindings, LDAP group sync, and the removal of kubeadmin. */
export class Authentication extends pulumi.ComponentResource {
  /** Whether kubeadmin has been removed, and why or why not; undefined without `removeKubeadmin`. */
  readonly kubeadmin: pulumi.Output<string> | undefined;

  constructor(name: string, args: AuthenticationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:cluster:Authentication", name, {}, opts);
    const { api, authentication } = args;
    const child = { parent: this };
    const declare = (suffix: string, object: ApiObject) => api.object(`${name}-${suffix}`, withSecretData(object), child);

    const referred = [
      ...authentication.identityProviders.flatMap((provider) => this.referredTo(name, provider, args)),
      ...templateSecrets(authentication).map((secret) => declare(secret.metadata.name, secret)),
    ];
    const object = oauth(authentication);
    // Secrets and config maps are created first: otherwise the operator would report references to objects that do not exist.
    const patch =
      object &&
      api.patch(`${name}-oauth`, object, {
        ...child,
        dependsOn: [...referred, api.patchAndRetain(`${name}-oauth-foothold`, keepOAuthSpecNonEmpty(), child)],
      });
    const bound = bindings(authentication).map((binding) => declare(`binding-${binding.metadata.name}`, binding));
    for (const provider of authentication.identityProviders) if (hasGroupSync(provider)) this.synchronizeGroups(name, provider, api);

    this.kubeadmin = authentication.removeKubeadmin
      ? declareKubeadminRemoval(`${name}-kubeadmin`, args, { ...child, dependsOn: [...(patch ? [patch] : []), ...bound] })
      : undefined;
    this.registerOutputs();
  }

  /** Creates the secrets and config maps to which a provider's entry refers. */
  private referredTo(name: string, provider: IdentityProvider, { api, authentication }: AuthenticationArgs): pulumi.Resource[] {
    const child = { parent: this };
    const prefix = `${name}-${provider.name}`;
    if (provider.type === "HTPasswd") {
      const users = new HtpasswdUsers(prefix, { api, provider: provider.name, users: authentication.htpasswdUsers }, child);
      return [users.secret];
    }
    const { secret, configMap } = identityProviderObjects(provider);
    return [
      ...(secret ? [api.object(`${prefix}-secret`, withSecretData(secret), child)] : []),
      ...(configMap ? [api.object(`${prefix}-ca`, configMap, child)] : []),
    ];
  }

  private synchronizeGroups(name: string, provider: WithGroupSync, api: ClusterApi): void {
    const child = { parent: this };
    const [namespace, ...objects] = ldapGroupSync(provider);
    const first = api.object(`${name}-${provider.name}-sync-namespace`, namespace, child);
    for (const object of objects) {
      const suffix = object.kind.toLowerCase();
      api.object(`${name}-${provider.name}-sync-${suffix}`, withSecretData(object), { ...child, dependsOn: first });
    }
  }
}

type WithGroupSync = ProviderOf<"LDAP"> & { readonly groupSync: NonNullable<ProviderOf<"LDAP">["groupSync"]> };

function hasGroupSync(provider: IdentityProvider): provider is WithGroupSync {
  return provider.type === "LDAP" && provider.groupSync !== undefined;
}

/** The object with its data marked as secret if it is a Secret. */
function withSecretData(object: ApiObject): ApiObject {
  return object.kind === "Secret" ? { ...object, data: pulumi.secret(object.data) } : object;
}
