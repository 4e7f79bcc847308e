import type { ApiObject } from "../../../../cluster-objects/object";
import { schemaProblems, ObjectError, UNKNOWN } from "../../../../cluster-objects/schema/check";

const router = (spec: object): ApiObject => ({
  apiVersion: "operator.openshift.io/v1",
  kind: "IngressController",
  metadata: { name: "public", namespace: "openshift-ingress-operator" },
  spec,
});

const strategy = "spec.endpointPublishingStrategy";

describe("the check of an object against its kind's definition", () => {
  test.each<[string, object, object[]]>([
    ["nothing in a valid object", { domain: "apps.example.com", replicas: 2, endpointPublishingStrategy: { type: "HostNetwork" } }, []],
    ["an unknown field", { replica: 2 }, [{ field: "spec", wrong: "has no field replica", fix: "write replicas" }]],
    ["an unknown field that resembles no other", { elephant: 2 }, [{ field: "spec", wrong: "has no field elephant", fix: "remove it" }]],
    ["a field of another type", { replicas: "2" }, [{ field: "spec.replicas", wrong: "has the wrong type", allowed: "integer" }]],
    [
      "a value that is not one of the choices",
      { endpointPublishingStrategy: { type: "Hostnetwork" } },
      [
        {
          field: `${strategy}.type`,
          wrong: "is not one of the allowed values",
          allowed: '"LoadBalancerService", "HostNetwork", "Private", "NodePortService"',
        },
      ],
    ],
    [
      "a missing field",
      { endpointPublishingStrategy: { type: "LoadBalancerService", loadBalancer: { scope: "External" } } },
      [{ field: `${strategy}.loadBalancer`, wrong: "lacks dnsManagementPolicy", fix: "add dnsManagementPolicy" }],
    ],
    [
      "two problems at once",
      { replica: 2, domains: "x" },
      [
        { field: "spec", wrong: "has no field replica", fix: "write replicas" },
        { field: "spec", wrong: "has no field domains", fix: "write domain" },
      ],
    ],
    ["nothing in unknown values", { domain: UNKNOWN, replicas: UNKNOWN, namespaceSelector: { matchLabels: { shard: UNKNOWN } } }, []],
    [
      "an unknown field next to an unknown value",
      { domain: UNKNOWN, replica: UNKNOWN },
      [{ field: "spec", wrong: "has no field replica", fix: "write replicas" }],
    ],
  ])("finds %s", (_, spec, problems) => {
    expect(schemaProblems(router(spec))).toMatchObject(problems);
  });

  test("lists the allowed fields if an object has an unknown field", () => {
    const [{ allowed }] = schemaProblems(router({ replica: 2 }));
    expect(allowed?.split(", ")).toEqual(expect.arrayContaining(["domain", "replicas", "routeSelector"]));
  });

  test("checks Kubernetes' own kinds, including their shared definitions", () => {
    const job = { apiVersion: "batch/v1", kind: "CronJob", metadata: { name: "sync", namespace: "x" } };
    const template = {
      spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "a", image: "b", imagePullPolice: "Always" }] } } },
    };
    expect(schemaProblems({ ...job, spec: { schedule: "@daily", jobTemplate: template } })).toMatchObject([
      { field: "spec.jobTemplate.spec.template.spec.containers.0", wrong: "has no field imagePullPolice", fix: "write imagePullPolicy" },
    ]);
  });

  test("accepts any fields where the definition allows unknown fields", () => {
    const kubelet = { apiVersion: "machineconfiguration.openshift.io/v1", kind: "KubeletConfig", metadata: { name: "x" } };
    expect(schemaProblems({ ...kubelet, spec: { kubeletConfig: { maxPods: 500, anything: { at: "all" } } } })).toEqual([]);
  });

  test("throws for a kind without a definition", () => {
    expect(() => schemaProblems({ apiVersion: "example.com/v1", kind: "Thing", metadata: { name: "x" } })).toThrow(
      "cluster-objects/schema/kinds.ts",
    );
  });

  test("never shows a value", () => {
    const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "x", namespace: "y" }, datas: { password: "hunter2" } };
    const { message } = new ObjectError(secret, schemaProblems(secret));
    expect(message).toMatch(
      /^Secret .* does not match the definition of v1 Secret; it was not applied\.\n- it has no field datas\n {2}allowed: .*\bdata\b.*\n {2}fix: {5}write data$/,
    );
    expect(message).not.toContain("hunter2");
  });
});
