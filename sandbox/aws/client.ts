import { clientConfiguration } from "../../lib/aws/client";

/** The application ID in the user agent of the sandbox's own clients (`emulator/faults/injector.py` recognises it). */
const applicationId = "okd-aws-sandbox";

/** Configuration of the sandbox's own AWS clients, which the simulated instances and operators use. They get no injected faults. */
export function sandboxClientConfiguration(region: string) {
  return { ...clientConfiguration(region), userAgentAppId: applicationId };
}
