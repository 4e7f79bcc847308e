import { request } from "node:https";
import { ProxyAgent } from "proxy-agent";
import { parseKubeconfig } from "../diagnosis/read/kubeconfig";
import type { ClusterVersion, DesiredUpdate } from "./request";

const path = "/apis/config.openshift.io/v1/clusterversions/version";

/** Whose field the desired update is; the object's other fields are the platform's patches'. */
const fieldManager = "okd-aws-release";

/** Milliseconds after which the API's answer is no longer waited for. */
const patience = 30_000;

/** @throws Error when the API doesn't answer, or refuses */
export async function readClusterVersion(kubeconfig: string): Promise<ClusterVersion> {
  return JSON.parse(await send(kubeconfig, "GET", path)) as ClusterVersion;
}

/**
 * Sets the desired update, or clears it: whatever others have set of it goes, as with `oc adm upgrade`, since an image or force that stays from
 * another update would be this one's.
 *
 * @throws Error when the API doesn't answer, or refuses
 */
export async function setDesiredUpdate(kubeconfig: string, desired: DesiredUpdate | null): Promise<void> {
  const whole = desired && { ...desired, image: desired.image ?? null, architecture: null };
  await send(kubeconfig, "PATCH", `${path}?fieldManager=${fieldManager}`, JSON.stringify({ spec: { desiredUpdate: whole } }));
}

function send(kubeconfig: string, method: string, target: string, body?: string): Promise<string> {
  const { server = "", serverName, ca, certificate, key, token } = parseKubeconfig(kubeconfig);
  const options = {
    method,
    ca,
    cert: certificate,
    key,
    servername: serverName,
    timeout: patience,
    agent: new ProxyAgent(),
    headers: {
      accept: "application/json",
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { "content-type": "application/merge-patch+json", "content-length": Buffer.byteLength(body) }),
    },
  };
  return new Promise((resolve, reject) => {
    const call = request(new URL(target, server), options, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part: string) => (text += part));
      answer.once("error", reject).once("end", () => {
        if ((answer.statusCode ?? 0) < 400) resolve(text);
        else reject(new Error(`the cluster's API refuses: ${answer.statusCode ?? ""} ${text.slice(0, 500)}`));
      });
    });
    call.once("timeout", () => call.destroy(new Error(`the cluster's API did not answer within ${patience / 1000} s`)));
    call.once("error", reject);
    call.end(body);
  });
}
