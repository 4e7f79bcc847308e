import { isSecretFile, redactor } from "../../../operations/diagnosis/redact";
import { at, goodScene } from "./readings";
import { kubeconfigText, makeCertificate } from "./certificates";

describe("the redactor", () => {
  const jwt = "eyJhbGciOiJSUzI1NiIsImtpZCI6IngifQ.eyJpc3MiOiJrdWJlcm5ldGVzIn0.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg";
  const pullSecret = '{"auths":{"quay.io":{"auth":"dXNlcjpwYXNzd29yZC1vZi1xdWF5","email":"someone@example.com"}}}';

  test.each([
    ["a token of a service account", `Authorization: Bearer ${jwt}`, jwt],
    ["an OpenShift token", "oc login --token=sha256~0123456789abcdefghijklmnopqrstuvwxyz", "sha256~0123456789"],
    ["a pull secret", pullSecret, "dXNlcjpwYXNzd29yZC1vZi1xdWF5"],
    ["a quoted pull secret", JSON.stringify({ data: pullSecret }), "dXNlcjpwYXNzd29yZC1vZi1xdWF5"],
    ["a password in YAML", "kubeadminPassword: abcde-fghij-klmno-pqrst", "abcde-fghij"],
    ["a password in JSON", '{"password": "open \\"sesame\\" now"}', "sesame"],
    ["a password on a command line", "login --password=opensesame --user=x", "opensesame"],
    ["a password in an address", "https_proxy=http://proxy:opensesame@proxy.example.com:3128", "opensesame"],
    ["AWS's keys", "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG", "wJalrXUtnFEMI"],
    ["an access key", "AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7"],
    ["a presigned address", "https://b.s3.amazonaws.com/k?X-Amz-Signature=0123456789abcdef&X-Amz-Expires=60", "0123456789abcdef"],
    ["a dockerconfig", '".dockerconfigjson": "eyJhdXRocyI6e319"', "eyJhdXRocyI6e319"],
  ])("takes %s out", (_, text, secret) => {
    const redacted = redactor({})(text);
    expect(text).toContain(secret);
    expect(redacted).not.toContain(secret);
    expect(redacted).toContain("[redacted]");
  });

  test("takes private keys out: whole, cut off, in base64, and this cluster's line by line", async () => {
    const { key, certificate } = await makeCertificate("admin", at);
    const line = key.split("\n")[1] ?? "";
    expect(line.length).toBeGreaterThan(40);
    expect(redactor({})(`before\n${key}after`)).toBe("before\n[redacted]\nafter");
    expect(redactor({})(`before\n${key.slice(0, 80)}`)).toBe("before\n[redacted]");
    expect(redactor({})(`x: ${Buffer.from(key).toString("base64")}`)).toBe("x: [redacted]");
    const kubeconfig = kubeconfigText("https://api.dev.example.com:6443", certificate, { certificate, key });
    expect(redactor({})(kubeconfig)).not.toContain(Buffer.from(key).toString("base64"));
    expect(redactor({ kubeconfig })(`[   12.3] ${line}`)).toBe("[   12.3] [redacted]");
    expect(redactor({ sshPrivateKey: key })(`[   12.3] ${line}`)).toBe("[   12.3] [redacted]");
  });

  test("leaves alone what people need: certificates, names, addresses, the installer's messages", async () => {
    const { subject, authority } = await goodScene();
    const text = `${authority.certificate}node ip-10-0-16-5.ec2.internal 10.0.16.5 sg-0123 arn:aws:iam::123456789012:role/x
Failed to authenticate: x509: certificate signed by unknown authority
waiting for the token controller; https://api.dev.example.com:6443/readyz
{"author": "someone", "authority": "root-ca", "tokens": 3}`;
    expect(redactor(subject)(text)).toBe(text);
  });

  test.each([
    ["bootstrap/auth/kubeconfig", true],
    ["log-bundle/rendered-assets/openshift/tls/root-ca.key", true],
    ["log-bundle/resources/secrets/x.json", true],
    ["log-bundle/bootstrap/journals/bootkube.log", false],
    ["log-bundle/control-plane/10.0.16.5/containers/etcd.log", false],
  ])("knows whether %s is secret by itself: %s", (path, secret) => {
    expect(isSecretFile(path)).toBe(secret);
  });
});
