import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dump, load } from "js-yaml";
import { Unavailable } from "../errors";
import type { Way } from "../tool";
import { copyModule, buildDigest, GO_WAY, moduleDirectory } from "./go";

/** The fields of a custom resource definition (CRD) that are used here. */
export interface CrdManifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: { readonly versions: readonly { readonly name: string }[] };
}

const MODULE = "github.com/openshift/api";
/** This module's go.mod pins the commit of openshift/api that the pinned openshift-install is built with. */
const GO_MODULE = "openshift-definitions";
/** Increase this number when `selectDefinitions` changes, so that cached entries are made again. */
const SELECTION = 3;
const FEATURE_SET = "release.openshift.io/feature-set";
const PROFILE = "include.release.openshift.io/self-managed-high-availability";
/**
 * CRDs of the monitoring stack, which the cluster monitoring operator brings (openshift/cluster-monitoring-operator), in
 * the version of 4.19: only the CRDs of objects that the program creates.
 */
const MONITORING_MODULE = "github.com/prometheus-operator/prometheus-operator";
const MONITORING = ["prometheusrules", "servicemonitors"];
/**
 * CRDs of the Operator Lifecycle Manager, in the version that 4.19 uses (openshift/operator-framework-olm, `go.mod`,
 * release-4.19): the CRDs of objects that the program or the stand-in reads or writes.
 */
const OLM_MODULE = "github.com/operator-framework/api";
const OLM = ["catalogsources", "clusterserviceversions", "installplans", "operatorgroups", "subscriptions"];
/** CRDs of volume snapshots, which the operator of the CSI snapshot controller brings (openshift/cluster-csi-snapshot-controller-operator). */
const SNAPSHOT_MODULE = "github.com/kubernetes-csi/external-snapshotter/client/v8";
const SNAPSHOTS = ["volumesnapshotclasses", "volumesnapshotcontents", "volumesnapshots"];
const VELERO_MODULE = "github.com/vmware-tanzu/velero";
const ELASTIC_MODULE = "github.com/elastic/cloud-on-k8s/v3";
/** Minimum number of CRDs. If there are fewer, the module's layout has changed. */
const FEWEST = 80;

/**
 * OpenShift's CRDs, two of the monitoring stack, five of the Operator Lifecycle Manager and three of volume snapshots, one YAML file each, as a
 * self-managed cluster with the default feature set has them.
 */
export function openshiftDefinitions(): Way {
  return {
    name: GO_WAY,
    recipe: () => `${SELECTION} ${buildDigest([GO_MODULE])}`,
    obtain: async (context) => {
      const module = await copyModule(GO_MODULE, context);
      const source = await moduleDirectory(module, MODULE);
      const definitions = selectDefinitions(readDefinitions(source));
      if (definitions.length < FEWEST)
        throw new Unavailable(
          `${MODULE} has only ${definitions.length} CRDs in its directories zz_generated.crd-manifests; at least ${FEWEST} are expected`,
        );
      const target = join(context.entry, context.tool.file);
      mkdirSync(target);
      for (const definition of definitions)
        writeFileSync(join(target, `${definition.metadata.name}.yaml`), dump(definition, { lineWidth: -1 }));
      const monitoring = join(await moduleDirectory(module, MONITORING_MODULE), "example", "prometheus-operator-crd");
      for (const name of MONITORING)
        copyFileSync(join(monitoring, `monitoring.coreos.com_${name}.yaml`), join(target, `${name}.monitoring.coreos.com.yaml`));
      const olm = join(await moduleDirectory(module, OLM_MODULE), "crds");
      for (const name of OLM)
        copyFileSync(join(olm, `operators.coreos.com_${name}.yaml`), join(target, `${name}.operators.coreos.com.yaml`));
      const snapshots = join(await moduleDirectory(module, SNAPSHOT_MODULE), "config", "crd");
      for (const name of SNAPSHOTS)
        copyFileSync(join(snapshots, `snapshot.storage.k8s.io_${name}.yaml`), join(target, `${name}.snapshot.storage.k8s.io.yaml`));
    },
  };
}

/** Velero's CRDs of the pinned version, one YAML file each. */
export function veleroDefinitions(): Way {
  return {
    name: GO_WAY,
    recipe: () => buildDigest(["velero"]),
    obtain: async (context) => {
      const source = join(await moduleDirectory(await copyModule("velero", context), VELERO_MODULE), "config", "crd");
      const target = join(context.entry, context.tool.file);
      mkdirSync(target);
      for (const version of ["v1", "v2alpha1"])
        for (const file of readdirSync(join(source, version, "bases"))) {
          const plural = /^velero\.io_(\w+)\.yaml$/.exec(file)?.[1];
          if (plural === undefined) throw new Unavailable(`${VELERO_MODULE} has a CRD with the unexpected file name ${file}`);
          copyFileSync(join(source, version, "bases", file), join(target, `${plural}.velero.io.yaml`));
        }
    },
  };
}

/**
 * The CRDs of Elasticsearch, Kibana and Beat, one YAML file each. Unlike the CRDs in the operator's bundle, they contain the fields of pods, so
 * the API server checks these fields, too. Descriptions are left out: with them a CRD would be larger than etcd's limit for a request.
 */
export function elasticDefinitions(): Way {
  return {
    name: GO_WAY,
    recipe: () => buildDigest(["elastic"], "1"),
    obtain: async (context) => {
      const source = join(await moduleDirectory(await copyModule("elastic", context), ELASTIC_MODULE), "config", "crds", "v1", "resources");
      const target = join(context.entry, context.tool.file);
      mkdirSync(target);
      for (const [group, plural] of Object.entries({ elasticsearch: "elasticsearches", kibana: "kibanas", beat: "beats" })) {
        const definition = load(readFileSync(join(source, `${group}.k8s.elastic.co_${plural}.yaml`), "utf8"));
        writeFileSync(
          join(target, `${plural}.${group}.k8s.elastic.co.yaml`),
          dump(withoutDescriptions(definition), { lineWidth: -1, noRefs: true }),
        );
      }
    },
  };
}

/** Only texts are descriptions: an object under the name `description` is a field with that name. */
function withoutDescriptions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDescriptions);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([name, each]) => name !== "description" || typeof each !== "string");
  return Object.fromEntries(kept.map(([name, each]) => [name, withoutDescriptions(each)]));
}

/**
 * Selects the variants of a self-managed cluster with the default feature set; of several CRDs with the same name, the CRD with the most stable
 * version.
 */
export function selectDefinitions(all: readonly CrdManifest[]): CrdManifest[] {
  const chosen = new Map<string, CrdManifest>();
  for (const definition of all) {
    const { name, annotations = {} } = definition.metadata;
    if (annotations[PROFILE] !== "true" || !(annotations[FEATURE_SET] ?? "Default").split(",").includes("Default")) continue;
    const other = chosen.get(name);
    if (other === undefined || stability(definition) > stability(other)) chosen.set(name, definition);
  }
  return [...chosen.values()].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}

/** A number that orders versions of CRDs: v1 before v1beta1 before v1alpha1. */
function stability({ spec }: CrdManifest): number {
  return Math.max(...spec.versions.map(({ name }) => (name.includes("alpha") ? 0 : name.includes("beta") ? 1 : 2)));
}

/** All generated CRDs of the module. Its examples and vendored modules are left out: they are not OpenShift's. */
function readDefinitions(source: string): CrdManifest[] {
  return readdirSync(source, { recursive: true, encoding: "utf8" })
    .filter((file) => /\/zz_generated\.crd-manifests\/[^/]+\.crd\.yaml$/.test(file) && !/^(example|vendor)\//.test(file))
    .sort()
    .map((file) => load(readFileSync(join(source, file), "utf8")) as CrdManifest);
}
