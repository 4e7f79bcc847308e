import type { Resource } from "../../../../../lib/pulumi/resource";
import { estimate } from "../../../../../tools/cost/estimate";
import { moneyText } from "../../../../../tools/cost/money";
import { made, prices } from "../fixture";

const stack = (size: string, storageClassName: string): Resource =>
  made("kubernetes:loki.grafana.com/v1:LokiStack", "logging-loki", { spec: { size, storageClassName } });
const cost = (resource: Resource) => estimate([resource], { region: "us-east-1", prices });

test("the cost of Loki includes the volumes of its pods", () => {
  const lines = cost(stack("1x.extra-small", "gp3-csi")).lines.filter((line) => line.byCluster);
  // 0.08 for each GiB: 10, 2 × 50, 3 × 10 and 3 × 150
  expect(lines.map(({ what, count, monthly }) => `${count} ${what}: ${moneyText(monthly)}`).sort()).toEqual([
    "1 Volumes of Loki's compactor, gp3: $0.80",
    "2 Volumes of Loki's indexGateway, gp3: $8.00",
    "3 Volumes of Loki's ingester, gp3: $2.40",
    "3 Volumes of Loki's ingester, gp3: $36.00",
  ]);
});

test("the cost of Loki's volumes is unknown for another storage class", () => {
  expect(cost(stack("1x.demo", "fast")).unknown.map(({ why }) => why)).toEqual([
    "the volumes of Loki (storage class fast) aren't included",
  ]);
});
