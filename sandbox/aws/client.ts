import { clientConfiguration } from "../../operations/aws-client";

/** The application ID in the user agent of the sandbox's own clients (`emulator/faults/injector.py` looks for it). */
const applicationId = "okd-aws-sandbox";

/** The configuration of the AWS clients of the sandbox itself: the simulated machines and operators. No injected fault reaches them. */
export function sandboxClientConfiguration(region: string) {
  return { ...clientConfiguration(region), userAgentAppId: applicationId };
}
