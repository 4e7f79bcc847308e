import type { ApiObject } from "../../../../cluster-objects/object";
import { schemaProblems, ObjectError, UNKNOWN } from "../../../../cluster-objects/schema/check";

const router = (spec: object): ApiObject => ({
  apiVersion: "operator.openshift.io/v1",
  kind: "IngressController",
  metadata: { name: "public", namespace: "openshift-ingress-operator" },
  spec,
});

describe("the check of an object against its kind's definition", () => {
  test.each<[string, object, string[]]>([
    ["what is right", { domain: "apps.example.com", replicas: 2, endpointPublishingStrategy: { type: "HostNetwork" } }, []],
    ["a field that there is not", { replica: 2 }, ["spec has no field replica; did you mean replicas?"]],
    ["a field of another type", { replicas: "2" }, ["spec.replicas must be integer"]],
    [
      "a word that isn't one",
      { endpointPublishingStrategy: { type: "Hostnetwork" } },
      ['spec.endpointPublishingStrategy.type is not one of "LoadBalancerService", "HostNetwork", "Private", "NodePortService"'],
    ],
    [
      "a field that is missing",
      { endpointPublishingStrategy: { type: "LoadBalancerService", loadBalancer: { scope: "External" } } },
      ["spec.endpointPublishingStrategy.loadBalancer lacks dnsManagementPolicy"],
    ],
    [
      "two flaws at once",
      { replica: 2, domains: "x" },
      ["spec has no field replica; did you mean replicas?", "spec has no field domains; did you mean domain?"],
    ],
    ["what isn't known yet", { domain: UNKNOWN, replicas: UNKNOWN, namespaceSelector: { matchLabels: { shard: UNKNOWN } } }, []],
    ["what isn't known, beside a flaw", { domain: UNKNOWN, replica: UNKNOWN }, ["spec has no field replica; did you mean replicas?"]],
  ])("%s", (_, spec, flaws) => {
    expect(schemaProblems(router(spec)).sort()).toEqual([...flaws].sort());
  });

  test("checks Kubernetes' own kinds, including their shared definitions", () => {
    const job = { apiVersion: "batch/v1", kind: "CronJob", metadata: { name: "sync", namespace: "x" } };
    const template = {
      spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "a", image: "b", imagePullPolice: "Always" }] } } },
    };
    expect(schemaProblems({ ...job, spec: { schedule: "@daily", jobTemplate: template } })).toEqual([
      "spec.jobTemplate.spec.template.spec.containers.0 has no field imagePullPolice; did you mean imagePullPolicy?",
    ]);
  });

  test("accepts any value where the definition is open", () => {
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
    expect(message).toContain("it has no field datas; did you mean data?");
    expect(message).not.toContain("hunter2");
  });
});
