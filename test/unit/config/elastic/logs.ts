/** The operator of Elasticsearch in the community's catalog. */
export const ECK = {
  name: "elastic-cloud-eck",
  namespace: "elastic-logging",
  source: "community-operators",
  channel: "stable",
  startingCSV: "elastic-cloud-eck.v3.5.0",
  targetNamespaces: ["elastic-logging"],
};

/** The keys that logs in Elasticsearch need. */
export const LOGS = { elasticLicence: "basic", elasticVersion: "9.4.3", operators: [ECK] };
