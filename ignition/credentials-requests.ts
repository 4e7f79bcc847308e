import { loadAll } from "js-yaml";
import { type CloudComponent, GATED_SECRETS } from "../config/releases/components";
import { KNOWN_RANGE } from "../config/releases/table";

/** One permission, as a CredentialsRequest spells it. */
export interface StatementEntry {
  readonly effect: string;
  readonly action: readonly string[];
  readonly resource: string;
  readonly policyCondition?: Readonly<Record<string, unknown>>;
}

/** What the release asks for, for one component. */
export interface CloudRequest {
  readonly statements: readonly StatementEntry[];
  /** Accounts of the component, in its secret's namespace. */
  readonly serviceAccounts: readonly string[];
  /** Where the component finds its token. */
  readonly tokenPath: string;
}

/** openshift/cloud-credential-operator, `pkg/cmd/provisioning/constants.go`: where a component's token is unless its request says otherwise. */
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
 * What the release asks for, by the component's name.
 *
 * @param files the release's CredentialsRequests, as `oc adm release extract` writes them. Those for other clouds, and for features that are off by default, don't count.
 * @throws Error that names what the release has and this program doesn't know, and the reverse; or a request that can't be answered.
 */
export function matchRequests(
  components: readonly CloudComponent[],
  files: Readonly<Record<string, string>>,
): Record<string, CloudRequest> {
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
      "the release's components that call AWS are not those that this program makes roles for: " +
        [
          ...(unknown.length > 0 ? [`the release asks for the secret ${unknown.join(", ")}, for which there is no role`] : []),
          ...(missing.length > 0 ? [`it doesn't ask for ${missing.join(", ")}, for which there is one`] : []),
        ].join("; ") +
        `. Install a release from ${KNOWN_RANGE}, or set credentialsMode to mint and install with lasting credentials.`,
    );
  }
  return Object.fromEntries([...known].map(([secret, { name }]) => [name, readRequest(secret, asked.get(secret) ?? {})]));
}

function readRequest(secret: string, { spec }: CredentialsRequest): CloudRequest {
  const statements = spec?.providerSpec?.statementEntries ?? [];
  const serviceAccounts = spec?.serviceAccountNames ?? [];
  // A role without a statement is refused by AWS, and one without an account would trust every account of the cluster.
  if (statements.length === 0 || serviceAccounts.length === 0) {
    throw new Error(
      `the release's CredentialsRequest for the secret ${secret} names no permission or no service account; use another release`,
    );
  }
  return { statements, serviceAccounts, tokenPath: spec?.cloudTokenPath ?? usualTokenPath };
}
