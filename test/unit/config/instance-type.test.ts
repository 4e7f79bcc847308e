import { _InstanceType } from "@aws-sdk/client-ec2";
import { instanceTypeFromName, parseInstanceType } from "../../../config/instance-type";
import { INSTANCE_TYPES } from "../../../config/instance-types";
import { problemsOf, withKeys } from "./fixture";

describe("the name of an instance type", () => {
  test("is recognized for each type in AWS's SDK, except those for macOS", () => {
    const unknown = Object.values(_InstanceType).filter((name) => parseInstanceType(name) === undefined);
    expect(unknown.filter((name) => !name.startsWith("mac"))).toEqual([]);
    expect(unknown).toContain("mac2.metal");
  });

  test("gives the processor and size that AWS publishes, if they are known", () => {
    expect(INSTANCE_TYPES.size).toBeGreaterThan(1000);
    expect(parseInstanceType("c4.8xlarge")).toEqual({ name: "c4.8xlarge", architecture: "amd64", vcpus: 36, memoryGib: 60, isKnown: true });
    expect(parseInstanceType("m6i.metal")).toMatchObject({ vcpus: 128, memoryGib: 512 });
  });

  // The program also reads names of families that AWS does not offer yet. AWS's naming rules hold for families from the fifth generation on, with a
  // few exceptions: older families did not follow them, and the smallest sizes of burstable families never did.
  test("implies the processor and size that AWS publishes, in families from the fifth generation on", () => {
    const newer = [...INSTANCE_TYPES].filter(
      ([name]) => /^[a-z]+([5-9])/.test(name) && !/^(c5n|g5g|g6f|t\w+\.(?:nano|micro|small|medium))/.test(name),
    );
    expect(newer.length).toBeGreaterThan(800);
    for (const [name, { architecture, vcpus, memoryGib }] of newer) {
      const told = instanceTypeFromName(name);
      expect([name, told?.architecture, told?.vcpus ?? vcpus, told?.memoryGib ?? memoryGib]).toEqual([
        name,
        architecture,
        vcpus,
        memoryGib,
      ]);
    }
  });

  test.each([
    "u-6tb1.112xlarge",
    "u-3tb1.56xlarge",
    "u-24tb1.112xlarge",
    "u-6tb1.metal",
    "m7i-flex.large",
    "u7inh-32tb.480xlarge",
    "m99i.xlarge",
  ])("%s is accepted for workers", (workerInstanceType) => {
    expect(problemsOf(withKeys({ workerInstanceType }))).toEqual([]);
  });

  test.each<[string, string]>([
    ["p6e-gb200.36xlarge", "is arm64, but masterInstanceType (m6i.xlarge) is x86_64"],
    ["p6e-gb300.36xlarge", "is arm64, but masterInstanceType (m6i.xlarge) is x86_64"],
    ["t3.medium", "is too small for a worker: it has only 4 GiB of memory"],
    ["m3.large", "is too small for a worker: it has only 7.5 GiB of memory"],
    ["is4gen.medium", "is too small for a worker: it has only 1 vCPU and 6 GiB of memory"],
    ["mac2.metal", "is a Mac, which can't run the cluster's operating system"],
    ["u-6tb1", "is not a valid name of an EC2 instance type"],
  ])("%s is refused for workers: %s", (workerInstanceType, wrong) => {
    expect(problemsOf(withKeys({ workerInstanceType })).map((problem) => problem.wrong)).toContain(wrong);
  });

  test.each<[string, string]>([
    ["m1.xlarge", "is too small for a control plane node: it has only 15 GiB of memory"],
    ["inf1.xlarge", "is too small for a control plane node: it has only 8 GiB of memory"],
  ])("%s is refused for the control plane: %s", (masterInstanceType, wrong) => {
    expect(problemsOf(withKeys({ masterInstanceType })).map((problem) => problem.wrong)).toContain(wrong);
  });
});
