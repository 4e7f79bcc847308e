/** Keys in a namespace that nothing reads. */
import { blamed, problemsOf, withKeys } from "./fixture";

test.each(["okd-asw:publish", "okd_aws:publish", "okd:publish", "okdaws:anything", "config:workerCount", "OKD-AWS:publish"])(
  "%s is refused, with the key that is meant",
  (key) => {
    const [problem] = problemsOf(withKeys({ [key]: "hunter2" }));
    expect(problem.key).toBe(key);
    expect(problem.wrong).toContain(`did you mean okd-aws:${key.split(":")[1]}?`);
    expect(problem.fix).toContain(`pulumi config rm ${key}, and set okd-aws:`);
    expect(JSON.stringify(problem)).not.toContain("hunter2");
  },
);

test("ignores keys of providers, of Pulumi and of other programs", () => {
  expect(
    blamed({ "aws:maxRetries": 10, "pulumi:tags": "{}", "kubernetes:context": "x", "datadog:apiKey": "x", "acme:owner": "x" }),
  ).toEqual([]);
});
