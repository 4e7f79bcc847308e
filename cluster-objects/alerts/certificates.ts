import type { PlatformConfiguration } from "../../config/configuration";
import { readCertificates } from "../../config/pem";
import type { Alert } from "./prometheus-rule";

const DAY = 86_400;
/**
 * Days before the expiry date at which the alerts begin. This project's choice: three weeks to order a certificate, then a week with a critical
 * alert.
 */
const DUE_DAYS = 21;
const URGENT_DAYS = 7;

/** A serving certificate that the user configured. */
export interface WatchedCertificate {
  /** The configuration key of the certificate, such as `apiCertificate`. */
  readonly key: string;
  /** Namespace of the operator whose component serves the certificate. */
  readonly namespace: string;
  /** The earliest expiry date (`notAfter`) of the certificates in the chain, in Unix seconds. */
  readonly expiry: number;
}

/** The serving certificates that the user configured, without those in AWS Certificate Manager, because AWS renews them. */
export function watchedCertificates({ settings, routers }: Pick<PlatformConfiguration, "settings" | "routers">): WatchedCertificate[] {
  const { apiServer, ingressCertificate } = settings;
  const ingress = "openshift-ingress-operator";
  return [
    ...(apiServer.certificate ? [watched("apiCertificate", "openshift-kube-apiserver-operator", apiServer.certificate.chain)] : []),
    ...(ingressCertificate ? [watched("ingressCertificate", ingress, ingressCertificate.chain)] : []),
    ...routers.shards.flatMap(({ name, certificate }) =>
      certificate ? [watched(`routerShards.${name}`, ingress, certificate.chain)] : [],
    ),
  ];
}

function watched(key: string, namespace: string, chain: string): WatchedCertificate {
  const dates = readCertificates(chain).map(({ validTo }) => Date.parse(validTo) / 1000);
  return { key, namespace, expiry: Math.min(...dates) };
}

/**
 * The alerts on a serving certificate that expires soon. No component exposes its expiry date as a metric, but this program knows the date. The
 * kubelets' certificates need no alert here: the cluster renews them, and OpenShift has the alerts KubeletClientCertificateRenewalErrors and
 * KubeletServerCertificateRenewalErrors (openshift/cluster-monitoring-operator, `assets/control-plane/prometheus-rule.yaml`, release-4.14 to 4.22).
 */
export function certificateAlerts({ key, namespace, expiry }: WatchedCertificate): Alert[] {
  const left = `vector(${expiry}) - time() < ${DUE_DAYS * DAY}`;
  const common = {
    namespace,
    labels: { certificate: key },
    wait: "5m",
    description: `The certificate of ${key} expires on ${new Date(expiry * 1000).toISOString().slice(0, 10)}. Clients refuse it from then on. Set the new certificate and its key, and run \`pulumi up\`.`,
  };
  return [
    {
      ...common,
      name: "ServingCertificateRenewalDue",
      severity: "warning",
      expression: `${left} >= ${URGENT_DAYS * DAY}`,
      summary: `A serving certificate expires within ${DUE_DAYS} days.`,
    },
    {
      ...common,
      name: "ServingCertificateExpires",
      severity: "critical",
      expression: `vector(${expiry}) - time() < ${URGENT_DAYS * DAY}`,
      summary: `A serving certificate expires within ${URGENT_DAYS} days, or has expired.`,
    },
  ];
}
