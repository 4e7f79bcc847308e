import type { LogKind } from "../../config/log-kind";
import type { ElasticConfiguration, LogStream } from "../../config/elastic/settings";
import { streamOf } from "./names";

type Sizes = Pick<ElasticConfiguration, "nodes" | "volumeGib">;

const KEYWORD = { type: "keyword", ignore_above: 1024 };
/**
 * Any number of fields in one. A longer value is stored and not searched: without this, Elasticsearch refuses the record of a value above 32766 bytes
 * (elastic.co, "Flattened field type"; elastic/ecs, issue 2247). API servers write the patches of webhooks into annotations.
 */
const FLATTENED = { type: "flattened", ignore_above: 1024 };
const TEXT = { type: "match_only_text" };
const keywords = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, KEYWORD]));
const fields = (properties: object) => ({ properties });

/** Fields of every record (elastic/beats, `libbeat/_meta/fields.ecs.yml` and `filebeat/_meta/fields.common.yml`, main). */
const COMMON = {
  "@timestamp": { type: "date" },
  message: TEXT,
  stream: KEYWORD,
  log: fields({ offset: { type: "long" }, file: fields(keywords("path")) }),
  host: fields(keywords("name")),
  agent: fields(keywords("name", "version")),
  error: fields({ message: TEXT }),
};

/** Fields of containers (elastic/beats, `libbeat/processors/add_kubernetes_metadata/_meta/fields.yml`, main). Labels are one field: users choose their names. */
const CONTAINERS = {
  container: fields({ ...keywords("id"), image: fields(keywords("name")) }),
  kubernetes: fields({
    ...keywords("namespace"),
    node: fields(keywords("name")),
    pod: fields(keywords("name", "uid")),
    container: fields(keywords("name")),
    labels: FLATTENED,
  }),
};

/** Fields of an audit event that are searched (kubernetes/apiserver, `pkg/apis/audit/v1/types.go`, master). Its request and response are only stored. */
const AUDIT = {
  kubernetes: fields({
    audit: fields({
      ...keywords("auditID", "level", "stage", "verb", "requestURI", "userAgent"),
      user: fields(keywords("username", "groups")),
      impersonatedUser: fields(keywords("username", "groups")),
      sourceIPs: { type: "ip" },
      objectRef: fields(keywords("resource", "subresource", "namespace", "name", "apiGroup", "apiVersion")),
      responseStatus: fields({ code: { type: "integer" }, ...keywords("status", "reason") }),
      annotations: FLATTENED,
      requestReceivedTimestamp: { type: "date" },
    }),
  }),
};

/**
 * The index template of a kind of logs. Only the listed fields are searched; others are stored. So no application can make the number of fields grow, and
 * a value of an unexpected type does not make Elasticsearch refuse the record. A change counts from the next index on.
 */
export function indexTemplate(kind: LogKind, { nodes }: Pick<Sizes, "nodes">): object {
  const name = streamOf(kind);
  return {
    index_patterns: [name],
    data_stream: {},
    priority: 500,
    template: {
      settings: {
        index: {
          lifecycle: { name },
          number_of_shards: 1,
          number_of_replicas: nodes > 1 ? 1 : 0,
          codec: "best_compression",
          refresh_interval: "5s",
          mapping: { ignore_malformed: true },
        },
      },
      mappings: {
        dynamic: false,
        date_detection: false,
        properties: { ...COMMON, ...(kind === "audit" ? AUDIT : CONTAINERS) },
      },
    },
  };
}

/** Largest index: Elastic's recommendation (elastic.co, "Size your shards"). */
const MAX_INDEX_GIB = 50;

/**
 * The lifecycle policy of a kind of logs. Elasticsearch deletes whole indices, the time counts from the last record of an index: logs stay up to
 * one index longer. There are about 30 indices at a time, so their number stays far below the limit of shards on a node (1000; elastic.co,
 * "Size your shards"). No index is larger than a tenth of a volume.
 */
export function lifecyclePolicy({ retentionDays }: Pick<LogStream, "retentionDays">, { volumeGib }: Pick<Sizes, "volumeGib">): object {
  const gib = Math.max(1, Math.min(MAX_INDEX_GIB, Math.floor(volumeGib / 10)));
  const rollover = { max_age: `${Math.ceil(retentionDays / 30)}d`, max_primary_shard_size: `${gib}gb` };
  return {
    policy: {
      phases: {
        hot: { min_age: "0ms", actions: { rollover } },
        delete: { min_age: `${retentionDays}d`, actions: { delete: {} } },
      },
    },
  };
}
