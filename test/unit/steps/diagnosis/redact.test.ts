import type { Configuration } from "../../../../config/configuration";
import { Secret } from "../../../../config/secret";
import { knownSecrets } from "../../../../steps/diagnosis/known-secrets";
import { isSecretFile, redactor } from "../../../../steps/diagnosis/redact";
import { at, goodScene } from "./scene";
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
    ["a YAML block", "password: |\n  open\n  sesame\nuser: me", "sesame"],
    ["a folded YAML block with signs", "  bindPassword: >-\n    open sesame\n  user: me", "sesame"],
    ["a YAML block of a list", "- password: |2\n    opensesame\n  user: me", "opensesame"],
    ["a YAML block in a string", '{"config":"a: 1\\npassword: |\\n  open\\n  sesame\\nuser: me"}', "sesame"],
    ["a YAML value on the next line", "password:\n  opensesame\nuser: me", "opensesame"],
    ["a YAML text over two lines", 'password: "open\n  sesame"\nuser: me', "sesame"],
    ["a quote in single quotes", "password: 'open''sesame'", "sesame"],
    ["a quote in a shell's word", "PASSWORD='open'\\''sesame'", "sesame"],
    ["two parts of a shell's word", 'PASSWORD=open"sesame now"', "now"],
    ["Python's bytes", "{'password': b'opensesame'}", "opensesame"],
    ["headers in JSON arrays", '{"Authorization":["Bearer opensesame"],"Accept":["*/*"]}', "opensesame"],
    ["headers in printed JSON", '{\n  "Cookie": [\n    "a=open",\n    "b=sesame"\n  ]\n}', "sesame"],
    ["headers as Go prints them", "map[Accept:[*/*] Authorization:[Basic b3BlbnNlc2FtZQ==]]", "b3BlbnNlc2FtZQ"],
    ["a header of curl", "> Authorization: Basic b3BlbnNlc2FtZQ==", "b3BlbnNlc2FtZQ"],
    ["a header on a command line", `curl -H "Authorization: Digest username=me, response=opensesame" https://x`, "opensesame"],
    ["a proxy's header", "Proxy-Authorization: Basic b3BlbnNlc2FtZQ==", "b3BlbnNlc2FtZQ"],
    ["a token without a header's name", "sent Bearer abcdefghijkl0123", "abcdefghijkl0123"],
    ["a cookie", "Cookie: ssn=open; other=sesame", "sesame"],
    ["a new cookie", "Set-Cookie: ssn=opensesame; Secure", "opensesame"],
    ["a form", "grant_type=password&client_secret=opensesame&id_token=simsim", "simsim"],
    ["a client's secret in a form", "grant_type=x&client_secret=opensesame", "opensesame"],
    ["a client's secret", "clientSecret: opensesame", "opensesame"],
    ["a client's secret in a JSON string", '"{\\"clientSecret\\": \\"open\\\\\\"sesame\\"}"', "sesame"],
    ["an option's argument", "oc login --password opensesame --user x", "opensesame"],
    ["an option's quoted argument", "oc login --password 'open sesame' --user x", "sesame"],
    ["an option's argument in JSON", '["login","--password","opensesame","--user","x"]', "opensesame"],
    ["an option with one dash", "ldapsearch -bindPassword opensesame", "opensesame"],
    ["a passphrase", "passphrase: opensesame", "opensesame"],
    ["Pulumi's passphrase", "PULUMI_CONFIG_PASSPHRASE=opensesame", "opensesame"],
    ["an identity token", "id_token=opensesame", "opensesame"],
    ["a token of GitLab", "PRIVATE-TOKEN: opensesame", "opensesame"],
    ["a token of a service", "X-Auth-Token: opensesame", "opensesame"],
    ["curl's user", 'user = "okd:opensesame"', "opensesame"],
    ["curl's option", "curl -u okd:opensesame https://registry", "opensesame"],
    ["curl's long option", "curl --proxy-user 'okd:open sesame'", "open"],
    ["a token in an address", "git clone https://opensesame@github.com/x/y", "opensesame"],
    ["a password with a slash in an address", "http://me:open/sesame@proxy:3128", "sesame"],
    ["a password with an at sign in an address", "http://me:open@sesame@proxy:3128", "sesame"],
    ["a password without a user in an address", "http://:opensesame@proxy:3128", "opensesame"],
    ["an API key", "api_key=opensesame", "opensesame"],
    ["a container's variable", '{"name":"DB_PASSWORD","value":"opensesame"}', "opensesame"],
    ["a container's variable as YAML", "- name: DB_PASSWORD\n  value: opensesame", "opensesame"],
    ["XML", "<password>opensesame</password>", "opensesame"],
    ["a password with punctuation", "password=open,sesame;now}", "now"],
    ["a hash of bcrypt", "me:$2y$10$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234", "ABCDEFGHIJ"],
    ["a hash of crypt", "core:$6$saltsalt$abcdefghijklmnopqrstuv0123456789:19000", "abcdefghijklmnop"],
    ["~/.netrc", "machine x login me password opensesame", "opensesame"],
    ["npm's token", "//registry.example.com/:_authToken=opensesame", "opensesame"],
    ["a variable with a number", "PASSWORD2: opensesame", "opensesame"],
    ["an unclosed quote", 'password="opensesame', "opensesame"],
    ["an option's argument in printed JSON", '"args": [\n  "--password",\n  "opensesame",\n  "--verbose"\n]', "opensesame"],
    ["an option's argument in JSON printed into a string", '"[\\n  \\"--password\\",\\n  \\"opensesame\\"\\n]"', "opensesame"],
    ["an option's argument in a YAML array", "- --password\n- opensesame\n", "opensesame"],
    ["an option's quoted argument in a YAML array", '  - "--password"\n  - "open sesame"\n', "sesame"],
    ["an option's argument on the next line", "oc login --password \\\n  opensesame", "opensesame"],
    ["an object below a secret's name", '{"secret": {"value": "opensesame"}}', "opensesame"],
    ["an object below a secret's name in a JSON string", '"{\\"password\\":{\\"plain\\":\\"opensesame\\"}}"', "opensesame"],
    ["a printed object", '"password": {\n  "a": {\n    "b": [\n      "open",\n      "sesame"\n    ]\n  }\n}', "sesame"],
    ["a number in an object", '{"token": {"pin": 40414243}}', "40414243"],
    ["YAML's flow style", "token: {value: opensesame, a: b}", "opensesame"],
    ["a YAML object below a secret's name", "password:\n  value: opensesame", "opensesame"],
    ["a YAML array of secrets", "passwords:\n- open\n- sesame\nuser: me", "sesame"],
    ["a YAML value after a comment", "password: # of the proxy\n  opensesame", "opensesame"],
    ["a YAML value with a type", "password: !!str opensesame", "opensesame"],
    ["a value in base64 in LDIF", "userPassword:: b3BlbnNlc2FtZQ==", "b3BlbnNlc2FtZQ"],
    ["a text in triple quotes", 'password = """\nopen\nsesame\n"""', "sesame"],
    ["an index", `config['password'] = 'opensesame'`, "opensesame"],
    ["a struct of Go", 'Secret:{Value:"opensesame" Other:x}', "opensesame"],
    ["a struct of Go without quotes", "Secret:{Value:opensesame Other:x}", "opensesame"],
    ["a header of Go", '"X-Auth-Token":[]string{"opensesame"}', "opensesame"],
    ["a dump of Go", 'Password: (string) (len=10) "opensesame"', "opensesame"],
    ["an element with attributes", '<password type="plain">opensesame</password>', "opensesame"],
    ["an element with a prefix and CDATA", "<ns:password><![CDATA[open<sesame]]></ns:password>", "sesame"],
    ["a proxy without a scheme", "HTTPS_PROXY=okd:opensesame@proxy.example.com", "opensesame"],
    ["a user and a password before a host", "dialing okd:open@sesame@proxy:3128", "sesame"],
    ["an address with escaped slashes", "http:\\/\\/me:opensesame@host", "opensesame"],
    ["oc's log-in", "oc login -u kubeadmin -p opensesame https://api", "opensesame"],
    ["a log-in as arguments", '["podman","login","-u","me","-p","opensesame","quay.io"]', "opensesame"],
    ["podman's credentials", "podman pull --creds okd:opensesame image", "opensesame"],
    ["skopeo's credentials", "skopeo copy --src-creds=okd:opensesame a b", "opensesame"],
    ["curl's user of a proxy", "curl -U okd:opensesame https://x", "opensesame"],
    ["a hash of LDAP", "userPassword={SSHA}abcdefghijklmnop0123", "abcdefghijklmnop"],
    ["a hash of argon2", "x $argon2id$v=19$m=65536,t=2,p=1$c2FsdA$abcdefghijklmnop", "abcdefghijklmnop"],
    ["a token of GitHub", "cloning with ghp_abcdefghijklmnop0123", "abcdefghijklmnop"],
  ])("removes %s", (_, text, secret) => {
    const redacted = redactor({})(text);
    expect(text).toContain(secret);
    expect(redacted).not.toContain(secret);
    expect(redacted).toContain("[redacted]");
  });

  test.each([
    ["the other fields of JSON", '{"password":"a","user":"me","n":1}', '{"password":"[redacted]","user":"me","n":1}'],
    [
      "the other fields of a JSON string",
      '"{\\"token\\":\\"a\\",\\"user\\":\\"me\\"}"',
      '"{\\"token\\":\\"[redacted]\\",\\"user\\":\\"me\\"}"',
    ],
    ["the commas of printed JSON", '"--token",\n  "a",\n  "--b"', '"--token",\n  "[redacted]",\n  "--b"'],
    ["options without an argument", '["--show-password", "--verbose"]\n- --show-token\n- --verbose', undefined],
    ["the fields after an object", '{"secret": {"value": "a"}, "user": "me"}', '{"secret": {"value": "[redacted]"}, "user": "me"}'],
    ["the fields after a struct of Go", "Secret:{Value:a} User:me", "Secret:{Value:[redacted]} User:me"],
    [
      "a volume's references to a secret and a token",
      '{"secret": {"secretName": "router-certs", "defaultMode": 420, "optional": false}}, {"serviceAccountToken": {"audience": "openshift", "expirationSeconds": 3600, "path": "token"}}',
      undefined,
    ],
    ["a provider's reference to a secret", 'clientSecret: {"name": "oidc"}\nbindPassword:\n  name: ldap', undefined],
    ["Ignition's users", '{"passwd": {"users": [{"name": "core", "sshAuthorizedKeys": ["ssh-ed25519 AAAA me"]}]}}', undefined],
    [
      "lines after a struct that is cut off",
      'Secret:{Value:"a\nNov 29 kubelet: waiting "b", c',
      'Secret:{Value:"[redacted]\nNov 29 kubelet: waiting "b", c',
    ],
    ["lines after a cut object", '"token": {"a": 1\nNov 29 kubelet: x', '"token": {"a": [redacted]\nNov 29 kubelet: x'],
    ["empty objects and arrays", '{"secret": {}, "token": [], "password": null}', undefined],
    ["images with tag and digest", "pulling okd:4.19@sha256:0123 and proxy: okd:4.19@sha256:0123", undefined],
    ["texts in base64", Buffer.from("the installer waits for the token controller, me@host:22").toString("base64"), undefined],
    ["other lists after a name", "error getting token:\n- retrying\n", undefined],
    ["other options", "login --password opensesame --user x", "login --password [redacted] --user x"],
    ["the next field of YAML", "password: |\n  a\n  b\nuser: me", "password: |\n  [redacted]\nuser: me"],
    ["the next field of a list's entry", "- password: |\n    a\n  user: me", "- password: |\n    [redacted]\n  user: me"],
    ["nested fields", "secret:\n  secretName: x\nauth:\n  - kind: y", undefined],
    ["a value that is not secret", "automountServiceAccountToken: false\ntoken: null", undefined],
    ["names of secrets", 'secretName: router-certs\nimagePullSecrets: []\nsecret "a" not found', undefined],
    ["Kubernetes' users", 'user="system:kube-scheduler" User "system:anonymous" cannot get -u kubelet: x', undefined],
    ["digests of images", "docker://quay.io:443/okd/scos-release@sha256:0123 https://quay.io/a/b@sha256:0123", undefined],
    [
      "words that begin like a secret's name",
      "tokens: 3, passwordless: 1, secretary=x, authors: y, compass: n, Basic authentication, bearer authentication",
      undefined,
    ],
    ["other lines of a console", "error getting token:\n[   12.3] kernel: x", undefined],
  ])("keeps %s", (_, text, left) => {
    expect(redactor({})(text)).toBe(left ?? text);
  });

  test("removes the cluster's passwords and pull secret, plain and encoded", () => {
    const auth = Buffer.from("me:open sesame").toString("base64");
    const configuration = {
      pullSecret: new Secret(JSON.stringify({ auths: { "quay.io": { auth } } })),
      identityProviders: [{ name: "ldap", secret: new Secret("bind-password") }],
      htpasswdUsers: new Map([
        ["me", new Secret("only ever here")],
        ["you", new Secret("short")],
      ]),
      proxy: { httpProxy: "http://me:s%40cret-proxy@proxy:3128", noProxy: [] },
    } as unknown as Partial<Configuration>;
    const secrets = knownSecrets(configuration, {
      kubeadminPassword: "abcde-fghij-klmno-pqrst",
      registryPassword: "r".repeat(32),
      registryPullPassword: "p".repeat(32),
    });
    const registry = Buffer.from(`okd:${"r".repeat(32)}`).toString("base64");
    const forms = [
      auth,
      "open sesame",
      "open%20sesame",
      "bind-password",
      "only ever here",
      "s%40cret-proxy",
      "s@cret-proxy",
      "abcde-fghij-klmno-pqrst",
      "r".repeat(32),
      registry,
      "p".repeat(32),
      Buffer.from(`okd-nodes:${"p".repeat(32)}`).toString("base64"),
    ];
    const redact = redactor({ secrets });
    for (const form of forms) expect([form, redact(`x ${form} y`)]).toEqual([form, "x [redacted] y"]);
    expect(redact("in short")).toBe("in short");
  });

  describe("in linear time", () => {
    const filled = (part: string, size: number) => part.repeat(Math.ceil(size / part.length)).slice(0, size);

    test.each([
      ["an unbroken word", "a"],
      ["common lines", "Nov 29 01:02:03 ip-10-0-0-5 kubelet[1]: I1129 token=abc waiting for the API at https://api.example.com:6443\n"],
    ])("5 MB of %s", (_, part) => {
      const began = performance.now();
      redactor({})(filled(part, 5_000_000));
      expect(performance.now() - began).toBeLessThan(60_000);
    });

    // A counted repetition in a regular expression stores a position for every character, which overflows the stack for long texts.
    test("12 MB of one word, without a stack overflow", () => {
      expect(redactor({})(filled("a", 12_000_000))).toHaveLength(12_000_000);
    });

    // These texts would take minutes to hours if the time grew with the square of the length.
    test.each([
      ["a word in base64url", "eyJ-_abcAB09"],
      ["dots of a progress bar", "."],
      ["slashes", "/"],
      ["addresses without an end", "//a:"],
      ["blanks", " "],
      ["empty lines", "\n"],
      ["names of secrets", "password"],
      ["fields without a value", "password:"],
      ["fields of empty lines", "token:\n"],
      ["open quotes", 'password="'],
      ["open quotes of many kinds", 'token="a token=\\"b token=\'c token=\\\\"d '],
      ["escaped quotes", '\\"'],
      ["an open string of escaped quotes", 'password="\\"\\"'],
      ["open arrays", 'cookie:["a",'],
      ["blocks in a string", "token: |\\n  a"],
      ["blocks", "token: |\n a\n"],
      ["a block without an end", " a\n"],
      ["options", "--token "],
      ["keys without an end", "-----BEGIN PRIVATE KEY-----"],
      ["beginnings of tokens", "-eyJ"],
      ["bearers", "bearer "],
      ["bearers without a token's end", "BEARER\tAE+="],
      ["basics", "BASIC\t+"],
      ["users", "user=a:"],
      ["users of addresses", "//0:"],
      ["parts of ~/.netrc", "login\ts\tpassword\t\t\t\t\t\t\t\t"],
      ["keys' lines", "-----BEGIN PRIVATE KEY-----\n-----END"],
      ["headers", "Authorization: a\n"],
      ["tags", "<password>"],
      ["variables", "name: TOKEN\nvalue: x\n"],
      ["objects", 'token:{"a":'],
      ["objects without an end", "token:{a=b "],
      ["objects of open quotes", 'token:{"a'],
      ["types of Go", "token: (string)"],
      ["tags with attributes", "<password a"],
      ["triple quotes", 'password="""'],
      ["arrays of YAML", "- --token\n"],
      ["arrays of texts", "tokens:\n- a\n"],
      ["percents", "%"],
      ["encoded blanks", "%20"],
      ["encoded fields", "token%3A%20"],
      ["lines in base64", `${"a".repeat(64)}\n`],
      ["base64 without its end", "abcdefghijklmnopqrstuvwxyz==="],
      ["log-ins", "login -p "],
      ["proxies", "PROXY=a:"],
      ["passwords before hosts", "a:@b:1@"],
    ])("half a MB of %s", (_, part) => {
      const began = performance.now();
      redactor({})(`password: |\n${filled(part, 500_000)}`);
      redactor({})(filled(part, 500_000));
      expect(performance.now() - began).toBeLessThan(60_000);
    });
  });

  test("removes private keys: complete, cut off, in base64, and single lines of this cluster's keys", async () => {
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

  test("keeps certificates, names, addresses and the installer's messages", async () => {
    const { target, authority } = await goodScene();
    const text = `${authority.certificate}node ip-10-0-16-5.ec2.internal 10.0.16.5 sg-0123 arn:aws:iam::123456789012:role/x
Failed to authenticate: x509: certificate signed by unknown authority
waiting for the token controller; https://api.dev.example.com:6443/readyz
{"author": "someone", "authority": "root-ca", "tokens": 3}`;
    expect(redactor(target)(text)).toBe(text);
  });

  test.each([
    ["bootstrap/auth/kubeconfig", true],
    ["log-bundle/rendered-assets/openshift/tls/root-ca.key", true],
    ["log-bundle/resources/secrets/x.json", true],
    ["log-bundle/bootstrap/journals/bootkube.log", false],
    ["log-bundle/control-plane/10.0.16.5/containers/etcd.log", false],
  ])("says whether the file %s is secret as a whole: %s", (path, secret) => {
    expect(isSecretFile(path)).toBe(secret);
  });
});
