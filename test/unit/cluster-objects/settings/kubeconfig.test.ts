import { load } from "js-yaml";
import { kubeconfigForToken, parseKubeconfig, withInternalServerName, withTrustBundle } from "../../../../lib/kubernetes/kubeconfig";

const base64 = (text: string) => Buffer.from(text).toString("base64");
const contexts = [{ name: "admin", context: { cluster: "dev", user: "admin" } }];
const admin = JSON.stringify({
  clusters: [{ name: "dev", cluster: { server: "https://api.dev.example.com:6443", "certificate-authority-data": base64("CA\n") } }],
  contexts,
  users: [{ name: "admin", user: { "client-certificate-data": base64("CERTIFICATE"), "client-key-data": base64("KEY") } }],
});
const credentials = { certificate: "CERTIFICATE", key: "KEY" };
const server = "https://api.dev.example.com:6443";

test("a kubeconfig is read with its certificates and key decoded", () => {
  expect(parseKubeconfig(admin)).toEqual({ server, ca: "CA\n", ...credentials });
});

test("a kubeconfig without clusters and users, or an empty one, is parsed as an object without values", () => {
  expect(parseKubeconfig("kind: Config")).toEqual({});
  expect(parseKubeconfig("")).toEqual({});
});

test("a kubeconfig with a trust bundle and another server name keeps its user and its context", () => {
  const derived = withInternalServerName(withTrustBundle(admin, "BUNDLE\n"), "dev.example.com");
  expect(parseKubeconfig(derived)).toEqual({ server, serverName: "api-int.dev.example.com", ca: "CA\nBUNDLE\n", ...credentials });
  expect(load(derived)).toMatchObject({ contexts, clusters: [{ name: "dev" }], users: [{ name: "admin" }] });
});

test("a service account's kubeconfig reaches the same server, with the token instead of the administrator's credentials", () => {
  const account = { name: "approver", namespace: "okd-aws", token: "TOKEN" };
  const derived = kubeconfigForToken(withInternalServerName(admin, "dev.example.com"), account);
  expect(parseKubeconfig(derived)).toEqual({ server, serverName: "api-int.dev.example.com", ca: "CA\n", token: "TOKEN" });
  expect(load(derived)).toMatchObject({
    "current-context": "approver",
    contexts: [{ name: "approver", context: { namespace: "okd-aws" } }],
  });
});
