import { readFileSync } from "node:fs";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { ProxyAgent } from "proxy-agent";

/** Attempts per call, the SDKs' standard mode (AWS SDKs reference guide, "Retry behavior"). */
const maxAttempts = 3;

/**
 * What every client of AWS is made with: a region, and the proxy and the certificate authorities of the environment
 * (HTTPS_PROXY, AWS_CA_BUNDLE), which the provider and the installer heed and this SDK by itself doesn't.
 */
export function clientConfiguration(region: string) {
  const bundle = process.env.AWS_CA_BUNDLE;
  const agent = new ProxyAgent({ keepAlive: true, ...(bundle !== undefined && { ca: readFileSync(bundle) }) });
  return { region, maxAttempts, requestHandler: new NodeHttpHandler({ httpAgent: agent, httpsAgent: agent }) };
}
