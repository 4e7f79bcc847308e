import type { PriceTable } from "../../../../tools/cost/price-table";
import type { Resource } from "../../../../lib/pulumi/resource";

const source = "AWS's public price list, written down for tests";

/** Separate prices for the tests, so that an update of the price table does not change the sums that were computed by hand. */
export const prices: PriceTable = {
  currency: "USD",
  regions: {
    "us-east-1": {
      date: "2025-01-01",
      source,
      instances: { "m6i.large": "0.096", "m6i.xlarge": "0.192", "m6i.2xlarge": "0.384", "c6i.large": "0.085", "r7g.large": "0.1071" },
      services: {
        "volume.gp2": "0.10",
        "volume.gp3": "0.08",
        "volume.gp3.iops": "0.005",
        "volume.gp3.throughput": "0.04",
        "volume.io1": "0.125",
        "volume.io1.iops": "0.065",
        "volume.io2": "0.125",
        "volume.io2.iops": "0.065",
        "volume.io2.iops.tier2": "0.0455",
        "volume.io2.iops.tier3": "0.03185",
        snapshot: "0.05",
        "nat.hour": "0.045",
        "nat.gb": "0.045",
        "balancer.network.hour": "0.0225",
        "balancer.network.lcu": "0.006",
        "balancer.application.hour": "0.0225",
        "balancer.application.lcu": "0.008",
        "balancer.classic.hour": "0.025",
        "balancer.classic.gb": "0.008",
        "address.hour": "0.005",
        "endpoint.hour": "0.01",
        "endpoint.gb": "0.01",
        bucket: "0.023",
        key: "1.00",
        secret: "0.40",
        zone: "0.50",
        "log.ingestion": "0.50",
        "log.storage": "0.03",
        alarm: "0.10",
        fileSystem: "0.30",
        "webAcl.acl": "5.00",
        "webAcl.rule": "1.00",
        "webAcl.requests": "0.60",
      },
    },
    "us-west-2": {
      date: "2025-01-01",
      source,
      instances: { "m7g.2xlarge": "0.3264", "m6g.large": "0.077" },
      services: {
        "volume.gp3": "0.08",
        snapshot: "0.05",
        "nat.hour": "0.045",
        "nat.gb": "0.045",
        "balancer.network.hour": "0.0225",
        "balancer.network.lcu": "0.006",
        "balancer.classic.hour": "0.025",
        "balancer.classic.gb": "0.008",
        "address.hour": "0.005",
        bucket: "0.023",
        secret: "0.40",
        zone: "0.50",
      },
    },
    "eu-central-1": {
      date: "2025-01-01",
      source,
      instances: { "m6i.large": "0.115", "m6i.2xlarge": "0.46" },
      services: {
        "volume.gp3": "0.0952",
        snapshot: "0.054",
        "nat.hour": "0.052",
        "nat.gb": "0.052",
        "balancer.network.hour": "0.027",
        "balancer.network.lcu": "0.006",
        "balancer.classic.hour": "0.03",
        "balancer.classic.gb": "0.008",
        "address.hour": "0.005",
        bucket: "0.0245",
        secret: "0.40",
        zone: "0.50",
      },
    },
  },
};

/** A resource in the state or the plan of the dev stack. */
export function made(type: string, name: string, inputs: Resource["inputs"] = {}, outputs?: Resource["outputs"]): Resource {
  return { type, urn: `urn:pulumi:dev::okd-aws::${type}::${name}`, inputs, ...(outputs && { outputs }) };
}

/** An instance as the program declares it. */
export function instanceResource(name: string, inputs: Resource["inputs"] = {}): Resource {
  const rootBlockDevice = { volumeType: "gp3", volumeSize: 120, iops: 3000, throughput: 125 };
  return made("aws:ec2/instance:Instance", name, {
    instanceType: "m6i.xlarge",
    associatePublicIpAddress: false,
    rootBlockDevice,
    ...inputs,
  });
}
