import { resourceRequests } from "../../config/capacity/demand";
import { type ElasticConfiguration, elasticsearchRequests } from "../../config/elastic/settings";
import type { ApiObject } from "../object";
import { placementFields } from "../tolerations";
import { ROLES_SECRET, userSecretName } from "./access";
import { ELASTICSEARCH, inElastic, NODE_SET } from "./names";

/** The label of the pods of Elasticsearch nodes (elastic/cloud-on-k8s, `pkg/controller/elasticsearch/label/label.go`, v3.5.0). */
export const ELASTICSEARCH_LABEL = { "elasticsearch.k8s.elastic.co/cluster-name": ELASTICSEARCH };

const ZONE = "topology.kubernetes.io/zone";
const HOST = "kubernetes.io/hostname";

/**
 * The Elasticsearch cluster. Its volumes stay when it is deleted, and a later Elasticsearch cluster of the same name uses them again: the
 * operator deletes only the volumes of removed nodes. The two copies of a log are in different zones (elastic.co, ECK, "Advanced
 * Elasticsearch node scheduling").
 *
 * The nodes' vm.max_map_count suffices for memory-mapped files: OpenShift's profile sets 262144 (openshift/cluster-node-tuning-operator,
 * `assets/tuned/daemon/profiles/openshift/tuned.conf`, release-4.14 and 4.15; from 4.16 on redhat-performance/tuned,
 * `profiles/openshift/tuned.conf`, master). Elasticsearch accepts no smaller value.
 */
export function elasticsearch(settings: Omit<ElasticConfiguration, "streams" | "kibanas">): ApiObject {
  const { version, nodes, placement, users } = settings;
  const { cpu, memory } = resourceRequests(elasticsearchRequests(settings));
  const container = {
    // The operator recognizes the container by this name, and adds its other fields.
    name: "elasticsearch",
    resources: { requests: { cpu, memory }, limits: { memory } },
    env: [{ name: "ZONE", valueFrom: { fieldRef: { fieldPath: `metadata.annotations['${ZONE}']` } } }],
  };
  const affinity = {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: { matchLabels: ELASTICSEARCH_LABEL }, topologyKey: HOST }],
    },
  };
  const spread = {
    maxSkew: 1,
    topologyKey: ZONE,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: ELASTICSEARCH_LABEL },
  };
  return {
    apiVersion: "elasticsearch.k8s.elastic.co/v1",
    kind: "Elasticsearch",
    metadata: { ...inElastic(ELASTICSEARCH), annotations: { "eck.k8s.elastic.co/downward-node-labels": ZONE } },
    spec: {
      version,
      volumeClaimDeletePolicy: "DeleteOnScaledownOnly",
      auth: {
        roles: [{ secretName: ROLES_SECRET }],
        ...(users.length > 0 && { fileRealm: users.map(({ name }) => ({ secretName: userSecretName(name) })) }),
      },
      nodeSets: [
        {
          name: NODE_SET,
          count: nodes,
          config: {
            "node.attr.zone": "${ZONE}",
            "cluster.routing.allocation.awareness.attributes": "k8s_node_name,zone",
            // Otherwise Elasticsearch would download the GeoIP database from Elastic.
            "ingest.geoip.downloader.enabled": false,
          },
          podTemplate: {
            spec: {
              automountServiceAccountToken: false,
              containers: [container],
              affinity,
              topologySpreadConstraints: [spread],
              ...(placement && placementFields(placement)),
            },
          },
          volumeClaimTemplates: [nodeVolume(settings)],
        },
      ],
    },
  };
}

/**
 * The volume of each Elasticsearch node. The operator requires its name (elastic/cloud-on-k8s,
 * `pkg/controller/elasticsearch/volume/names.go`, v3.5.0).
 */
function nodeVolume({ volumeGib, storageClass }: Pick<ElasticConfiguration, "volumeGib" | "storageClass">): object {
  return {
    metadata: { name: "elasticsearch-data" },
    spec: {
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: `${volumeGib}Gi` } },
      ...(storageClass !== undefined && { storageClassName: storageClass }),
    },
  };
}
