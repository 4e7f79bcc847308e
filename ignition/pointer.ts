import type { Configuration } from "../config/configuration";
import { noProxyList, type Reach } from "./no-proxy";

/** Where a machine finds its real ignition config. */
export interface IgnitionObject {
  readonly bucket: string;
  readonly key: string;
  /** Checksum that it must have, in hexadecimal; without it any content is taken. */
  readonly sha256?: string;
}

/** What a machine must know to reach anything at all from behind a proxy. */
export type WayOut = Reach & Pick<Configuration, "additionalTrustBundle">;

/**
 * The user data of the bootstrap machine and of the installer host: a pointer, since their configs (the bootstrap machine's is about 300 KB)
 * don't fit the 16 KB of user data, and since user data is readable by every identity that may describe instances (reference, sections 5 and 6). Proxy and
 * certificates stand in it as in the installer's own (coreos/ignition, `docs/configuration-v3_1.md`).
 */
export function bootstrapPointer(object: IgnitionObject, wayOut: WayOut): string {
  const { proxy, additionalTrustBundle } = wayOut;
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
        proxy: { httpProxy: proxy.httpProxy, httpsProxy: proxy.httpsProxy, noProxy: noProxyList(wayOut).split(",").filter(Boolean) },
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
