import type { Configuration } from "../config/configuration";
import { noProxyList, type NoProxySettings } from "./no-proxy";

/** S3 object with an instance's real ignition config. */
export interface IgnitionObject {
  readonly bucket: string;
  readonly key: string;
  /** Expected SHA-256 in hexadecimal; without it any content is accepted. */
  readonly sha256?: string;
}

/** Egress settings that an instance needs to reach anything from behind a proxy. */
export type EgressSettings = NoProxySettings & Pick<Configuration, "additionalTrustBundle">;

/**
 * The user data of the bootstrap instance and of the installer host: a pointer to the real config. The configs (the bootstrap instance's is
 * about 300 KB) do not fit into the 16 KB of user data, and every identity that may describe instances can read user data (EC2 API
 * reference, DescribeInstanceAttribute). The pointer contains proxy and certificates like the installer's own (coreos/ignition,
 * `docs/configuration-v3_1.md`).
 */
export function bootstrapPointer(object: IgnitionObject, egress: EgressSettings): string {
  const { proxy, additionalTrustBundle } = egress;
  return JSON.stringify({
    ignition: {
      version: "3.1.0",
      config: {
        replace: {
          source: `s3://${object.bucket}/${object.key}`,
          ...(object.sha256 !== undefined && { verification: { hash: `sha256-${object.sha256}` } }),
        },
      },
      ...(proxy && {
        proxy: { httpProxy: proxy.httpProxy, httpsProxy: proxy.httpsProxy, noProxy: noProxyList(egress).split(",").filter(Boolean) },
      }),
      ...(additionalTrustBundle !== undefined && {
        security: {
          tls: {
            certificateAuthorities: [
              { source: `data:text/plain;charset=utf-8;base64,${Buffer.from(additionalTrustBundle).toString("base64")}` },
            ],
          },
        },
      }),
    },
  });
}
