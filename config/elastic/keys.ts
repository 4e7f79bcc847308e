import { z } from "zod";
import { field, records, secretMap, textField } from "../field";
import { choice, flag, integer, key, text } from "../key";
import { MAX_DISK_GIB } from "../machines/fields";
import { classNameProblem } from "../monitoring/fields";
import { kibanaHostProblem, logPasswordProblem, logUserProblem, stackVersionProblem } from "./fields";
import { LOG_KINDS } from "../log-kind";

const ECK = "Elastic Cloud on Kubernetes";

const user = z.strictObject({
  name: field(textField(logUserProblem), "Name of the user in Kibana; unique."),
  logs: field(z.array(z.enum(LOG_KINDS)).min(1), "The kinds of logs that the user may read."),
});

const retention = (kind: string, byDefault: number) =>
  key(integer(0, 3650, byDefault), {
    description: `Days for which ${kind} are kept. A shorter time deletes older logs. 0: these logs are not collected; logs that were collected before stay until they expire.`,
    unit: "days",
    example: "14",
    source: "Elasticsearch (index lifecycle management, phase delete)",
  });

/** Keys for logs in Elasticsearch. */
export const elasticKeys = {
  elasticLicence: key(choice(["", "basic"], ""), {
    description:
      "Your acceptance of the Elastic License 2.0, under which Elasticsearch, Kibana, Filebeat and their operator are used on the free level Basic. Read it first: https://www.elastic.co/licensing/elastic-license. With this key the program installs Elasticsearch and collects logs; without it, nothing of Elastic is installed.",
    allowed: "basic",
    example: "basic",
    source: `${ECK} (licences)`,
    whenEmpty: "Elasticsearch is not installed",
  }),
  elasticVersion: key(text(stackVersionProblem), {
    description:
      "Version of Elasticsearch, Kibana and Filebeat. A newer version updates one node after the other. Elasticsearch cannot go back to an older version.",
    allowed: "a version from 8.19.0 to the newest 9.x; required with elasticLicence",
    example: "9.4.3",
    source: `${ECK} (Elasticsearch, spec.version)`,
    whenEmpty: "not allowed with elasticLicence",
  }),
  elasticNodes: key(integer(1, 30, 3), {
    description:
      "Number of Elasticsearch nodes; each runs on a different node of the cluster. With 1, logs have no replica. 2 is not allowed: one of two nodes is not a majority.",
    allowed: "1, or 3 to 30",
    example: "3",
    source: `${ECK} (Elasticsearch, nodeSets.count)`,
  }),
  elasticMemoryGib: key(integer(2, 64, 4), {
    description: "Memory of each Elasticsearch node. Half of it is the heap.",
    unit: "GiB",
    example: "8",
    source: `${ECK} (compute resources)`,
  }),
  elasticVolumeGib: key(integer(10, MAX_DISK_GIB, 100), {
    description: "Size of the volume of each Elasticsearch node. It can grow, but not shrink.",
    unit: "GiB",
    example: "500",
    source: `${ECK} (volume claim templates)`,
  }),
  elasticStorageClass: key(text(classNameProblem), {
    description: "Storage class of the volumes. It must provide block storage. Can't be changed later.",
    allowed: "the name of a storage class",
    example: "gp3-csi",
    source: `${ECK} (volume claim templates)`,
    whenEmpty: "the cluster's default class",
  }),
  elasticOnInfraNodes: key(flag(false), {
    description:
      "Whether Elasticsearch and Kibana run on the infra nodes. The cluster then needs one infra node for each Elasticsearch node.",
    example: "true",
    source: `${ECK} (podTemplate, nodeSelector and tolerations)`,
  }),
  elasticApplicationDays: retention("the logs of the users' projects", 7),
  elasticInfrastructureDays: retention("the logs of the platform (namespaces default, openshift* and kube*)", 7),
  elasticAuditDays: retention("audit logs", 30),
  elasticKibanas: key(integer(0, 10, 1), {
    description: "Number of Kibana pods; 0: no Kibana.",
    example: "2",
    source: `${ECK} (Kibana, spec.count)`,
  }),
  elasticKibanaHost: key(text(kibanaHostProblem), {
    description:
      "Host name at which a router serves Kibana. Everybody who reaches the router can try to log in, so prefer the domain of an internal router shard. The DNS record of the router's domain also covers this host name.",
    allowed: "a host name below the domain of a router",
    example: "logs.private.prod.example.com",
    source: "OpenShift (Route, spec.host)",
    whenEmpty: "no route; oc port-forward reaches Kibana",
  }),
  elasticUsers: key(records(user, { max: 100, unique: "name" }), {
    description: "Users who may log in to Kibana, and the logs that they may read. The administrator elastic always exists.",
    allowed: "a list of users",
    example: '[{"name": "anna", "logs": ["application", "infrastructure"]}]',
    source: `${ECK} (Elasticsearch, spec.auth)`,
    whenEmpty: "only elastic",
  }),
  elasticUserPasswords: key(secretMap(logPasswordProblem), {
    description: "The password of each user, by the user's name.",
    allowed: "a map from a user's name to its password",
    example: '{"anna": "correct horse battery"}',
    source: `${ECK} (Elasticsearch, spec.auth.fileRealm)`,
    whenEmpty: "none",
    secret: true,
  }),
} as const;
