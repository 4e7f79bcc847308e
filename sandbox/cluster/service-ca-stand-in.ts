import type { Api, KubeObject } from "./api";
import { certificateIn, issueCertificate, keptCertificate, makeAuthority, type ServingCertificate } from "./certificate-authority";

const CA_NAMESPACE = "openshift-service-ca";
// The key of the CA bundle in a ConfigMap, and the annotations that request a bundle or a certificate (openshift/service-ca-operator,
// `pkg/controller/api/api.go`, main).
const BUNDLE_KEY = "service-ca.crt";
const INJECT = "service.beta.openshift.io/inject-cabundle";
const SERVING_CERTIFICATE = "service.beta.openshift.io/serving-cert-secret-name";

interface ConfigMap extends KubeObject {
  data?: Readonly<Record<string, string>>;
}

/**
 * A stand-in for the service CA operator: it makes the certificates of Services, and writes the CA into ConfigMaps
 * (openshift/service-ca-operator, `pkg/controller/servingcert/controller/secret_creating_controller.go` and
 * `pkg/controller/cabundleinjector/configmap.go`, main). Nothing is renewed.
 */
export class ServiceCaStandIn {
  constructor(private readonly api: Api) {}

  async advance(): Promise<void> {
    const [maps, services] = await Promise.all([
      this.api.list<ConfigMap>("/api/v1/configmaps"),
      this.api.list<KubeObject>("/api/v1/services"),
    ]);
    const wanted = services.filter(({ metadata }) => metadata.annotations?.[SERVING_CERTIFICATE] !== undefined);
    const annotated = maps.filter(({ metadata, data }) => metadata.annotations?.[INJECT] === "true" && data?.[BUNDLE_KEY] === undefined);
    if (wanted.length === 0 && annotated.length === 0) return;
    const authority = await this.authority();
    for (const { metadata } of annotated)
      await this.api.patch(`/api/v1/namespaces/${metadata.namespace ?? ""}/configmaps/${metadata.name ?? ""}`, {
        data: { [BUNDLE_KEY]: authority.cert },
      });
    for (const service of wanted) await this.serve(service, authority);
  }

  /** The certificate of a Service; it is deleted with the Service. */
  private async serve({ metadata }: KubeObject, authority: ServingCertificate): Promise<void> {
    const { name: service = "", namespace = "", uid, annotations = {} } = metadata;
    const name = annotations[SERVING_CERTIFICATE];
    if ((await certificateIn(this.api, namespace, name)) !== undefined) return;
    const ownerReferences = [{ apiVersion: "v1", kind: "Service", name: service, uid }];
    const host = `${service}.${namespace}.svc`;
    await keptCertificate(this.api, { namespace, name, ownerReferences }, () =>
      issueCertificate(authority, [host, `${host}.cluster.local`]),
    );
  }

  private async authority(): Promise<ServingCertificate> {
    await this.api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: CA_NAMESPACE } });
    return keptCertificate(this.api, { namespace: CA_NAMESPACE, name: "signing-key" }, () =>
      makeAuthority(`openshift-service-serving-signer@${Math.floor(Date.now() / 1000)}`),
    );
  }
}
