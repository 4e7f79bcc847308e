import { setTimeout as sleep } from "node:timers/promises";
import { type Api, type KubeObject, undefinedIfMissing } from "../api";
import { nodeTaint } from "./configuration";

/** References of the images in the node's registry that take the place of the example application's images. */
export type NodeImages = Readonly<Record<"web" | "database", string>>;

/** API group and version of the policies. */
const policies = "admissionregistration.k8s.io/v1alpha1";

/**
 * Arguments of the API server with which the policies that place pods work. In Kubernetes 1.33 they are an alpha feature
 * (kubernetes/kubernetes, `staging/src/k8s.io/apiserver/pkg/features/kube_features.go`, release-1.33).
 */
export const placementArguments = ["--feature-gates=MutatingAdmissionPolicy=true", `--runtime-config=${policies}=true`] as const;

/** Label of the real node, by which pods are placed on it. */
export const containersLabel = "sandbox.okd-aws/containers";

/** The pinned images whose pods run on the real node: parts of a pull specification. */
const replacedImages = { web: "/php-83", database: "/postgresql-16-c9s" } as const;

/** Seconds until the API server must apply a new policy. */
const effectiveSeconds = 60;

/**
 * Makes the API server place each new pod of the example application's images on the real node, with the image in the node's registry. Other pods
 * do not tolerate the node's taint.
 *
 * @throws Error if a policy has no effect within a minute
 */
export async function placeOnRealNode(api: Api, images: NodeImages): Promise<void> {
  for (const kind of ["web", "database"] as const) {
    for (const object of policyFor(kind, images[kind])) await api.apply(object, "simulator");
    await effective(api, kind, images[kind]);
  }
}

/** Removes the policies, so that the scheduler places new pods on simulated nodes, with the images of their templates. */
export async function placeOnSimulatedNodes(api: Api): Promise<void> {
  for (const kind of ["web", "database"] as const)
    for (const resource of ["mutatingadmissionpolicybindings", "mutatingadmissionpolicies"])
      await api.send("DELETE", `/apis/${policies}/${resource}/${policyName(kind)}`).catch(undefinedIfMissing);
}

/** Waits until a policy changes new pods: the API server reads changed policies with a delay. */
async function effective(api: Api, kind: keyof NodeImages, image: string): Promise<void> {
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "sandbox-placement" },
    spec: { containers: [{ name: "test", image: `example.com${replacedImages[kind]}:test` }] },
  };
  for (const deadline = Date.now() + effectiveSeconds * 1000; Date.now() < deadline;) {
    const path = "/api/v1/namespaces/default/pods?dryRun=All";
    const { spec } = await api.send<{ spec: { containers: { image: string }[] } }>("POST", path, pod);
    if (spec.containers[0].image === image) return;
    await sleep(250);
  }
  throw new Error(`the policy that places ${kind} pods on the real node had no effect within ${effectiveSeconds} s`);
}

/** The policy of one image and its binding. */
function policyFor(kind: keyof NodeImages, image: string): readonly KubeObject[] {
  const name = policyName(kind);
  const { key, effect } = nodeTaint;
  const changes = [
    `JSONPatch{op: "add", path: "/spec/nodeSelector", value: {"${containersLabel}": "real"}}`,
    `JSONPatch{op: "add", path: "/spec/tolerations/-", value: Object.spec.tolerations{key: "${key}", operator: "Exists", effect: "${effect}"}}`,
    `JSONPatch{op: "replace", path: "/spec/containers/0/image", value: "${image}"}`,
  ];
  return [
    {
      apiVersion: policies,
      kind: "MutatingAdmissionPolicy",
      metadata: { name },
      spec: {
        failurePolicy: "Fail",
        reinvocationPolicy: "Never",
        matchConstraints: { resourceRules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }] },
        matchConditions: [{ name: "image", expression: `object.spec.containers[0].image.contains("${replacedImages[kind]}")` }],
        mutations: [{ patchType: "JSONPatch", jsonPatch: { expression: `[${changes.join(", ")}]` } }],
      },
    },
    { apiVersion: policies, kind: "MutatingAdmissionPolicyBinding", metadata: { name }, spec: { policyName: name } },
  ];
}

function policyName(kind: keyof NodeImages): string {
  return `sandbox-${kind}-on-real-node`;
}
