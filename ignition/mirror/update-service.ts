import type { Configuration } from "../../config/configuration";
import { nameOf } from "../../config/releases/minor";
import { minorOf } from "../../config/releases/version";

/*
 * The update service of OpenShift, which tells a cluster that is cut off which updates there are (OpenShift documentation, "Updating a cluster in a
 * disconnected environment using the OpenShift Update Service"): its operator comes from Red Hat's catalog, its data from an image that oc-mirror makes.
 */

/** Where the operator runs, and where oc-mirror puts the UpdateService (openshift/oc-mirror, `internal/pkg/clusterresources/const.go`). */
const namespace = "openshift-update-service";

/** The operator in its catalog (openshift/cincinnati-operator, `bundle/metadata/annotations.yaml`). */
const operator = { package: "cincinnati-operator", channel: "v1" } as const;

const catalogRepository = "redhat-operator-index";

/** Key under which the operator looks for the registry's authority in the cluster's additional ones (openshift/cincinnati-operator, `controllers/names.go`). */
export const updateServiceAuthorityKey = "updateservice-registry";

/** The API that the operator brings; before it is served, the cluster takes no UpdateService. */
export const updateServiceApi = "/apis/updateservice.operator.openshift.io/v1";

/** Minor version, as catalogs are tagged with it. */
function catalogTag({ release }: Pick<Configuration, "release">): string {
  return `v${nameOf(minorOf(release))}`;
}

/** What of which catalog is mirrored for it, as an image set lists it. */
export function updateServiceImages(configuration: Pick<Configuration, "release">): readonly object[] {
  return [
    {
      catalog: `registry.redhat.io/redhat/${catalogRepository}:${catalogTag(configuration)}`,
      packages: [{ name: operator.package, channels: [{ name: operator.channel }] }],
    },
  ];
}

/** What makes the Operator Lifecycle Manager install the operator, out of the catalog that oc-mirror wrote. */
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
        // As oc-mirror calls it (`internal/pkg/clusterresources/clusterresources.go`).
        source: `cs-${catalogRepository}-${catalogTag(configuration).replace(".", "-")}`,
        sourceNamespace: "openshift-marketplace",
      },
    },
  ];
}

/** Whether an object needs the operator's definition. */
export function isUpdateService({ kind }: { readonly kind?: string }): boolean {
  return kind === "UpdateService";
}
