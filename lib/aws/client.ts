import { readFileSync } from "node:fs";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { ProxyAgent } from "proxy-agent";
import { refuseConflictingSources } from "./credential-sources";

/**
 * Attempts per call, in the SDK's standard retry mode: each pause is longer than the one before, 20 s at most. The SDK's default is 3 attempts, about
 * one second in total. That is too short for an outage that the provider and openshift-install survive with 25 attempts (terraform-provider-aws,
 * `internal/provider`; openshift/installer, `pkg/asset/installconfig/aws/session.go`, release-4.19). Ten attempts last half a minute to a minute.
 */
const maxAttempts = 10;

/** Time limits in milliseconds: for opening a connection, and for an open connection that transfers no data. The SDK has none, so a dead connection would block an update. */
const timeouts = { connectionTimeout: 10_000, socketTimeout: 60_000 };

/**
 * Configuration of every AWS client of this program: region, number of attempts, time limits, and the environment's proxy and trust bundle
 * (HTTPS_PROXY, AWS_CA_BUNDLE). The provider and the installer use these two variables; the SDK for JavaScript does not by itself.
 *
 * @throws Error if the provider would use other credentials than the client
 */
export function clientConfiguration(region: string) {
  refuseConflictingSources();
  const bundle = process.env.AWS_CA_BUNDLE;
  const agent = new ProxyAgent({ keepAlive: true, ...(bundle !== undefined && { ca: readFileSync(bundle) }) });
  return { region, maxAttempts, requestHandler: new NodeHttpHandler({ ...timeouts, httpAgent: agent, httpsAgent: agent }) };
}
