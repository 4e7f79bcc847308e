import type { ApiServerSettings } from "../../config/cluster-settings/settings";
import type { ApiObject } from "../object";
import { API_CERTIFICATE_SECRET } from "./serving-certificates";

/** The fields of `APIServer cluster` that this program sets; undefined if none is configured. */
export function apiServerSettings({ auditProfile, encryption, tlsProfile, certificate }: ApiServerSettings): ApiObject | undefined {
  const spec = {
    ...(auditProfile !== undefined && { audit: { profile: auditProfile } }),
    ...(encryption !== undefined && { encryption: { type: encryption } }),
    ...(tlsProfile !== undefined && { tlsSecurityProfile: { type: tlsProfile, [tlsProfile.toLowerCase()]: {} } }),
    // The certificate must never be for api-int, where nodes trust only the cluster's own CA (OpenShift documentation, "Adding API server certificates").
    ...(certificate && {
      servingCerts: { namedCertificates: [{ names: [certificate.name], servingCertificate: { name: API_CERTIFICATE_SECRET.name } }] },
    }),
  };
  if (Object.keys(spec).length === 0) return undefined;
  return { apiVersion: "config.openshift.io/v1", kind: "APIServer", metadata: { name: "cluster" }, spec };
}
