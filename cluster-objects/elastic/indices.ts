import type { LogKind } from "../../config/log-kind";
import type { ElasticConfiguration, LogStream } from "../../config/elastic/settings";
import { streamOf } from "./names";

type Sizes = Pick<ElasticConfiguration, "nodes" | "volumeGib">;

const KEYWORD = { type: "keyword", ignore_above: 1024 };
/**
 * One field with any number of subfields. A value of more than 1024 characters is stored, but not searchable. Without this limit,
 * Elasticsearch refuses a record that has a value of more than 32766 bytes (elastic.co, "Flattened field type"; elastic/ecs, issue 2247).
 * Such values occur: API servers write the patches of webhooks into annotations.
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

/**
 * Fields of containers (elastic/beats, `libbeat/processors/add_kubernetes_metadata/_meta/fields.yml`, main). All labels are in one field,
 * because users choose the labels' names.
 */
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

/**
 * Searchable fields of an audit event (kubernetes/apiserver, `pkg/apis/audit/v1/types.go`, master). The event's request and response are
 * stored, but not searchable.
 */
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
 * The index template of a kind of logs. Only the listed fields are searchable; other fields are stored. So no application can make the
 * number of fields grow, and Elasticsearch does not refuse a record because of a value of an unexpected type. A changed template applies to
 * the next index.
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

/** Maximum size of an index, as Elastic recommends it (elastic.co, "Size your shards"). */
const MAX_INDEX_GIB = 50;

/**
 * The lifecycle policy of a kind of logs. Elasticsearch deletes only whole indices, when the last record of an index is as old as the
 * retention. So the older logs in an index stay longer than the retention. There are about 30 indices at a time, far fewer than the maximum
 * number of shards on a node (1000; elastic.co, "Size your shards"). No index is larger than a tenth of a volume.
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
