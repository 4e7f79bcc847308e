import { setTimeout as sleep } from "node:timers/promises";
import type { KubeClient } from "./kube-client";

/** The definition (CRD) of a kind. */
export interface Definition {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly group: string;
    readonly names: { readonly plural: string; readonly [key: string]: string };
    readonly scope: "Namespaced" | "Cluster";
    readonly versions: readonly { readonly name: string; readonly [key: string]: unknown }[];
  };
}

/** @param schema of the spec; without a schema the spec may contain anything */
function definition(group: string, version: string, kind: string, scope: "Namespaced" | "Cluster", schema?: object): Definition {
  const plural = `${kind.toLowerCase()}s`;
  const anything = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  const openAPIV3Schema = { type: "object", properties: { spec: schema ?? anything, status: anything } };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      scope,
      versions: [{ name: version, served: true, storage: true, schema: { openAPIV3Schema }, subresources: { status: {} } }],
    },
  };
}

/** The kind of a catalog of the Operator Lifecycle Manager's version 1, which releases have from 4.18 on. */
export const clusterCatalogDefinition = definition("olm.operatorframework.io", "v1", "ClusterCatalog", "Cluster");

/** The kind that the update service's operator defines (openshift/cincinnati-operator, `api/v1/updateservice_types.go`). */
export const updateServiceDefinition = definition("updateservice.operator.openshift.io", "v1", "UpdateService", "Namespaced", {
  type: "object",
  required: ["graphDataImage", "releases", "replicas"],
  properties: { graphDataImage: { type: "string" }, releases: { type: "string" }, replicas: { type: "integer", minimum: 1 } },
});

/** Defines a kind, and waits until the API server serves it. */
export async function define(api: KubeClient, definition: Definition): Promise<void> {
  const path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  const { group, names, versions } = definition.spec;
  await api.must("POST", path, definition);
  for (const deadline = Date.now() + 30_000; ;) {
    if ((await api.call("GET", `/apis/${group}/${versions[0].name}/${names.plural}`)).status === 200) return;
    if (Date.now() > deadline) throw new Error(`${definition.metadata.name} is not served`);
    await sleep(100);
  }
}
