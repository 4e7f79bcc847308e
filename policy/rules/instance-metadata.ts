import type { CompleteProblem } from "../../lib/problem";
import { oneOf, policyRule } from "../rule";
import { valueAt, isKnown, valuesIn, displayValue, type PolicyValue } from "../value";

/**
 * Version 1 of the metadata service returns the role's credentials for any request from the instance, so an attacker can read them through a program
 * with a server-side request forgery (SSRF). With a hop limit above 1, responses also reach pods, which are one hop further away. Without a hop limit
 * the default of the account or the AMI applies (EC2 user guide, "Configure the instance metadata options").
 */
export const instanceMetadata = policyRule({
  name: "instance-metadata",
  description: "The metadata service gives credentials only to requests with a session (IMDSv2), and only to the instance itself.",
  defaults: {},
  appliesTo: oneOf([
    "aws:ec2/instance:Instance",
    "aws:ec2/spotInstanceRequest:SpotInstanceRequest",
    "aws:ec2/launchConfiguration:LaunchConfiguration",
    "aws:ec2/launchTemplate:LaunchTemplate",
  ]),
  check({ properties: { metadataOptions } }) {
    const options: PolicyValue = Array.isArray(metadataOptions) ? valuesIn(metadataOptions)[0] : metadataOptions;
    const endpoint = valueAt(options, "httpEndpoint");
    if (!isKnown(endpoint) || endpoint === "disabled") return [];
    const withoutSession = sessionless(valueAt(options, "httpTokens"));
    // One problem is enough: its fix covers both settings.
    return withoutSession.length > 0 ? withoutSession : furtherThanOneHop(valueAt(options, "httpPutResponseHopLimit"));
  },
});

function sessionless(tokens: PolicyValue): CompleteProblem[] {
  if (!isKnown(tokens) || tokens === "required") return [];
  return [
    {
      wrong: "gives its credentials to requests without a session (IMDSv1)",
      value: `metadataOptions.httpTokens: ${displayValue(tokens)}`,
      allowed: "required",
      fix: `declare it with metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 }`,
    },
  ];
}

function furtherThanOneHop(limit: PolicyValue): CompleteProblem[] {
  if (!isKnown(limit) || displayValue(limit) === "1") return [];
  return [
    {
      wrong: "gives its credentials to pods and to containers with their own network",
      value: `metadataOptions.httpPutResponseHopLimit: ${displayValue(limit)}`,
      allowed: "1",
      fix: "declare it with metadataOptions: { httpPutResponseHopLimit: 1 }; programs that need the credentials must run in the host network",
    },
  ];
}
