import { summarizePlan } from "../../../../tools/plan/summary";
import { withRefusals } from "../../../../tools/plan/refusals";

const urn = "urn:pulumi:dev::okd-aws::aws:ec2/instance:Instance::masters-0";
const event = (policyEvent: object) =>
  JSON.stringify({ sequence: 1, policyEvent: { resourceUrn: urn, policyName: "regions", ...policyEvent } });

describe("a refusal by the policy pack", () => {
  test("is the first error of a plan, with the rule's message, and only once", () => {
    const message = "\u001b[31m<{%reset%}>is in eu-west-1; allowed: us-east-1<{%reset%}>\u001b[0m\n";
    const events = [
      event({ message, enforcementLevel: "mandatory" }),
      event({ message, enforcementLevel: "mandatory" }),
      '{"sequence":2}',
      "",
    ];
    const plan = withRefusals({ diagnostics: [{ severity: "error", message: "preview failed" }] }, events.join("\n"));
    expect(plan.diagnostics?.map(({ message: text }) => text)).toEqual([
      "masters-0: refused by the policy regions: is in eu-west-1; allowed: us-east-1",
      "preview failed",
    ]);
    expect(summarizePlan(plan).errors[0]).toContain("refused by the policy regions");
  });

  test("is not added for an advisory policy or without a policy", () => {
    const preview = { steps: [] };
    expect(withRefusals(preview, event({ message: "better not", enforcementLevel: "advisory" }))).toBe(preview);
    expect(withRefusals(preview, "")).toBe(preview);
  });
});
