import { setTimeout as sleep } from "node:timers/promises";
import type { KubeClient } from "./kube-client";

const NAME = "route-hsts.sandbox.example.com";
const GROUP = "/apis/admissionregistration.k8s.io/v1";
const HEADER = "haproxy.router.openshift.io/hsts_header";

const headerOf = (object: string) =>
  `has(${object}.metadata.annotations) && '${HEADER}' in ${object}.metadata.annotations ? ${object}.metadata.annotations['${HEADER}'] : ''`;

/**
 * A stand-in for the admission of routes in openshift-apiserver (openshift/openshift-apiserver,
 * `pkg/route/apiserver/admission/requiredrouteannotations/admission.go`, main): the first policy in `Ingress cluster` that matches
 * the host decides whether the HSTS header of an edge or reencrypt route is allowed. An update that does not change the header is allowed.
 */
const policy = {
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "ValidatingAdmissionPolicy",
  metadata: { name: NAME },
  spec: {
    failurePolicy: "Fail",
    paramKind: { apiVersion: "config.openshift.io/v1", kind: "Ingress" },
    matchConstraints: {
      resourceRules: [{ apiGroups: ["route.openshift.io"], apiVersions: ["v1"], operations: ["CREATE", "UPDATE"], resources: ["routes"] }],
    },
    matchConditions: [
      { name: "tls", expression: "has(object.spec.tls) && object.spec.tls.termination in ['edge', 'reencrypt']" },
      { name: "changed", expression: `oldObject == null || (${headerOf("oldObject")}) != (${headerOf("object")})` },
    ],
    variables: [
      {
        name: "policies",
        expression:
          "has(params.spec.requiredHSTSPolicies) ? params.spec.requiredHSTSPolicies.filter(p, p.domainPatterns.exists(d, object.spec.host.endsWith(d.substring(1)))) : []",
      },
      { name: "header", expression: `(${headerOf("object")}).lowerAscii().replace(' ', '')` },
      { name: "tokens", expression: "variables.header.split(';')" },
      { name: "ages", expression: "variables.tokens.filter(t, t.matches('^max-age=[0-9]+$'))" },
    ],
    validations: [
      {
        expression: "variables.policies.size() == 0 || variables.ages.size() > 0",
        message: "HSTS max-age must be set correctly in HSTS annotation",
      },
      {
        expression:
          "variables.policies.size() == 0 || variables.ages.size() == 0 || !has(variables.policies[0].maxAge.smallestMaxAge) || int(variables.ages[0].substring(8)) >= variables.policies[0].maxAge.smallestMaxAge",
        message: "HSTS max-age is less than minimum age",
      },
      {
        expression:
          "variables.policies.size() == 0 || !has(variables.policies[0].includeSubDomainsPolicy) || variables.policies[0].includeSubDomainsPolicy != 'RequireIncludeSubDomains' || 'includesubdomains' in variables.tokens",
        message: "HSTS includeSubDomains must be specified",
      },
      {
        expression:
          "variables.policies.size() == 0 || !has(variables.policies[0].preloadPolicy) || variables.policies[0].preloadPolicy != 'RequirePreload' || 'preload' in variables.tokens",
        message: "HSTS preload must be specified",
      },
    ],
  },
};

const binding = {
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "ValidatingAdmissionPolicyBinding",
  metadata: { name: NAME },
  spec: { policyName: NAME, validationActions: ["Deny"], paramRef: { name: "cluster", parameterNotFoundAction: "Allow" } },
};

/** Starts the stand-in, with `probe` as a route that it must refuse before this function returns: the API server reads policies with a delay. */
export async function admitRoutes(api: KubeClient, namespace: string, probe: object): Promise<void> {
  await api.must("POST", `${GROUP}/validatingadmissionpolicies`, policy);
  await api.must("POST", `${GROUP}/validatingadmissionpolicybindings`, binding);
  for (const deadline = Date.now() + 60_000; ;) {
    const refusal = await api
      .must("POST", `/apis/route.openshift.io/v1/namespaces/${namespace}/routes?dryRun=All`, probe)
      .then(() => undefined)
      .catch((error: unknown) => String(error));
    if (refusal?.includes("HSTS max-age must be set correctly")) return;
    if (Date.now() > deadline) throw new Error(`the route is not refused: ${refusal ?? "accepted"}`);
    await sleep(300);
  }
}
