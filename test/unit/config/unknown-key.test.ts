/** Keys in namespaces other than `okd-aws`. */
import { problemKeys, problemsOf, withKeys } from "./fixture";

test.each(["okd-asw:publish", "okd_aws:publish", "okd:publish", "okdaws:anything", "config:workerCount", "OKD-AWS:publish"])(
  "the key %s in an unknown namespace is refused, and the problem suggests the right key",
  (key) => {
    const [problem] = problemsOf(withKeys({ [key]: "hunter2" }));
    expect(problem.key).toBe(key);
    expect(problem.wrong).toContain(`did you mean okd-aws:${key.split(":")[1]}?`);
    expect(problem.fix).toContain(`pulumi config rm ${key}, and set okd-aws:`);
    expect(JSON.stringify(problem)).not.toContain("hunter2");
  },
);

test("keys in the namespaces of providers, of Pulumi and of other programs are accepted", () => {
  expect(
    problemKeys({ "aws:maxRetries": 10, "pulumi:tags": "{}", "kubernetes:context": "x", "datadog:apiKey": "x", "acme:owner": "x" }),
  ).toEqual([]);
});
