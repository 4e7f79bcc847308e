/**
 * Compares the program's tables with the facts in test/facts: both must have the same rows. test/component tests which resources the program declares
 * from the tables.
 */
import { bootstrapActions, workerActions } from "../../../../lib/openshift/iam-actions";
import { ingressRules, ruleKey } from "../../../../lib/openshift/instance-ingress";
import { partitionOf } from "../../../../config/partition";
import { masterActions } from "../../../../config/releases/facts";
import { minorNamed } from "../../../../config/releases/minor";
import { bootstrapActionFacts, masterActionFacts, masterActionsSince422, trustedServiceFacts, workerActionFacts } from "../../../facts/iam";
import { ingressFacts } from "../../../facts/security-groups";

describe("security group rules", () => {
  const said = ingressFacts.map(
    ([to, from, protocol, first, last]) => `${to} from ${from}: ${protocol} ${first ?? "all"}-${last ?? "all"}`,
  );
  const declared = ingressRules.map(
    ({ to, from, protocol, ports }) => `${to} from ${from}: ${protocol} ${ports?.[0] ?? "all"}-${ports?.[1] ?? "all"}`,
  );

  test("of the program are exactly those in test/facts, which are from OpenShift's CloudFormation templates", () => {
    expect([...declared].sort()).toEqual([...said].sort());
  });

  test("have unique keys and valid descriptions", () => {
    expect(new Set(ingressRules.map(ruleKey)).size).toBe(ingressFacts.length);
    expect(ingressRules.filter(({ purpose }) => !/^[\w ,/.-]{3,255}$/.test(purpose))).toEqual([]);
  });

  test("never open the machine config server to addresses outside the VPC", () => {
    const reaching = ingressRules.filter(
      ({ protocol, ports }) => protocol === "tcp" && ports !== undefined && ports[0] <= 22623 && ports[1] >= 22623,
    );
    expect(reaching.map(({ to, from }) => `${to} from ${from}`)).toEqual(["masters from machine-network"]);
  });
});

describe("IAM actions", () => {
  test.each([
    ["the control plane of 4.19", masterActions(minorNamed("4.19")), masterActionFacts],
    ["the control plane of 4.22", masterActions(minorNamed("4.22")), [...masterActionFacts, ...masterActionsSince422]],
    ["workers", workerActions, workerActionFacts],
    ["the bootstrap instance", bootstrapActions, bootstrapActionFacts],
  ])("of %s are exactly those in test/facts", (_, declared, said) => {
    expect([...declared].sort()).toEqual([...said].sort());
  });
});

describe("an AWS partition", () => {
  test.each<[string, string, boolean]>([
    ["us-east-1", "aws", true],
    ["ap-southeast-5", "aws", true],
    ["us-gov-east-1", "aws-us-gov", false],
    ["us-iso-east-1", "aws-iso", false],
    ["us-isob-east-1", "aws-iso-b", false],
    ["cn-north-1", "aws-cn", true],
  ])("of the region %s is %s, and supports alias records for load balancers: %s", (region, name, aliasRecords) => {
    expect(partitionOf(region)).toMatchObject({ name, aliasRecords });
  });

  test.each(trustedServiceFacts)("of the region %s has instance roles that trust %s", (region, service) => {
    expect(`ec2.${partitionOf(region).dnsSuffix}`).toBe(service);
  });
});
