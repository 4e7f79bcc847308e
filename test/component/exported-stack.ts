/** The export of a stack in Pulumi's format, with secrets that look real. The secrets are either readable or encrypted. */
import { kubeconfigText, makeCertificate } from "../unit/steps/diagnosis/certificates";
import { devResources } from "./stacks";

const signature = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

/** The date of the report. */
export const now = new Date("2026-11-26T12:00:00Z");

export interface ExportedStack {
  readonly exported: unknown;
  /** All values that a report must not show. */
  readonly secrets: readonly string[];
}

export async function exportedStack(showSecrets: boolean): Promise<ExportedStack> {
  const client = await makeCertificate("admin", now, -1, 20);
  const authority = await makeCertificate("kube-apiserver-lb-signer", now, -1, 3650);
  const registry = await makeCertificate("authority of the registry", now, -400, -3);
  const plain = {
    kubeconfig: kubeconfigText("https://api.dev.okd.example.com:6443", authority.certificate, client),
    kubeadminPassword: "h7Gq2-xK9pL-wR4tZ-nB8vC",
    sshPrivateKey: "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ\n-----END OPENSSH PRIVATE KEY-----\n",
    registryPassword: "Zk3vT8mQ1yH6sD0a",
    "a strange'name": "AKIAIOSFODNN7EXAMPLE/wJalrXUtnFEMI",
  };
  const ciphertext = (name: string) => `v1:${Buffer.from(name).toString("base64")}:c2VjcmV0IG9mIHRoZSBzdGF0ZQ==`;
  const secret = (name: string, value: unknown) => ({
    ...signature,
    ...(showSecrets ? { plaintext: JSON.stringify(value) } : { ciphertext: ciphertext(name) }),
  });
  const infraId = `<img src="https://tracker.example.com/x" onerror="alert(1)">`;
  const outputs = {
    ...{ infraId, apiUrl: "https://api.dev.okd.example.com:6443", masterAddresses: ["10.0.48.5", "10.0.64.5"] },
    ...Object.fromEntries(Object.entries(plain).map(([name, value]) => [name, secret(name, value)])),
    routers: {
      public: { domain: "public.dev.okd.example.com", balancer: "a0123456789abcdef0123456789abcde-1234567890.us-east-1.elb.amazonaws.com" },
      private: { domain: "private.dev.okd.example.com", balancer: "internal-a0123456789abcdef.us-east-1.elb.amazonaws.com" },
    },
    routerRecords: [],
    externalLoadBalancer: "dev-x7k2q-ext",
    internalLoadBalancer: "dev-x7k2q-int",
    installerHostAddress: "203.0.113.7",
    nested: { user: "okd", password: secret("nested", "9fQ-nested-5Jw") },
  };
  const urn = (name: string, type: string) => `urn:pulumi:dev::okd-aws::${type}::${name}`;
  const own = (type: string, name: string, some: object) => ({ type, urn: urn(name, type), inputs: {}, ...some });
  const resources = await devResources();
  return {
    exported: {
      version: 3,
      deployment: {
        resources: [
          own("pulumi:pulumi:Stack", "okd-aws-dev", { outputs }),
          own("pulumi:providers:aws", "default", { inputs: { region: "us-east-1" } }),
          own("pulumi-nodejs:dynamic/okd:RegistryCredentials", "registry", {
            outputs: { caCertificate: registry.certificate, caPrivateKey: secret("caPrivateKey", registry.key) },
          }),
          ...resources.map((resource) => ({
            ...resource,
            ...(resource.type === "aws:ec2/instance:Instance" && {
              inputs: { ...resource.inputs, userData: secret("userData", `{"ignition":{"token":"eyJhbGciOi.userdata"}}`) },
            }),
          })),
        ],
      },
    },
    secrets: [
      ...Object.values(plain)
        .flatMap((value) => value.trim().split("\n"))
        .filter((line) => line.length > 12),
      ...[client.key, registry.key, authority.key].flatMap((key) => key.split("\n").filter((line) => line.length > 12)),
      ...[client.key, authority.certificate].map((text) => Buffer.from(text).toString("base64")),
      ...["9fQ-nested-5Jw", "eyJhbGciOi.userdata", "c2VjcmV0IG9mIHRoZSBzdGF0ZQ==", "-----BEGIN"],
    ],
  };
}
