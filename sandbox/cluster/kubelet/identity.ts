import { setTimeout as sleep } from "node:timers/promises";
import type { Api, KubeObject } from "../api";
import { kubeletClientRequest } from "../certificate-request";
import { kubeTime } from "../kube-time";

/** Seconds until the controller manager must have signed the request. */
const signedWithin = 30;

/** The client certificate of a kubelet and its key, PEM. */
export interface NodeIdentity {
  readonly certificate: string;
  readonly key: string;
}

interface SigningRequest extends KubeObject {
  readonly status?: { readonly certificate?: string };
}

/**
 * Gets the client certificate of a node: the request is approved at once, and the controller manager signs it.
 *
 * @param api as `system:admin`
 * @throws Error if the request is not signed in time
 */
export async function nodeIdentity(api: Api, node: string): Promise<NodeIdentity> {
  const { key, object } = await kubeletClientRequest(node);
  const requests = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
  const created = await api.send<SigningRequest>("POST", requests, object);
  const path = `${requests}/${created.metadata.name ?? ""}`;
  const time = kubeTime();
  const condition = { type: "Approved", status: "True", reason: "RealNode", message: "the sandbox's real node", lastUpdateTime: time };
  await api.send("PUT", `${path}/approval`, { ...created, status: { conditions: [condition] } });
  for (const deadline = Date.now() + signedWithin * 1000; Date.now() < deadline;) {
    const certificate = (await api.get<SigningRequest>(path))?.status?.certificate;
    if (certificate !== undefined) return { key, certificate: Buffer.from(certificate, "base64").toString("utf8") };
    await sleep(100);
  }
  throw new Error(`the certificate of the node ${node} was not signed within ${signedWithin} s`);
}
