import type { AuthenticationConfiguration } from "../../config/authentication/settings";
import { type Template, TEMPLATES } from "../../config/authentication/fields";
import type { ApiObject } from "../object";
import { configSecret } from "./config-object";
import { identityProviderObjects, redirectsToProvider } from "./identity-provider";

/** Keys of the pages in their Secrets (openshift/api, `config/v1/types_oauth.go`, OAuthTemplates). */
const TEMPLATE_KEYS: Readonly<Record<Template, string>> = {
  login: "login.html",
  providerSelection: "providers.html",
  error: "errors.html",
};

const TEMPLATE_SECRETS: Readonly<Record<Template, string>> = {
  login: "okd-aws-login-page",
  providerSelection: "okd-aws-provider-selection-page",
  error: "okd-aws-error-page",
};

/** Secrets with the pages. The pages are not secret, but OAuth can only refer to Secrets. */
export function templateSecrets({ templates }: Pick<AuthenticationConfiguration, "templates">): ApiObject[] {
  return TEMPLATES.flatMap((name) => {
    const text = templates[name];
    return text === undefined ? [] : [configSecret(TEMPLATE_SECRETS[name], { [TEMPLATE_KEYS[name]]: text })];
  });
}

/**
 * The fields of `OAuth cluster` that this program sets; undefined if none is configured. All identity providers are in one list, which a second
 * writer would replace.
 */
export function oauth({ identityProviders, tokens, templates }: AuthenticationConfiguration): ApiObject | undefined {
  const providers = identityProviders.map((provider) => identityProviderObjects(provider).entry);
  const tokenConfig = {
    ...(tokens.maxAge !== undefined && { accessTokenMaxAgeSeconds: tokens.maxAge }),
    ...(tokens.inactivityTimeout !== undefined && { accessTokenInactivityTimeout: goDuration(tokens.inactivityTimeout) }),
  };
  const pages = Object.fromEntries(
    TEMPLATES.filter((name) => templates[name] !== undefined).map((name) => [name, { name: TEMPLATE_SECRETS[name] }]),
  );
  const spec = {
    ...(providers.length > 0 && { identityProviders: providers }),
    ...(Object.keys(tokenConfig).length > 0 && { tokenConfig }),
    ...(Object.keys(pages).length > 0 && { templates: pages }),
  };
  if (Object.keys(spec).length === 0) return undefined;
  return { apiVersion: "config.openshift.io/v1", kind: "OAuth", metadata: { name: "cluster" }, spec };
}

/**
 * Keeps the spec of `OAuth cluster` non-empty, by a field that has no effect (openshift/api, `config/v1/types_oauth.go`) and is never removed.
 * A cluster starts with an empty spec. When the last field of a spec is dropped, the API server sets the spec to null and then refuses it
 * (kubernetes/kubernetes#117447).
 */
export function keepOAuthSpecNonEmpty(): ApiObject {
  const spec = { tokenConfig: { accessTokenInactivityTimeoutSeconds: 0 } };
  return { apiVersion: "config.openshift.io/v1", kind: "OAuth", metadata: { name: "cluster" }, spec };
}

/**
 * A duration in the form in which the API server returns it (Go, `time.Duration`): "1h0m0s". With any other form, every preview would show
 * a difference.
 */
export function goDuration(seconds: number): string {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  return `${hours > 0 ? `${hours}h` : ""}${hours > 0 || minutes > 0 ? `${minutes}m` : ""}${rest}s`;
}

/** Callback URLs to register with each identity provider's application, by provider. */
export function callbackUrls(
  { identityProviders }: Pick<AuthenticationConfiguration, "identityProviders">,
  clusterDomain: string,
): Record<string, string> {
  const host = oauthHost(clusterDomain);
  return Object.fromEntries(
    identityProviders.filter(redirectsToProvider).map(({ name }) => [name, `https://${host}/oauth2callback/${name}`]),
  );
}

/** Host name of the cluster's OAuth server. */
export function oauthHost(clusterDomain: string): string {
  return `oauth-openshift.apps.${clusterDomain}`;
}
