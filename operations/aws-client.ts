import { readFileSync } from "node:fs";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { ProxyAgent } from "proxy-agent";
import { refuseConflictingSources } from "./credential-sources";

/**
 * Attempts per call, in the SDK's standard mode, which waits longer after each one, 20 s at most. The SDK's own number is 3, about a second in all: too short
 * for a hiccup that the provider and openshift-install bear with 25 (terraform-provider-aws, `internal/provider`; openshift/installer,
 * `pkg/asset/installconfig/aws/session.go`, release-4.19). Ten attempts last half a minute to a minute.
 */
const maxAttempts = 10;

/** Milliseconds for a connection, and for silence on it. The SDK has no limit by itself: a connection that AWS forgot would hang an update for ever. */
const timeouts = { connectionTimeout: 10_000, socketTimeout: 60_000 };

/**
 * What every client of AWS is made with: a region, the number of attempts, time limits, and the proxy and the certificate authorities of the environment
 * (HTTPS_PROXY, AWS_CA_BUNDLE), which the provider and the installer heed and this SDK by itself doesn't.
 *
 * @throws Error if the provider would use other credentials than the client
 */
export function clientConfiguration(region: string) {
  refuseConflictingSources();
  const bundle = process.env.AWS_CA_BUNDLE;
  const agent = new ProxyAgent({ keepAlive: true, ...(bundle !== undefined && { ca: readFileSync(bundle) }) });
  return { region, maxAttempts, requestHandler: new NodeHttpHandler({ ...timeouts, httpAgent: agent, httpsAgent: agent }) };
}
