import { oneOf, type Refusal, rule } from "../rule";
import { at, isKnown, list, shown, type Value } from "../value";

/**
 * Version 1 of the metadata service answers any request that a machine can be made to send, with its role's credentials. Answers that may travel
 * further than one hop reach pods, which are one hop further than their machine; without a number the account's or the image's default counts
 * (EC2 user guide, "Configure the instance metadata options").
 */
export const instanceMetadata = rule({
  name: "instance-metadata",
  description: "A machine's credentials are asked for with a session (IMDSv2), and by the machine itself only.",
  defaults: {},
  appliesTo: oneOf([
    "aws:ec2/instance:Instance",
    "aws:ec2/spotInstanceRequest:SpotInstanceRequest",
    "aws:ec2/launchConfiguration:LaunchConfiguration",
    "aws:ec2/launchTemplate:LaunchTemplate",
  ]),
  check({ properties: { metadataOptions } }) {
    const options: Value = Array.isArray(metadataOptions) ? list(metadataOptions)[0] : metadataOptions;
    const endpoint = at(options, "httpEndpoint");
    if (!isKnown(endpoint) || endpoint === "disabled") return [];
    const withoutSession = sessionless(at(options, "httpTokens"));
    // One refusal names all that is to be declared.
    return withoutSession.length > 0 ? withoutSession : furtherThanOneHop(at(options, "httpPutResponseHopLimit"));
  },
});

function sessionless(tokens: Value): Refusal[] {
  if (!isKnown(tokens) || tokens === "required") return [];
  return [
    {
      wrong: "takes requests for its credentials without a session (IMDSv1)",
      value: `metadataOptions.httpTokens: ${shown(tokens)}`,
      allowed: "required",
      fix: `declare it with metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 }`,
    },
  ];
}

function furtherThanOneHop(limit: Value): Refusal[] {
  if (!isKnown(limit) || shown(limit) === "1") return [];
  return [
    {
      wrong: "hands its credentials to pods and containers with a network of their own",
      value: `metadataOptions.httpPutResponseHopLimit: ${shown(limit)}`,
      allowed: "1",
      fix: "declare it with metadataOptions: { httpPutResponseHopLimit: 1 }; what needs the credentials runs on the machine's own network",
    },
  ];
}
