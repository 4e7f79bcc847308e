/**
 * The dynamic provider of the registry's credentials. The tests call it as the Pulumi engine does, and once serialized in a separate process.
 */
import { execFile } from "node:child_process";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { compare } from "bcryptjs";
import { registryCredentialsProvider } from "../../components/installer-host/registry-credentials";
import { decodeFiles } from "../../ignition/file-transfer";

jest.setTimeout(60_000);
const project = join(__dirname, "..", "..");

describe("the registry's credentials", () => {
  const inputs = { host: "registry.dev.okd.example.com", rotation: "" };
  const { create, update, diff } = registryCredentialsProvider;
  const make = async () => {
    const { outs } = await create(inputs);
    if (outs === undefined) throw new Error("the provider returned no outputs");
    return outs;
  };

  test("are a certificate for the registry's name, a CA that may sign for no other name, and two accounts", async () => {
    const made = await make();
    const files = decodeFiles(made.files);
    expect(Object.keys(files).sort()).toEqual([
      "client/auth.json",
      "client/ca.crt",
      "client/curl-pull.conf",
      "client/curl-push.conf",
      "registry/htpasswd-pull",
      "registry/htpasswd-push",
      "registry/tls.crt",
      "registry/tls.key",
    ]);
    const authority = new X509Certificate(made.caCertificate);
    const certificate = new X509Certificate(files["registry/tls.crt"]);
    expect([authority.ca, certificate.ca, certificate.subjectAltName]).toEqual([true, false, `DNS:${inputs.host}`]);
    expect([certificate.verify(authority.publicKey), certificate.checkIssued(authority), authority.verify(authority.publicKey)]).toEqual([
      true,
      true,
      true,
    ]);
    expect(certificate.checkPrivateKey(createPrivateKey(files["registry/tls.key"]))).toBe(true);
    expect([certificate.checkHost(inputs.host), certificate.checkHost("api-int.dev.okd.example.com")]).toEqual([inputs.host, undefined]);
    for (const each of [authority, certificate]) {
      expect(Date.parse(each.validFrom)).toBeLessThan(Date.now() - 3_500_000);
      expect((Date.parse(each.validTo) - Date.now()) / 86_400_000 / 365.25).toBeCloseTo(10, 1);
    }
    // OID 2.5.29.30, critical, with the name in it.
    expect(authority.raw.includes(Buffer.from("0603551d1e0101ff", "hex"))).toBe(true);
    expect(files["client/ca.crt"]).toBe(made.caCertificate);

    for (const [file, user, own, other] of [
      ["registry/htpasswd-push", "okd", made.password, made.pullPassword],
      ["registry/htpasswd-pull", "okd-nodes", made.pullPassword, made.password],
    ]) {
      // Each file has one account, and the other account's password does not match.
      const [line, ...more] = files[file].trim().split("\n");
      const [name, hash] = line.split(":");
      expect([more, name, hash.slice(0, 4), await compare(own, hash), await compare(other, hash)]).toEqual([[], user, "$2b$", true, false]);
      expect(own).toHaveLength(32);
    }
    const auth = Buffer.from(`okd:${made.password}`).toString("base64");
    expect(JSON.parse(files["client/auth.json"])).toEqual({ auths: { "registry.dev.okd.example.com:5000": { auth } } });
  });

  test("are created again by a rotation, except the CA", async () => {
    const first = await make();
    const next = (await update?.("registry-credentials", first, { ...inputs, rotation: "2" }))?.outs;
    if (next === undefined) throw new Error("the provider returned no outputs");
    expect([next.caCertificate, next.caPrivateKey]).toEqual([first.caCertificate, first.caPrivateKey]);
    const changed = Object.entries(decodeFiles(next.files)).filter(([path, content]) => decodeFiles(first.files)[path] !== content);
    expect(changed.map(([path]) => path).sort()).toEqual([
      "client/auth.json",
      "client/curl-pull.conf",
      "client/curl-push.conf",
      "registry/htpasswd-pull",
      "registry/htpasswd-push",
      "registry/tls.crt",
      "registry/tls.key",
    ]);
    expect(
      new X509Certificate(decodeFiles(next.files)["registry/tls.crt"]).verify(new X509Certificate(first.caCertificate).publicKey),
    ).toBe(true);
  });

  test.each([
    ["nothing changes", {}, { changes: false, replaces: [] }],
    ["they are rotated", { rotation: "2" }, { changes: true, replaces: [] }],
    ["the registry has another name", { host: "registry.prod.okd.example.com" }, { changes: true, replaces: ["host"] }],
  ])("are kept, rotated or replaced if %s", async (_, change, expected) => {
    const olds = { ...inputs, caCertificate: "", caPrivateKey: "", password: "", pullPassword: "", files: "" };
    expect(await diff?.("registry-credentials", olds, { ...inputs, ...change })).toEqual(expected);
  });

  test("are updated if an older version of this program created them without the nodes' password for pulling", async () => {
    const olds = { ...inputs, caCertificate: "", caPrivateKey: "", password: "", files: "" };
    expect(await diff?.("registry-credentials", olds as Parameters<NonNullable<typeof diff>>[1], inputs)).toEqual({
      changes: true,
      replaces: [],
    });
  });

  test("of a host name that is longer than X.509's limit for common names are valid for the name", async () => {
    const host = `registry.${"a".repeat(54)}.${"b".repeat(60)}.${"c".repeat(60)}.example.com`;
    const { outs } = await create({ host, rotation: "" });
    const certificate = new X509Certificate(decodeFiles(outs?.files ?? "")["registry/tls.crt"]);
    expect([certificate.checkHost(host), certificate.verify(new X509Certificate(outs?.caCertificate ?? "").publicKey)]).toEqual([
      host,
      true,
    ]);
  });

  test("can be created in a process that gets only the provider's serialized text", async () => {
    const { text } = await pulumi.runtime.serializeFunction(() => registryCredentialsProvider);
    const file = join(project, `.provider-${process.pid}.js`);
    writeFileSync(
      file,
      `${text}\nexports.handler().create(${JSON.stringify(inputs)}).then(({ outs }) => console.log(outs.caCertificate));`,
    );
    try {
      const { stdout } = await promisify(execFile)(process.execPath, [file], { timeout: 30_000 });
      expect(new X509Certificate(stdout).subject).toBe(`CN=Authority of ${inputs.host}`);
    } finally {
      rmSync(file);
    }
  });
});
