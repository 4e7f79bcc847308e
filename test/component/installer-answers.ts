import { dump } from "js-yaml";
import { encodeFiles } from "../../ignition/file-transfer";
import { credentialsRequest, requestedSecrets } from "../facts/credentials-requests";

/** The cluster's infraID in every mocked program. */
export const infraId = "dev-x7k2q";

/** The pointer configs that the installer would write. Tests compare them byte for byte. */
export const masterPointer = '{"ignition":{"version":"3.2.0"},"stub":"master, verbatim ✓"}\n';
export const workerPointer = '{"ignition":{"version":"3.2.0"},"stub":"worker, verbatim ✓"}\n';
export const kubeconfig = dump({
  clusters: [{ name: "dev", cluster: { server: "https://api.dev.okd.example.com:6443", "certificate-authority-data": "c3R1Yg==" } }],
  users: [{ name: "admin", user: { "client-key-data": "c3R1YiBrZXk=" } }],
});
export const kubeadminPassword = "stub-kubeadmin-password";

const manifests: Readonly<Record<string, object>> = {
  "manifests/scheduler.yml": { apiVersion: "config.openshift.io/v1", kind: "Scheduler", spec: { mastersSchedulable: true } },
  "manifests/dns.yml": {
    apiVersion: "config.openshift.io/v1",
    kind: "DNS",
    spec: { baseDomain: "dev.okd.example.com", publicZone: { id: "Z0" } },
  },
  "manifests/infrastructure.yml": { apiVersion: "config.openshift.io/v1", kind: "Infrastructure", status: { infrastructureName: infraId } },
  "openshift/machine.yaml": { apiVersion: "machine.openshift.io/v1beta1", kind: "Machine" },
};

/** The bootstrap instance's ignition config, with one manifest that tests read. */
export const bootstrapIgnition = JSON.stringify({
  ignition: { version: "3.2.0" },
  storage: {
    files: [
      {
        path: "/opt/openshift/manifests/scheduler.yml",
        contents: { source: `data:;base64,${Buffer.from(dump(manifests["manifests/scheduler.yml"])).toString("base64")}` },
      },
    ],
  },
});

const stream = {
  architectures: Object.fromEntries(
    ["x86_64", "aarch64"].map((architecture) => [
      architecture,
      {
        images: {
          aws: {
            regions: Object.fromEntries(
              ["us-east-1", "us-gov-west-1", "eu-west-1"].map((region) => [region, { image: `ami-${architecture}-${region}` }]),
            ),
          },
        },
      },
    ]),
  ),
};

/** The answers of the installer's steps, by resource name. They are written by hand and have a few bytes in place of the installer's hundreds of kilobytes. */
export const answers: Readonly<Record<string, string>> = {
  "installation-stream": encodeFiles({ "stream.json": JSON.stringify(stream) }),
  "installation-manifests": encodeFiles(Object.fromEntries(Object.entries(manifests).map(([path, object]) => [path, dump(object)]))),
  "installation-ignition": encodeFiles({
    "bootstrap.ign": bootstrapIgnition,
    "master.ign": masterPointer,
    "worker.ign": workerPointer,
    "metadata.json": "{}",
    "auth/kubeconfig": kubeconfig,
    "auth/kubeadmin-password": kubeadminPassword,
  }),
  "cloud-credentials-requests": encodeFiles(
    Object.fromEntries(requestedSecrets.map(([namespace, name]) => [`requests/${namespace}.yaml`, credentialsRequest(namespace, name)])),
  ),
  "bootstrap-complete": encodeFiles({ failure: "" }),
  "install-complete": encodeFiles({ failure: "" }),
  "mirror-wait": encodeFiles({
    "idms-oc-mirror.yaml": dump({
      apiVersion: "config.openshift.io/v1",
      kind: "ImageDigestMirrorSet",
      metadata: { name: "idms-release-0", annotations: { createdAt: "now" } },
      spec: {
        imageDigestMirrors: [
          { source: "quay.io/okd/scos-release", mirrors: ["registry.dev.okd.example.com:5000/openshift/release-images"] },
        ],
      },
    }),
  }),
  "mirror-resources": "",
  "authentication-kubeadmin": JSON.stringify({ removed: true, because: "anna has logged in" }),
  "apps-records-router": encodeFiles({ address: "router.elb.stub" }),
  "router-address": encodeFiles({ address: "router.elb.stub" }),
  "installer-host-host-keys": "ecdsa-sha2-nistp256 AAAA\n",
  "certificate-approver-token": encodeFiles({ token: "stub.approver.token" }),
};
