import type { Api } from "./api";
import { issueCertificate, keptCertificate, makeAuthority, type ServingCertificate } from "./certificate-authority";

/** The ingress operator's CA for names below `apps`. It is created once and kept in the operator's own Secret. */
export async function routerCa(api: Api): Promise<ServingCertificate> {
  return keptCertificate(api, { namespace: "openshift-ingress-operator", name: "router-ca" }, () =>
    makeAuthority(`ingress-operator@${Math.floor(Date.now() / 1000)}`),
  );
}

/** The default router's certificate for all names below `apps`. */
export async function routerCertificate(api: Api, domain: string): Promise<ServingCertificate> {
  return routerCertificateFor(api, "default", `apps.${domain}`);
}

/** The certificate that the operator makes for a router without its own, for all names below the router's domain. */
export async function routerCertificateFor(api: Api, router: string, domain: string): Promise<ServingCertificate> {
  const authority = await routerCa(api);
  return keptCertificate(api, { namespace: "openshift-ingress", name: `router-certs-${router}` }, () =>
    issueCertificate(authority, [`*.${domain}`]),
  );
}
