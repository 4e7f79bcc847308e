import type { Resource } from "../../../../../lib/pulumi/resource";
import { estimate } from "../../../../../tools/cost/estimate";
import { moneyText } from "../../../../../tools/cost/money";
import { made, prices } from "../fixture";

const search = (claim: object) =>
  made("kubernetes:elasticsearch.k8s.elastic.co/v1:Elasticsearch", "elastic-elasticsearch", {
    metadata: { name: "logs" },
    spec: { nodeSets: [{ name: "default", count: 3, volumeClaimTemplates: [{ metadata: { name: "elasticsearch-data" }, spec: claim }] }] },
  });
const cost = (resource: Resource) => estimate([resource], { region: "us-east-1", prices });

test("the cost of Elasticsearch includes a volume of each node", () => {
  // 3 × 100 × 0.08 = 24
  const lines = cost(search({ resources: { requests: { storage: "100Gi" } } })).lines.filter((line) => line.byCluster);
  expect(lines.map(({ what, count, monthly }) => `${count} ${what}: ${moneyText(monthly)}`)).toEqual([
    "3 Volumes of Elasticsearch, gp3: $24.00",
  ]);
});

test("the estimate names volumes of the user's own storage class as not included", () => {
  const own = search({ storageClassName: "fast", resources: { requests: { storage: "100Gi" } } });
  expect(JSON.stringify(cost(own))).toContain("the volumes of Elasticsearch (storage class fast) aren't included");
});
