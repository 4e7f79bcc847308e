import { oneOf, rule } from "../rule";
import { at, isKnown, list, shown, type Value } from "../value";

/** Version 1 of the metadata service answers any request that a machine can be made to send, with its role's credentials. */
export const instanceMetadata = rule({
  name: "instance-metadata",
  description: "A machine's credentials are asked for with a session (IMDSv2).",
  defaults: {},
  appliesTo: oneOf([
    "aws:ec2/instance:Instance",
    "aws:ec2/spotInstanceRequest:SpotInstanceRequest",
    "aws:ec2/launchConfiguration:LaunchConfiguration",
    "aws:ec2/launchTemplate:LaunchTemplate",
  ]),
  check({ properties: { metadataOptions } }) {
    const options: Value = Array.isArray(metadataOptions) ? list(metadataOptions)[0] : metadataOptions;
    const tokens = at(options, "httpTokens");
    const endpoint = at(options, "httpEndpoint");
    if (!isKnown(tokens) || !isKnown(endpoint) || tokens === "required" || endpoint === "disabled") return [];
    return [
      {
        wrong: "takes requests for its credentials without a session (IMDSv1)",
        value: `metadataOptions.httpTokens: ${shown(tokens)}`,
        allowed: "required",
        fix: `declare it with metadataOptions: { httpTokens: "required" }`,
      },
    ];
  },
});
