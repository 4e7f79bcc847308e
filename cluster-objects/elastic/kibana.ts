import { resourceRequests } from "../../config/capacity/demand";
import { type ElasticConfiguration, KIBANA_REQUESTS } from "../../config/elastic/settings";
import type { ApiObject } from "../object";
import { placementFields } from "../tolerations";
import { ELASTICSEARCH_LABEL } from "./elasticsearch";
import { ELASTICSEARCH, inElastic, KIBANA } from "./names";

/** The Secret with Kibana's certificate. */
const CERTIFICATE = "okd-aws-kibana-certificate";

/** Kibana's Service, and its port (elastic/cloud-on-k8s, `pkg/apis/kibana/v1/name.go` and `pkg/controller/kibana/network/ports.go`, v3.5.0). */
const SERVICE = `${KIBANA}-kb-http`;
const PORT = 5601;

/** The label of Kibana's pods (elastic/cloud-on-k8s, `pkg/controller/kibana/label/labels.go`, v3.5.0). */
const KIBANA_LABEL = { "kibana.k8s.elastic.co/name": KIBANA };

/**
 * Kibana. The cluster's service CA signs its certificate: routers trust this CA by default (openshift/service-ca-operator, README;
 * openshift/api, `route/v1/types.go`, destinationCACertificate).
 */
export function kibana({
  version,
  kibanas,
  kibanaHost,
  placement,
}: Pick<ElasticConfiguration, "version" | "kibanas" | "kibanaHost" | "placement">): ApiObject {
  const { cpu, memory } = resourceRequests(KIBANA_REQUESTS);
  return {
    apiVersion: "kibana.k8s.elastic.co/v1",
    kind: "Kibana",
    metadata: inElastic(KIBANA),
    spec: {
      version,
      count: kibanas,
      elasticsearchRef: { name: ELASTICSEARCH },
      config: {
        // Kibana must not connect to Elastic's servers: it sends no usage data, and loads no news, maps or packages (elastic.co,
        // "Air-gapped install").
        "telemetry.optIn": false,
        "telemetry.allowChangingOptInStatus": false,
        "newsfeed.enabled": false,
        "map.includeElasticMapsService": false,
        "xpack.fleet.isAirGapped": true,
        ...(kibanaHost !== undefined && { "server.publicBaseUrl": `https://${kibanaHost}` }),
      },
      http: {
        service: { metadata: { annotations: { "service.beta.openshift.io/serving-cert-secret-name": CERTIFICATE } } },
        tls: { certificate: { secretName: CERTIFICATE } },
      },
      podTemplate: {
        spec: {
          automountServiceAccountToken: false,
          containers: [{ name: "kibana", resources: { requests: { cpu, memory }, limits: { memory } } }],
          ...(placement && placementFields(placement)),
        },
      },
    },
  };
}

/** The route to Kibana. The router decrypts the connection and encrypts it again. */
export function kibanaRoute(host: string): ApiObject {
  return {
    apiVersion: "route.openshift.io/v1",
    kind: "Route",
    metadata: inElastic(KIBANA),
    spec: {
      host,
      to: { kind: "Service", name: SERVICE, weight: 100 },
      port: { targetPort: PORT },
      tls: { termination: "reencrypt", insecureEdgeTerminationPolicy: "Redirect" },
      wildcardPolicy: "None",
    },
  };
}

/** Only pods in the namespace of Elasticsearch may connect to Elasticsearch. These pods and the routers may connect to Kibana. */
export function elasticNetworkPolicies(): Readonly<Record<"elasticsearch" | "kibana", ApiObject>> {
  const own = { podSelector: {} };
  const routers = ["ingress", "host-network"].map((group) => ({
    namespaceSelector: { matchLabels: { [`policy-group.network.openshift.io/${group}`]: "" } },
  }));
  return {
    elasticsearch: networkPolicy("okd-aws-elasticsearch", ELASTICSEARCH_LABEL, [{ from: [own] }]),
    kibana: networkPolicy("okd-aws-kibana", KIBANA_LABEL, [{ from: [own] }, { from: routers, ports: [{ protocol: "TCP", port: PORT }] }]),
  };
}

function networkPolicy(name: string, matchLabels: object, ingress: readonly object[]): ApiObject {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: inElastic(name),
    spec: { podSelector: { matchLabels }, policyTypes: ["Ingress"], ingress },
  };
}
