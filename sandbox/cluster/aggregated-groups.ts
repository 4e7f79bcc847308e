import { type Api, ApiError } from "./api";

const definitionsPath = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

interface Kind {
  readonly kind: string;
  readonly plural: string;
  readonly namespaced?: boolean;
}

const clusterWide = (kind: string, plural = `${kind.toLowerCase()}s`): Kind => ({ kind, plural });
const namespaced = (kind: string, plural = `${kind.toLowerCase()}s`): Kind => ({ kind, plural, namespaced: true });

/**
 * Kinds that OpenShift serves with separate API servers behind the aggregation layer, so there are no CRDs of these kinds
 * (openshift/api, the groups' `register.go`). Subresources and kinds that are computed and never stored are left out.
 */
const groups: Readonly<Record<string, readonly Kind[]>> = {
  "user.openshift.io": [
    clusterWide("User"),
    clusterWide("Group"),
    clusterWide("Identity", "identities"),
    clusterWide("UserIdentityMapping"),
  ],
  "oauth.openshift.io": [
    clusterWide("OAuthClient"),
    clusterWide("OAuthClientAuthorization"),
    clusterWide("OAuthAccessToken"),
    clusterWide("OAuthAuthorizeToken"),
    clusterWide("UserOAuthAccessToken"),
  ],
  "project.openshift.io": [clusterWide("Project"), clusterWide("ProjectRequest")],
  "template.openshift.io": [namespaced("Template"), namespaced("TemplateInstance"), clusterWide("BrokerTemplateInstance")],
  "image.openshift.io": [clusterWide("Image"), namespaced("ImageStream")],
  "build.openshift.io": [namespaced("BuildConfig"), namespaced("Build")],
};

/**
 * Replaces OpenShift's aggregated API servers: installs their kinds as CRDs that store any field. Two differences remain.
 * First, no field is validated. Second, every name must follow the rules for objects of a CRD. So an identity
 * `htpasswd:anna` is stored as `htpasswd.anna`, and a token `sha256~…` under hexadecimal digits. A user whose name breaks
 * the rules can't log in. All other fields, for example the list of a user's identities, contain the real names.
 */
export async function installAggregatedGroups(api: Pick<Api, "send">): Promise<void> {
  const definitions = Object.entries(groups).flatMap(([group, kinds]) => kinds.map((kind) => definitionOf(group, kind)));
  await Promise.all(
    definitions.map(async (definition) => {
      await api.send("POST", definitionsPath, definition).catch((error: unknown) => {
        if (!(error instanceof ApiError && error.status === 409)) throw error;
      });
    }),
  );
}

function definitionOf(group: string, { kind, plural, namespaced: inNamespace = false }: Kind): object {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: inNamespace ? "Namespaced" : "Cluster",
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
        },
      ],
    },
  };
}
