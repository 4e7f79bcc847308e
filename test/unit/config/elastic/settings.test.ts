import { ELASTIC_DEMAND_KEYS, elasticDemands } from "../../../../config/elastic/settings";
import { schema, type Settings } from "../../../../config/schema";

const defaults = Object.fromEntries(ELASTIC_DEMAND_KEYS.map((key) => [key, schema.shape[key].parse(undefined)])) as Pick<
  Settings,
  (typeof ELASTIC_DEMAND_KEYS)[number]
>;
const demands = (keys: Partial<Settings>) =>
  elasticDemands({ ...defaults, elasticLicence: "basic", ...keys }).map(({ consumer, pods, memoryMib, nodes }) => [
    consumer,
    pods,
    memoryMib,
    nodes,
  ]);

test("without elasticLicence no pods request CPU and memory", () => {
  expect(elasticDemands(defaults)).toEqual([]);
});

test("each node runs one Filebeat for each kind of logs, and Elasticsearch and Kibana run on the workers", () => {
  expect(demands({ workerCount: 4, elasticAuditDays: 0 })).toEqual([
    ["Elasticsearch", 3, 4096, "worker"],
    ["Kibana", 1, 2048, "worker"],
    ["Filebeat", 8, 200, "worker"],
  ]);
});

test("with elasticOnInfraNodes Elasticsearch requests memory on the infra nodes, and Filebeat on workers and infra nodes", () => {
  expect(demands({ workerCount: 2, infraCount: 3, elasticOnInfraNodes: true, elasticMemoryGib: 8, elasticKibanas: 0 })).toEqual([
    ["Elasticsearch", 3, 8192, "infra"],
    ["Filebeat", 6, 200, "worker"],
    ["Filebeat", 9, 200, "infra"],
  ]);
});

test("without workers the control plane nodes run a Filebeat for each kind of logs", () => {
  expect(demands({ workerCount: 0, masterCount: 1, elasticNodes: 1, elasticKibanas: 0 }).at(-1)).toEqual(["Filebeat", 3, 200, "worker"]);
});
