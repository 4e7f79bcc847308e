import type { ApiObject } from "../object";

/** A line at the top of every page of the console. */
export function consoleBanner(text: string): ApiObject {
  return {
    apiVersion: "console.openshift.io/v1",
    kind: "ConsoleNotification",
    metadata: { name: "okd-aws-banner" },
    spec: { text, location: "BannerTop" },
  };
}
