import { _InstanceType } from "@aws-sdk/client-ec2";
import { parseInstanceType } from "../../config/instance-type";
import { INSTANCE_TYPES } from "../facts/instance-types";
import { problemsOf, withKeys } from "./config-fixture";

describe("the name of an instance type", () => {
  test("is known for every type that AWS's own client knows, but for Macs", () => {
    const unknown = Object.values(_InstanceType).filter((name) => parseInstanceType(name) === undefined);
    expect(unknown.filter((name) => !name.startsWith("mac"))).toEqual([]);
    expect(unknown).toContain("mac2.metal");
  });

  test("tells architecture and vCPUs, and memory where it tells any", () => {
    expect(INSTANCE_TYPES.length).toBeGreaterThan(1000);
    for (const { name, architecture, vcpus, memoryGib } of INSTANCE_TYPES) {
      const told = parseInstanceType(name);
      expect([name, told?.architecture, told?.vcpus ?? vcpus]).toEqual([name, architecture, vcpus]);
      // Two sizes of c5n have somewhat more than their family's share, and AWS's own numbers of the first types are rounded.
      expect([name, Math.abs((told?.memoryGib ?? memoryGib) / memoryGib - 1) < 0.025]).toEqual([name, true]);
    }
  });

  test("tells the memory of every type that may be too small for a machine of a cluster", () => {
    const small = INSTANCE_TYPES.filter(({ memoryGib }) => memoryGib < 16);
    expect(small.filter(({ name }) => parseInstanceType(name)?.memoryGib === undefined).map(({ name }) => name)).toEqual([]);
  });

  test.each(["u-6tb1.112xlarge", "u-3tb1.56xlarge", "u-24tb1.112xlarge", "u-6tb1.metal", "m7i-flex.large", "u7inh-32tb.480xlarge"])(
    "%s can be workers' type",
    (workerInstanceType) => {
      expect(problemsOf(withKeys({ workerInstanceType }))).toEqual([]);
    },
  );

  test.each<[string, string]>([
    ["p6e-gb200.36xlarge", "is arm64, but masterInstanceType (m6i.xlarge) is x86_64"],
    ["t3.medium", "is too small for a worker: it has only 4 GiB of memory"],
    ["m3.large", "is too small for a worker: it has only 7.5 GiB of memory"],
    ["mac2.metal", "is a Mac, which can't run the cluster's operating system"],
    ["u-6tb1", "is not the name of an EC2 instance type"],
  ])("%s can't: %s", (workerInstanceType, wrong) => {
    expect(problemsOf(withKeys({ workerInstanceType })).map((problem) => problem.wrong)).toEqual([wrong]);
  });

  test.each<[string, string]>([
    ["m1.xlarge", "is too small for a master: it has only 15 GiB of memory"],
    ["inf1.xlarge", "is too small for a master: it has only 8 GiB of memory"],
  ])("%s can't be masters': %s", (masterInstanceType, wrong) => {
    expect(problemsOf(withKeys({ masterInstanceType })).map((problem) => problem.wrong)).toContain(wrong);
  });
});
