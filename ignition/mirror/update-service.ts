import type { Configuration } from "../../config/configuration";
import { minorName } from "../../config/releases/minor";
import { minorOf } from "../../config/releases/version";

/*
 * The OpenShift Update Service, which tells a disconnected cluster which updates exist (OpenShift documentation, "Updating a cluster in a
 * disconnected environment using the OpenShift Update Service"). Its operator comes from Red Hat's catalog, its data from an image that
 * oc-mirror builds.
 */

/**
 * Namespace of the operator, and of the UpdateService that oc-mirror writes (openshift/oc-mirror,
 * `internal/pkg/clusterresources/const.go`).
 */
const namespace = "openshift-update-service";

/** The operator's package and channel (openshift/cincinnati-operator, `bundle/metadata/annotations.yaml`). */
const operator = { package: "cincinnati-operator", channel: "v1" } as const;

const catalogRepository = "redhat-operator-index";

/**
 * Key under which the operator looks for the registry's CA among the cluster's additional CAs (openshift/cincinnati-operator,
 * `controllers/names.go`).
 */
export const updateServiceCaKey = "updateservice-registry";

/** The API that the operator installs. Until it is served, the cluster accepts no UpdateService. */
export const updateServiceApi = "/apis/updateservice.operator.openshift.io/v1";

/** The minor version, which is the tag of catalogs. */
function catalogTag({ release }: Pick<Configuration, "release">): string {
  return `v${minorName(minorOf(release))}`;
}

/** The catalog and the operator's package in it, in the format of an image set. */
export function updateServiceImages(configuration: Pick<Configuration, "release">): readonly object[] {
  return [
    {
      catalog: `registry.redhat.io/redhat/${catalogRepository}:${catalogTag(configuration)}`,
      packages: [{ name: operator.package, channels: [{ name: operator.channel }] }],
    },
  ];
}

/** Objects that make the Operator Lifecycle Manager install the operator from the catalog that oc-mirror wrote. */
export function updateServiceOperator(configuration: Pick<Configuration, "release">): readonly object[] {
  return [
    {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: namespace, labels: { "openshift.io/cluster-monitoring": "true" } },
    },
    {
      apiVersion: "operators.coreos.com/v1",
      kind: "OperatorGroup",
      metadata: { name: "update-service", namespace },
      spec: { targetNamespaces: [namespace] },
    },
    {
      apiVersion: "operators.coreos.com/v1alpha1",
      kind: "Subscription",
      metadata: { name: "update-service", namespace },
      spec: {
        name: operator.package,
        channel: operator.channel,
        installPlanApproval: "Automatic",
        // The name that oc-mirror gives the catalog (`internal/pkg/clusterresources/clusterresources.go`).
        source: `cs-${catalogRepository}-${catalogTag(configuration).replace(".", "-")}`,
        sourceNamespace: "openshift-marketplace",
      },
    },
  ];
}

/** Whether an object is an UpdateService, which needs the operator's CRD. */
export function isUpdateService({ kind }: { readonly kind?: string }): boolean {
  return kind === "UpdateService";
}
