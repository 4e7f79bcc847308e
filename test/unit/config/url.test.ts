import fc from "fast-check";
import { parseConfiguration } from "../../../config/parse";
import { holdsUserinfo, maskUserinfo, parseUrl, urlProblem } from "../../../config/url";
import { redactInstallConfig, renderInstallConfig } from "../../../ignition/install-config";
import { proxyVariables } from "../../../ignition/proxy-variables";
import { redactor } from "../../../steps/diagnosis/redact";
import { identityProviderObjects } from "../../../cluster-objects/authentication/identity-provider";
import { askGo, GO_TIMEOUT } from "../../judge/ask-go";
import { problemsOf, withKeys, WITHOUT_HOST } from "./fixture";

const PROXY = "proxy.example.com:3128";
const ENCODED = /percent-encoded: .*% as %25, \/ as %2F.*@ as %40/;

/** Passwords that must be percent-encoded, because some program cannot parse a URL with the character. */
const UNENCODED = [
  ...["50%off", "pa^ss", "pa{ss}", "pa|ss", 'pa"ss', "pa<ss>", "pa`ss", "pa[ss", "pa]ss", "pa ss", "paßwort", "p@ssw0rd"],
  ...["pa/ss", "pa#ss", "pa?ss", "pa\\ss", "a//b"],
];

describe("a proxy's URL", () => {
  test.each(UNENCODED)("with the unencoded password %s is refused, and the fix shows the encoded one", (password) => {
    const [problem, ...others] = problemsOf(withKeys({ ...WITHOUT_HOST, httpsProxy: `http://svc:${password}@${PROXY}` }));
    expect([problem.key, problem.wrong]).toEqual(["httpsProxy", "has a character in its user or password that must be percent-encoded"]);
    expect(problem.allowed).toMatch(ENCODED);
    expect(JSON.stringify(problem)).not.toContain(password);
    expect(others).toEqual([]);
  });

  test.each(UNENCODED)("with the percent-encoded password %s is accepted, and Go reads it", (password) => {
    const httpsProxy = `http://svc:${encodeURIComponent(password)}@${PROXY}`;
    expect(problemsOf(withKeys({ ...WITHOUT_HOST, httpsProxy }))).toEqual([]);
  });

  test.each<[string, string | RegExp]>([
    [`http:/${PROXY}`, "has no // after http:"],
    [`http:${PROXY}`, "is not a URL"],
    [`http:\\\\${PROXY}`, "has backslashes instead of //"],
    [`http:///${PROXY}`, "has no host"],
    [`http://CORP\\user:x@${PROXY}`, "has a character in its user or password that must be percent-encoded"],
    [`http://${PROXY}\n`, "has a line break in it"],
    ["http://pro\txy.exam\nple.com", "has an invisible character (U+0009) in it"],
    [`http://pro\u200bxy.example.com`, "has an invisible character (U+200B) in it"],
    [` http://${PROXY}`, "has a space at its start or end"],
    [`http://${PROXY} `, "has a space at its start or end"],
    ["http://proxy example.com:3128", "has a host that is neither a host name nor an IP address"],
    ["http://$(id).example.com", "has a host that is neither a host name nor an IP address"],
    ["http://127.1:3128", "has a host that is neither a host name nor an IP address"],
    ["http://0x7f000001:3128", "has a host that is neither a host name nor an IP address"],
    ["http://2130706433", "has a host that is neither a host name nor an IP address"],
    ["http://bücher.example:3128", "has a character in its host that is not ASCII"],
    ["http://proxy.example.com:0", "has no valid port (1 to 65535) after the colon"],
    ["http://proxy.example.com:", "has no valid port (1 to 65535) after the colon"],
    ["http://proxy.example.com:99999", "has no valid port (1 to 65535) after the colon"],
    ["http://proxy.example.com:31:28", "has no valid port (1 to 65535) after the colon"],
    ["http://2001:db8::1:3128", "has an IPv6 address without brackets"],
    ["http://[2001:db8::1", /host/],
    ["http://[fe80::1%25eth0]:3128", "has a host that is neither a host name nor an IP address"],
    [`http://${PROXY}/pac`, "has a path, but a proxy's URL ends after host and port"],
    [`http://${PROXY}?x`, "has a query, but a proxy's URL ends after host and port"],
    [`http://${PROXY}#`, "has a fragment, but a proxy's URL ends after host and port"],
    [`http://${PROXY}/pac?x#y`, "has a path and a query and a fragment, but a proxy's URL ends after host and port"],
    [`socks5://${PROXY}`, "starts with socks5://"],
    [PROXY, "is not a URL"],
  ])("%j is refused: %s", (httpsProxy, wrong) => {
    const problems = problemsOf(withKeys({ ...WITHOUT_HOST, httpsProxy }));
    expect(problems.map(({ key }) => key)).toEqual(["httpsProxy"]);
    if (typeof wrong === "string") expect(problems[0].wrong).toBe(wrong);
    else expect(problems[0].wrong).toMatch(wrong);
  });

  test.each([
    `http://${PROXY}/`,
    "HTTP://Proxy.Example.COM",
    "http://[2001:db8::1]:3128",
    "http://10.0.0.1:3128",
    "http://user%40corp:pa%23ss@proxy_1.example.com.",
  ])("%s is accepted and used unchanged", (httpsProxy) => {
    expect(parseConfiguration(withKeys({ ...WITHOUT_HOST, httpsProxy })).proxy?.httpsProxy).toBe(httpsProxy);
  });

  test.each(["http://user:secret@p.example.com", "http://:secret@p.example.com", "http://user@p.example.com", "http://@p.example.com"])(
    "%s never appears in the installer host's user data",
    (httpsProxy) => {
      expect(problemsOf(withKeys({ httpsProxy })).map(({ key, wrong }) => [key, wrong])).toEqual([
        ["httpsProxy", "has a user or a password in it, which every instance could read in the installer host's user data"],
      ]);
      const { network, region, clusterDomain } = parseConfiguration(withKeys({}));
      expect(() => proxyVariables({ proxy: { httpsProxy }, network, region, clusterDomain })).toThrow(/contains a user and a password/);
    },
  );
});

describe("a user name and password in a URL", () => {
  const PASSWORDS = ["secret", "p@ssw0rd", "TOP SECRET", "a@b@c", "a//b@c/d", "it's", "x:y"];

  test.each(PASSWORDS)("are in no error, such as %j", (password) => {
    for (const key of ["httpProxy", "httpsProxy", "updateServer"]) {
      const message = JSON.stringify(problemsOf(withKeys({ ...WITHOUT_HOST, [key]: `ftp://user:${password}@host.example.com` })));
      for (const part of password.split(/[@ /:]/)) if (part.length > 2) expect(message).not.toContain(part);
    }
  });

  test.each(PASSWORDS)("are not in the install-config that is kept, such as %j", (password) => {
    const text = `pullSecret: x\nproxy:\n  httpsProxy: ${JSON.stringify(`http://user:${password}@${PROXY}`)}\n  noProxy: .example.com\n`;
    const redacted = redactInstallConfig(text);
    expect(redacted).toContain(`http://REDACTED@${PROXY}`);
    expect(redacted).toContain("noProxy: .example.com");
    expect(redacted).not.toContain("user:");
  });

  test.each(["secret", "p@ssw0rd", "a@b@c", "it's", "x:y", "!$&()*+,;="])(
    "are not in the evidence of a diagnosis, such as %j",
    (password) => {
      for (const user of ["user:", ":", ""]) {
        const log = `HTTPS_PROXY=http://${user}${password}@${PROXY} and {"url":"https://${user}${password}@host","mail":"anna@example.com"}`;
        expect(redactor({})(log)).toBe(
          `HTTPS_PROXY=http://[redacted]@${PROXY} and {"url":"https://[redacted]@host","mail":"anna@example.com"}`,
        );
      }
    },
  );

  test("are not found in a text that has none, so the text stays unchanged", () => {
    const text = 'docker://quay.io/okd/scos-release@sha256:0123 https://example.com/a?mail=b@c.de {"a":"//x","b":"y@z"}';
    expect(redactor({})(text)).toBe(text);
    expect([holdsUserinfo(`http://${PROXY}`), maskUserinfo("example.com", "x")]).toEqual([false, "example.com"]);
  });

  test("reach the install-config as the user wrote them", () => {
    const httpsProxy = `http://user:p%40ss@${PROXY}`;
    const configuration = parseConfiguration(withKeys({ ...WITHOUT_HOST, httpsProxy }));
    const context = { sshPublicKey: "ssh-ed25519 x", zones: ["us-east-1a"], credentialsMode: "mint" } as const;
    expect(renderInstallConfig(configuration, context)).toContain(httpsProxy);
    expect(redactInstallConfig(renderInstallConfig(configuration, context))).not.toContain("p%40ss");
  });
});

describe("a random URL", () => {
  const hostile = fc.constantFrom(
    ...Array.from("%:@/\\?#[]{}|\"<>^` \t\n~!$&'()*+,;=-._azAZ09ßü\u200b\u0000"),
    "%41",
    "%zz",
    "//",
    "http",
    "user",
    "[::1]",
    ":80",
  );
  const parts = fc.array(hostile, { maxLength: 8 }).map((all) => all.join(""));
  const urls = fc.oneof(
    fc.tuple(parts, parts).map(([user, rest]) => `http://${user}@proxy.example.com${rest}`),
    parts.map((rest) => `http://${rest}`),
    parts.map((rest) => `https://host.example.com/${rest}`),
    parts,
  );

  test(
    "that is accepted gives the same user and host in Go's parser",
    () => {
      // openshift-install parses a URL as in an HTTP request, which has no fragment. Where a fragment is useless, the rules
      // refuse it.
      const texts = fc.sample(urls, 6000).filter((text) => !text.includes("#") && urlProblem(text, () => undefined) === undefined);
      expect(texts.length).toBeGreaterThan(300);
      const answers = askGo(texts.map((text) => ({ kind: "url", text })));
      texts.forEach((text, index) => {
        const { userinfo = "", host, port } = parseUrl(text);
        // Compared as bytes, because percent-encoded bytes need not be UTF-8.
        const decoded = (part: string) =>
          Buffer.from(part)
            .toString("latin1")
            .replaceAll(/%([0-9a-f]{2})/gi, (_, byte: string) => String.fromCharCode(parseInt(byte, 16)));
        const { error, user, host: hostport } = answers[index];
        // Go keeps the port as the URL has it, such as 080. The user ends at the last @ before the path.
        const [, authority = ""] = /^[^/]*\/\/([^/?#]*)/.exec(text) ?? [];
        const written = /:(\d+)$/.exec(authority.split("@").at(-1) ?? "")?.[1];
        expect([text, error, hostport]).toEqual([text, "", `${host}${port === undefined ? "" : `:${written}`}`]);
        expect([text, decoded(user)]).toEqual([text, decoded(userinfo)]);
      });
    },
    GO_TIMEOUT,
  );

  test("has no visible password after masking", () => {
    fc.assert(
      fc.property(parts, (password) => {
        expect(maskUserinfo(`http://user:${password}@host`, "x")).toBe("http://x@host");
      }),
    );
  });
});

describe("an identity provider's URL", () => {
  const openId = (issuer: string) => ({
    identityProviders: [{ name: "sso", type: "OpenID", clientID: "okd", issuer }],
    identityProviderSecrets: { sso: "x" },
  });
  const ldap = (url: string) => ({ identityProviders: [{ name: "ldap", type: "LDAP", url }] });
  const header = (loginURL: string) => ({
    identityProviders: [{ name: "header", type: "BasicAuth", url: loginURL }],
  });

  test.each<[Record<string, unknown>, string, string]>([
    [
      openId("https://sso.example.com/realms/okd/.well-known/openid-configuration"),
      "issuer has /.well-known/openid-configuration in it, which the cluster appends itself",
      "write https://sso.example.com/realms/okd",
    ],
    [openId("https://sso.example.com/a b"), "issuer has a space in its path", "write %20 instead"],
    [openId("https://sso.exam\nple.com"), "issuer has a line break in it", "set it again without this character, in single quotes"],
    [openId("https:/sso.example.com"), "issuer has no // after https:", ""],
    [header("https://login.example.com/ü"), 'url has the character "ü" in its path', "write %C3%BC instead"],
    [
      ldap("ldaps://ldap.example.com/dc=example,dc=com?uid?sub?(description=50%off)"),
      "url has a % in its query without two hexadecimal digits after it",
      "write %25 for a %",
    ],
    [
      ldap("ldaps://ldap.example.com/dc=example,dc=com?uid?sub?(cn=50%)"),
      "url has a % in its query without two hexadecimal digits after it",
      "write %25 for a %",
    ],
    [
      ldap("ldaps://ldap.example.com/dc=example,dc=com?uid?sub?(cn=%C3)"),
      "url has percent-encoded bytes in its filter that are not UTF-8",
      "write %C3%A4 for ä, and %25 for a %",
    ],
    [
      ldap("ldaps://ldap.example.com/o=50%,dc=com?uid"),
      "url has a % in its path without two hexadecimal digits after it",
      "write %25 for a %",
    ],
    [ldap("ldaps://ldap.example.com/dc=x?uid?sub?(cn=a#b)"), "url has a # in it, which starts the fragment of a URL", "write %23 instead"],
    [
      ldap("ldaps://ldap.example.com/dc=x?uid?sub?(tel=+49)"),
      "url has a + in its filter, which OpenShift reads as a space",
      "write %2B for a +, or %20 for a space",
    ],
    [ldap("ldaps://ldap.example.com/dc=x?uid?sub?(cn=a)(cn=b)"), "url has a filter with unbalanced parentheses", ""],
    [ldap("ldaps://ldap.example.com/dc=x?uid?sub?((cn=a)"), "url has a filter with unbalanced parentheses", ""],
    [ldap("ldaps://ldap.example.com/dc=x?uid?sub?(cn=a)?!x=y"), "url has a critical extension, but OpenShift supports none", ""],
    [
      ldap("ldaps://ldap.example.com/dc=\tx"),
      "url has an invisible character (U+0009) in it",
      "set it again without this character, in single quotes",
    ],
    [ldap("ldaps://anna:secret@ldap.example.com/dc=x"), "url has a user in it, which belongs in bindDN", ""],
  ])("%j is refused: %s", (keys, wrong, fix) => {
    const [problem, ...others] = problemsOf(withKeys(keys));
    expect(problem.wrong).toMatch(/^item 1 \(\w+\): /);
    expect([problem.key, problem.wrong.replace(/^item 1 \(\w+\): /, ""), others]).toEqual(["identityProviders", wrong, []]);
    if (fix !== "") expect(problem.fix).toBe(fix);
  });

  test.each([
    "ldap://ldap.example.com/OU=Domain Users,O=My Company,DC=example,DC=com?sAMAccountName?sub?(&(objectClass=person)(!(a=b)))",
    "ldaps://ldap.example.com:636/ou=Büro,dc=example,dc=com?uid?one?(|(cn=50%25)(description=a%20b)(x>=1))",
    "ldap://ldap.example.com/ou=Sales\\, Inc,dc=example?uid",
  ])("%s is accepted and used unchanged", (url) => {
    expect(problemsOf(withKeys(ldap(url)))).toEqual([]);
    const [provider] = parseConfiguration(withKeys(ldap(url))).platform.authentication.identityProviders;
    expect(identityProviderObjects(provider).entry).toMatchObject({ ldap: { url } });
  });
});
