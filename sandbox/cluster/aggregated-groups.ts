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
 * Kinds that OpenShift serves with API servers of its own behind the API server's aggregation layer, and therefore publishes no definitions of
 * (openshift/api, the groups' `register.go`). Subresources, and kinds that are computed and never stored, are left out.
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
 * Stands in for OpenShift's aggregated API servers: their kinds as definitions that store any field. Two things are not as there: no field is
 * checked, and a name must be one that definitions allow. So an identity `htpasswd:anna` is stored as `htpasswd.anna`, a token `sha256~…` by hexadecimal digits, and a user who can't be stored
 * can't log in; all other fields, the lists of a user's identities among them, have the true names.
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
