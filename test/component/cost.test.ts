/**
 * The cost of the examples, estimated from the resources that the program declares. The prices come from the fixture, so that the sums can be checked by hand.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { platformKeys } from "../facts/dev-stack";
import { devStack } from "./configurations";
import { Program } from "./program";
import { estimate } from "../../tools/cost/estimate";
import { moneyText } from "../../tools/cost/money";
import { prices } from "../unit/tools/cost/fixture";

/** Changes that remove the keys that the dev stack has and the examples do not have. */
const withoutPlatformKeys = Object.fromEntries(platformKeys.map((key) => [key, undefined]));

/** An example's estimate, with its placeholders filled. */
async function example(name: string, changes: Readonly<Record<string, unknown>> = {}) {
  const text = readFileSync(join(__dirname, "..", "..", "examples", `Pulumi.${name}.yaml`), "utf8");
  const { config } = load(text.replace("<your-domain>", "okd.example.com").replace("<your-range>", "203.0.113.0/24")) as {
    config: Readonly<Record<string, unknown>>;
  };
  const keys = Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace(/^okd-aws:/, ""), value]));
  const region = String(keys["aws:region"]);
  const zones = () => ({ names: ["a", "b", "c"].map((zone) => `${region}${zone}`) });
  const program = await Program.run(devStack({ installerHost: true, ...withoutPlatformKeys, ...keys, ...changes }), {
    "aws:index/getAvailabilityZones:getAvailabilityZones": zones,
  });
  return estimate(program.resources, { region, prices });
}

const shown = ({ lines }: Awaited<ReturnType<typeof example>>) =>
  lines.map(
    ({ what, count, units, monthly, byCluster }) => `${byCluster ? "cluster: " : ""}${count} × ${units} ${what}: ${moneyText(monthly)}`,
  );

test("the highly available example costs the sum of these items", async () => {
  const found = await example("ha");
  expect(shown(found)).toEqual([
    "6 × 730 m6i.2xlarge, on demand: $2,014.80", // 6 × 730 × 0.46
    "1 × 730 m6i.large, on demand: $83.95", // The installer host: 730 × 0.115.
    "1 × 16 Copied machine image: $0.86", // 16 × 0.054 = 0.864
    "1 × 60 EBS gp3 storage: $5.71", // The installer host's root volume: 60 × 0.0952 = 5.712.
    "6 × 120 EBS gp3 storage: $68.54", // The nodes' root volumes: 720 × 0.0952 = 68.544.
    "1 × 200 EBS gp3 storage: $19.04", // The registry's volume: 200 × 0.0952.
    "3 × 730 NAT gateways: $113.88", // 3 × 730 × 0.052
    "3 × 100 NAT gateways, data: $15.60", // 300 × 0.052
    "7 × 730 Public IPv4 addresses: $25.55", // Three of the NAT gateways, three of the public load balancer, one of the installer host: 7 × 730 × 0.005.
    "2 × 730 Network load balancers: $39.42", // 2 × 730 × 0.027
    "2 × 730 Network load balancers, capacity units: $8.76", // 2 × 730 × 0.006
    "2 × 1 S3 buckets: $0.05", // The assets' bucket and the installer host's bucket: 2 × 0.0245 = 0.049.
    "1 × 1 Route 53 zones: $0.50",
    "2 × 1 Secrets Manager secrets: $0.80", // The registry's secret and the approver's secret: 2 × 0.40.
    "cluster: 1 × 0 Persistent volumes, gp3: $0.00",
    "cluster: 3 × 730 Public IPv4 addresses: $10.95", // 3 × 730 × 0.005
    "cluster: 1 × 730 Classic load balancers: $21.90", // 730 × 0.03
    "cluster: 1 × 100 Classic load balancers, data: $0.80", // 100 × 0.008
    "cluster: 1 × 50 Bucket of the registry: $1.23", // 50 × 0.0245 = 1.225
  ]);
  // 2014.80 + 83.95 + 0.864 + 5.712 + 68.544 + 19.04 + 113.88 + 15.60 + 25.55 + 39.42 + 8.76 + 0.049 + 0.50 + 0.80 + 10.95 + 21.90 + 0.80 + 1.225
  expect(found.monthly).toBe(2_432_344_000);
  expect(moneyText(found.monthly)).toBe("$2,432.34");
  expect(found.unknown).toEqual([]);
  expect(found.temporary.map((urn) => urn.split("::").at(-1))).toEqual(["bootstrap-machine", "bootstrap-ignition-bucket"]);
});

test("the compact example costs the sum of these items", async () => {
  // OpenShift needs a pull secret and has its own image. The pull secret and the image do not change the cost, so this test uses OKD.
  const found = await example("compact", { distribution: "okd", release: "4.22.0-okd-scos.7" });
  expect(shown(found)).toEqual([
    "1 × 730 m6g.large, on demand: $56.21", // The installer host: 730 × 0.077.
    "3 × 730 m7g.2xlarge, on demand: $714.82", // 3 × 730 × 0.3264 = 714.816
    "1 × 16 Copied machine image: $0.80", // 16 × 0.05
    "1 × 60 EBS gp3 storage: $4.80",
    "4 × 200 EBS gp3 storage: $64.00", // Three control plane volumes and the registry's volume: 800 × 0.08.
    "1 × 730 NAT gateways: $32.85", // A single NAT gateway: 730 × 0.045.
    "1 × 100 NAT gateways, data: $4.50",
    "5 × 730 Public IPv4 addresses: $18.25", // One of the NAT gateway, three of the public load balancer, one of the installer host.
    "2 × 730 Network load balancers: $32.85", // 2 × 730 × 0.0225
    "2 × 730 Network load balancers, capacity units: $8.76",
    "2 × 1 S3 buckets: $0.05", // 0.046
    "1 × 1 Route 53 zones: $0.50",
    "2 × 1 Secrets Manager secrets: $0.80",
    "cluster: 1 × 0 Persistent volumes, gp3: $0.00",
    "cluster: 3 × 730 Public IPv4 addresses: $10.95",
    "cluster: 1 × 730 Classic load balancers: $18.25", // 730 × 0.025
    "cluster: 1 × 100 Classic load balancers, data: $0.80",
    "cluster: 1 × 50 Bucket of the registry: $1.15", // 50 × 0.023
  ]);
  // 56.21 + 714.816 + 0.80 + 4.80 + 64 + 32.85 + 4.50 + 18.25 + 32.85 + 8.76 + 0.046 + 0.50 + 0.80 + 10.95 + 18.25 + 0.80 + 1.15
  expect(found.monthly).toBe(970_332_000);
  expect(found.unknown).toEqual([]);
});
