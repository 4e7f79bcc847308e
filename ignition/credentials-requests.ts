import { loadAll } from "js-yaml";
import { type CloudComponent, GATED_SECRETS } from "../config/releases/components";
import { KNOWN_RANGE } from "../config/releases/table";

/** One permission, in the format of a CredentialsRequest. */
export interface StatementEntry {
  readonly effect: string;
  readonly action: readonly string[];
  readonly resource: string;
  readonly policyCondition?: Readonly<Record<string, unknown>>;
}

/** The release's request for one component. */
export interface ComponentCredentialsRequest {
  readonly statements: readonly StatementEntry[];
  /** The component's service accounts, in the namespace of its secret. */
  readonly serviceAccounts: readonly string[];
  /** Path at which the component reads its token. */
  readonly tokenPath: string;
}

/**
 * Path of a component's token, unless its request names another (openshift/cloud-credential-operator, `pkg/cmd/provisioning/constants.go`).
 */
const usualTokenPath = "/var/run/secrets/openshift/serviceaccount/token";

interface CredentialsRequest {
  readonly kind?: string;
  readonly metadata?: { readonly name?: string };
  readonly spec?: {
    readonly secretRef?: { readonly name?: string; readonly namespace?: string };
    readonly serviceAccountNames?: readonly string[];
    readonly cloudTokenPath?: string;
    readonly providerSpec?: { readonly kind?: string; readonly statementEntries?: readonly StatementEntry[] };
  };
}

/**
 * The release's requests by component name.
 *
 * @param files the release's CredentialsRequests, as `oc adm release extract` writes them. Requests for other clouds and
 * for features that are off by default are ignored.
 * @throws Error that names the requests that this program does not know, and the requests that the release lacks; also
 * for a request without permissions or service accounts.
 */
export function requestsByComponent(
  components: readonly CloudComponent[],
  files: Readonly<Record<string, string>>,
): Record<string, ComponentCredentialsRequest> {
  const asked = new Map(
    Object.values(files)
      .flatMap((text) => loadAll(text) as (CredentialsRequest | null)[])
      .filter((each) => each?.kind === "CredentialsRequest" && each.spec?.providerSpec?.kind === "AWSProviderSpec")
      .map((request): [string, CredentialsRequest | null] => [
        `${request?.spec?.secretRef?.namespace}/${request?.spec?.secretRef?.name}`,
        request,
      ]),
  );
  const known = new Map(components.map((component) => [`${component.secret.namespace}/${component.secret.name}`, component]));
  const unknown = [...asked.keys()].filter((secret) => !known.has(secret) && !GATED_SECRETS.includes(secret));
  const missing = [...known.keys()].filter((secret) => !asked.has(secret));
  if (unknown.length + missing.length > 0) {
    throw new Error(
      "the release's components that call AWS differ from those for which this program creates roles: " +
        [
          ...(unknown.length > 0 ? [`the release requests the secret ${unknown.join(", ")}, for which there is no role`] : []),
          ...(missing.length > 0 ? [`the release does not request ${missing.join(", ")}, for which there is a role`] : []),
        ].join("; ") +
        `. Install a release from ${KNOWN_RANGE}, or set credentialsMode to mint and install with permanent credentials.`,
    );
  }
  return Object.fromEntries([...known].map(([secret, { name }]) => [name, readRequest(secret, asked.get(secret) ?? {})]));
}

function readRequest(secret: string, { spec }: CredentialsRequest): ComponentCredentialsRequest {
  const statements = spec?.providerSpec?.statementEntries ?? [];
  const serviceAccounts = spec?.serviceAccountNames ?? [];
  // A policy needs statements (IAM user guide, "IAM JSON policy elements: Statement"). A trust policy without service accounts would have an empty
  // list of subjects; how IAM treats it is unverified.
  if (statements.length === 0 || serviceAccounts.length === 0) {
    throw new Error(
      `the release's CredentialsRequest for the secret ${secret} has no permissions or no service accounts; use another release`,
    );
  }
  return { statements, serviceAccounts, tokenPath: spec?.cloudTokenPath ?? usualTokenPath };
}
