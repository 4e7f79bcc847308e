import type { ConsoleSettings } from "../../config/cluster-settings/settings";
import { isSvg } from "../../config/cluster-settings/fields";
import type { ApiObject } from "../object";

const LOGO = "okd-aws-console-logo";

/** A banner at the top of every page of the console. */
export function consoleBanner(banner: NonNullable<ConsoleSettings["banner"]>): ApiObject {
  return {
    apiVersion: "console.openshift.io/v1",
    kind: "ConsoleNotification",
    metadata: { name: "okd-aws-banner" },
    spec: { ...banner, location: "BannerTop" },
  };
}

/** A link in one of the console's menus. */
export function consoleLink({ name, text, href, location, section }: ConsoleSettings["links"][number]): ApiObject {
  return {
    apiVersion: "console.openshift.io/v1",
    kind: "ConsoleLink",
    metadata: { name },
    spec: { text, href, location, ...(section !== undefined && { applicationMenu: { section } }) },
  };
}

/** The patch of `Console cluster` with every field that this program sets; undefined if none is configured. */
export function consoleSettings({ productName, logo }: ConsoleSettings): ApiObject | undefined {
  if (productName === undefined && logo === undefined) return undefined;
  const customization = {
    ...(productName !== undefined && { customProductName: productName }),
    ...(logo !== undefined && { customLogoFile: { name: LOGO, key: logoKey(logo) } }),
  };
  return { apiVersion: "operator.openshift.io/v1", kind: "Console", metadata: { name: "cluster" }, spec: { customization } };
}

/** ConfigMap with the logo, in the format that the console operator reads. */
export function consoleLogo(logo: string): ApiObject {
  const content = isSvg(logo) ? { data: { [logoKey(logo)]: logo } } : { binaryData: { [logoKey(logo)]: logo.replaceAll(/\s/g, "") } };
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name: LOGO, namespace: "openshift-config" }, ...content };
}

/** The console derives the content type from the extension. */
function logoKey(logo: string): string {
  return isSvg(logo) ? "logo.svg" : "logo.png";
}
