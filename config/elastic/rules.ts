import { blockStorageProblems } from "../storage/block-storage";
import { requirementsOf } from "../ingress/label-selector";
import { selector } from "../ingress/settings";
import { isDisconnected } from "../mirror/fields";
import { type KeyProblem, removeCommand, setCommand } from "../problem";
import { rule } from "../rule";
import type { Settings } from "../schema";
import { secretEntryProblems } from "../secret-entries";
import type { Warning } from "../warning";
import { logStreams } from "./settings";

/** The version has no default. A new default in this project would update Elasticsearch, which cannot go back to an older version. */
export const elasticHasAVersion = rule(["elasticLicence", "elasticVersion"], ({ elasticLicence, elasticVersion }): KeyProblem[] =>
  elasticLicence === "" || elasticVersion !== ""
    ? []
    : [{ key: "elasticVersion", wrong: "is missing, but elasticLicence is set", fix: setCommand("elasticVersion", "9.4.3") }],
);

/** Keys that have no effect without the licence. Keys for numbers are left out, because their defaults make them always set. */
const NEED_LICENCE = ["elasticVersion", "elasticStorageClass", "elasticOnInfraNodes", "elasticKibanaHost", "elasticUsers"] as const;

export const elasticSettingsNeedALicence = rule(["elasticLicence", ...NEED_LICENCE], (facts): KeyProblem[] => {
  if (facts.elasticLicence !== "") return [];
  const isSet = (value: Settings[(typeof NEED_LICENCE)[number]]) => (typeof value === "object" ? value.length > 0 : Boolean(value));
  return NEED_LICENCE.filter((key) => isSet(facts[key])).map((key) => ({
    key,
    wrong: "is set, but elasticLicence is not: nothing of Elastic is installed before you accept its licence",
    fix: `read the Elastic License 2.0, then ${setCommand("elasticLicence", "basic")}, or ${removeCommand(key)}`,
  }));
});

/** One of two nodes is not a majority: if one fails, the other does not serve either (elastic.co, "Resilience in small clusters"). */
export const elasticHasAMajority = rule(["elasticNodes"], ({ elasticNodes }): KeyProblem[] =>
  elasticNodes === 2
    ? [
        {
          key: "elasticNodes",
          wrong: "is 2, but one of two nodes is not a majority: if one fails, no log is written or read",
          allowed: "1, or 3 and more",
          fix: setCommand("elasticNodes", 3),
        },
      ]
    : [],
);

export const elasticHasNodes = rule(
  ["elasticLicence", "elasticNodes", "elasticOnInfraNodes", "infraCount", "workerCount", "masterCount"],
  ({ elasticLicence, elasticNodes, elasticOnInfraNodes, infraCount, workerCount, masterCount }): KeyProblem[] => {
    if (elasticLicence === "") return [];
    const [key, count] = elasticOnInfraNodes
      ? (["infraCount", infraCount] as const)
      : workerCount > 0
        ? (["workerCount", workerCount] as const)
        : (["masterCount", masterCount] as const);
    if (count >= elasticNodes) return [];
    return [
      {
        key: elasticOnInfraNodes ? "elasticOnInfraNodes" : "elasticNodes",
        wrong: `${elasticOnInfraNodes ? "is true" : `is ${elasticNodes}`}, but ${key} is ${count}: each of the ${elasticNodes} Elasticsearch nodes needs a different node of the cluster`,
        allowed: `${key} of at least ${elasticNodes}, or fewer Elasticsearch nodes`,
        fix: key === "masterCount" ? setCommand("elasticNodes", 1) : setCommand(key, elasticNodes),
      },
    ];
  },
);

/** Elasticsearch must not store its data on NFS-like file systems (elastic.co, "Important Elasticsearch configuration"; ECK, "Storage recommendations"). */
export const elasticNeedsBlockStorage = rule(["elasticStorageClass", "storageClasses"], ({ elasticStorageClass: chosen, storageClasses }) =>
  blockStorageProblems("elasticStorageClass", { chosen, storageClasses, service: "Elasticsearch" }),
);

const DAYS_KEYS = ["elasticApplicationDays", "elasticInfrastructureDays", "elasticAuditDays"] as const;

export const elasticCollectsLogs = rule(["elasticLicence", ...DAYS_KEYS], (facts): KeyProblem[] =>
  facts.elasticLicence === "" || logStreams(facts).length > 0
    ? []
    : [
        {
          key: "elasticApplicationDays",
          wrong: "is 0, and so are elasticInfrastructureDays and elasticAuditDays: no logs would be collected",
          allowed: "more than 0 for at least one of the three",
          fix: `${setCommand("elasticApplicationDays", 7)}, or ${removeCommand("elasticLicence")}`,
        },
      ],
);

export const elasticUsersHavePasswords = rule(["elasticUsers", "elasticUserPasswords"], ({ elasticUsers, elasticUserPasswords }) =>
  secretEntryProblems({
    key: "elasticUserPasswords",
    secrets: elasticUserPasswords,
    owners: "elasticUsers",
    owner: "user",
    wanted: new Map(elasticUsers.map(({ name }) => [name, "its password"])),
  }),
);

/** Keys that are of no use without Kibana. */
const NEED_KIBANA = ["elasticKibanaHost", "elasticUsers"] as const;

export const kibanaSettingsNeedKibana = rule(["elasticKibanas", ...NEED_KIBANA], (facts): KeyProblem[] =>
  facts.elasticKibanas > 0
    ? []
    : NEED_KIBANA.filter((key) => facts[key].length > 0).map((key) => ({
        key,
        wrong: "is set, but elasticKibanas is 0, so Kibana does not run",
        fix: `${setCommand("elasticKibanas", 1)}, or ${removeCommand(key)}`,
      })),
);

/** Whether a host is exactly one label below a domain, as the wildcard certificate of a router requires. */
function isOneLabelBelow(host: string, domain: string): boolean {
  return host.slice(host.indexOf(".") + 1) === domain;
}

/**
 * The default router would serve any other host name, with a certificate that does not match and without a DNS record
 * (openshift/cluster-ingress-operator, `pkg/operator/controller/certificate/default_cert.go`, release-4.19: the certificate is for
 * `*.<domain>`).
 */
export const kibanaHostHasARouter = rule(
  ["elasticLicence", "elasticKibanas", "elasticKibanaHost", "routerShards", "clusterName", "baseDomain"],
  ({ elasticLicence, elasticKibanas, elasticKibanaHost, routerShards, clusterName, baseDomain }): KeyProblem[] => {
    if (elasticLicence === "" || elasticKibanas === 0) return [];
    const domains = [`apps.${clusterName}.${baseDomain}`, ...routerShards.map(({ domain }) => domain)];
    if (elasticKibanaHost === "" || domains.some((domain) => isOneLabelBelow(elasticKibanaHost, domain))) return [];
    return [
      {
        key: "elasticKibanaHost",
        wrong: `is ${elasticKibanaHost}, but no router serves it: the routers' domains are ${domains.join(", ")}`,
        allowed: "one label in front of a router's domain",
        fix: setCommand("elasticKibanaHost", `logs.${domains.at(-1) ?? ""}`),
      },
    ];
  },
);

/** The program sets no labels for router shards on the namespace elastic-logging: the user decides which shard may serve it. */
export const kibanaHostNeedsLabels = rule(["elasticKibanaHost", "routerShards"], ({ elasticKibanaHost, routerShards }): Warning[] =>
  routerShards
    .filter(
      ({ domain, namespaceSelector }) =>
        isOneLabelBelow(elasticKibanaHost, domain) && requirementsOf(selector(namespaceSelector)).length > 0,
    )
    .map(({ name }) => ({
      key: "elasticKibanaHost",
      text: `the router shard ${name} serves only namespaces with the labels of its namespaceSelector, and elastic-logging has none: ${elasticKibanaHost} answers with an error page.`,
      fix: "set these labels on the namespace elastic-logging (docs/elastic.md)",
    })),
);

/** Disconnected nodes can't pull the images from docker.elastic.co. The images are named by tags, so a mirror of them needs an ImageTagMirrorSet. */
export const elasticImagesAreInReach = rule(["elasticLicence", "mirror"], ({ elasticLicence, mirror }): Warning[] =>
  elasticLicence === "" || !isDisconnected(mirror)
    ? []
    : [
        {
          key: "elasticLicence",
          text: "the nodes of a disconnected cluster cannot pull Elasticsearch, Kibana and Filebeat from docker.elastic.co, and the mirror does not have them. Their pods will wait for their images.",
          fix: "mirror the three images yourself, and create an ImageTagMirrorSet for docker.elastic.co (docs/elastic.md)",
        },
      ],
);
