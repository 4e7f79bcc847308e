import { redactor } from "../../../../steps/diagnosis/redact";

describe("the redactor of encoded secrets", () => {
  test.each([
    ["a percent-encoded key", "data:,-----BEGIN%20PRIVATE%20KEY-----%0AMIIopensesame%0A-----END%20PRIVATE%20KEY-----%0A", "opensesame"],
    ["a percent-encoded pull secret", "data:,%7B%22auths%22%3A%7B%22quay.io%22%3A%7B%22auth%22%3A%22opensesame%22%7D%7D%7D", "opensesame"],
    ["a percent-encoded form", "password%3Dopensesame", "opensesame"],
    ["a percent-encoded address", "http%3A%2F%2Fme%3Aopensesame%40host", "opensesame"],
    ["a percent-encoded block", "data:,password%3A%20%7C%0A%20%20open%0A%20%20sesame%0Auser%3A%20me", "sesame"],
  ])("removes %s", (_, text, secret) => {
    const redacted = redactor({})(text);
    expect(text).toContain(secret);
    expect(redacted).not.toContain(secret);
    expect(redacted).toContain("[redacted]");
  });

  test.each([
    ["percent-encoded words", "https://h/x?labelSelector=k8s-app%3Dretrieve%2Crole%3Dmaster", undefined],
    [
      "other percent-encoded parts",
      "data:,a%3A%20%C3%A4%0Atoken%3A%20x%0Auser:%20me",
      "data:,a%3A%20%C3%A4%0Atoken%3A%20[redacted]%0Auser:%20me",
    ],
  ])("keeps %s", (_, text, left) => {
    expect(redactor({})(text)).toBe(left ?? text);
  });

  test("removes a known secret inside a base64 text at any offset, and keeps the rest", () => {
    const secret = "abcde-fghij?~klmno";
    const redact = redactor({ secrets: [secret] });
    for (const before of ["", "a", "ab", "abc", "HTTP_PROXY=http://okd:"]) {
      for (const after of ["", "\n", "@proxy:3128\n"]) {
        for (const encoding of ["base64", "base64url"] as const) {
          const text = Buffer.from(`${before}${secret}${after}`).toString(encoding);
          const redacted = redact(text);
          expect(redacted).toContain("[redacted]");
          const left = redacted.split("[redacted]").join("");
          expect(Buffer.from(left, "base64").toString()).not.toMatch(/fgh|kl/);
        }
      }
    }
  });

  test.each([
    ["an encrypted key", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nopensesame"],
    ["a key of DSA", "-----BEGIN DSA PRIVATE KEY-----\nopensesame"],
    ["a key of PGP", "-----BEGIN PGP PRIVATE KEY BLOCK-----\nopensesame"],
    ["a key after its certificate", "-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\nopensesame"],
    ["a hash of a password", "admin:$2y$05$abcdefghijklmnopqrstuuabcdefghijklmnopqrstuvwxyzABCDEFG"],
    ["a pull secret", '{"auths":{"quay.io":{"auth":"opensesame"}}}'],
    ["a file of the environment", "A=b\nREGISTRY_PASSWORD=opensesame\n"],
  ])("removes in single and double base64: %s", (_, text) => {
    const once = Buffer.from(text).toString("base64");
    for (const encoded of [once, Buffer.from(`contents: data:;base64,${once}`).toString("base64"), encodeURIComponent(`x: ${once}`)])
      expect(redactor({})(`source: ${encoded} next`)).toMatch(/^source: \S*\[redacted\]\S* next$/);
  });

  test("removes a private key in base64 that has several lines", () => {
    const key = `-----BEGIN PRIVATE KEY-----\n${"opensesame012345".repeat(20)}\n-----END PRIVATE KEY-----\n`;
    const encoded = Buffer.from(key).toString("base64");
    for (const width of [64, 76]) {
      for (const end of ["\n", "\r\n", "\n    ", "\\n"]) {
        const lines = encoded.match(new RegExp(`.{1,${width}}`, "g")) ?? [];
        expect(redactor({})(`before ${lines.join(end)}\nafter`)).toBe("before [redacted]\nafter");
      }
    }
  });
});
