/**
 * Values that are created once and kept in the state. The tests call the dynamic providers as the Pulumi engine does. The engine tests prove that the
 * Pulumi engine serializes the providers and keeps their answers.
 */
import { createPrivateKey, createPublicKey } from "node:crypto";
import { utils } from "ssh2";
import { clusterIdentityProvider } from "../../components/cluster-identity";
import { credentialsModeProvider } from "../../components/credentials/credentials-mode";
import { signingKeyProvider } from "../../components/credentials/signing-key";
import { sshKeyProvider } from "../../components/generated-ssh-key";
import { ed25519Pair } from "../../components/ssh-key-pair";
import type { InstallationPhase } from "../../components/installer/asset-age";
import { initialRoleTagsProvider } from "../../components/network/initial-role-tags";
import { suffixAlphabet } from "../../lib/openshift/infra-id";

describe("the cluster's identity", () => {
  const inputs = { prefix: "dev", clusterDomain: "dev.okd.example.com" };

  test("is generated for each cluster, from characters that are valid in names", async () => {
    const made = await Promise.all(Array.from({ length: 50 }, () => clusterIdentityProvider.create(inputs)));
    const form = new RegExp(`^dev-[${suffixAlphabet}]{5}$`);
    for (const { id, outs } of made) {
      expect(outs).toEqual({
        ...inputs,
        infraId: expect.stringMatching(form) as string,
        clusterId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/) as string,
      });
      expect(id).toBe(outs?.infraId);
    }
    expect(new Set(made.map(({ id }) => id)).size).toBe(50);
  });

  const { diff } = clusterIdentityProvider;
  const olds = { ...inputs, infraId: "dev-x7k2q", clusterId: "7c0e7b3e-0000-4000-8000-000000000000" };

  test("does not change while name and domain stay the same", async () => {
    expect(await diff?.("dev-x7k2q", olds, inputs)).toEqual({ changes: false });
  });

  test.each([
    ["another cluster name", { prefix: "prod", clusterDomain: "prod.okd.example.com" }],
    [
      "another base domain: the instances' tag has the old domain, so the preflight would not find them",
      { prefix: "dev", clusterDomain: "dev.example.org" },
    ],
    [
      "a cluster name that differs only in the characters that the infraID truncates",
      { prefix: "dev", clusterDomain: "dev-of-a-long-name-b.okd.example.com" },
    ],
  ])("cannot change to %s", async (_, news) => {
    await expect(diff?.("dev-x7k2q", olds, news)).rejects.toThrow(
      `the cluster dev-x7k2q can't become ${news.clusterDomain}: dev.okd.example.com is part of its certificates`,
    );
  });
});

describe("the subnets that had load balancer role tags (kubernetes.io/role/…) before the cluster", () => {
  const { create, update, diff } = initialRoleTagsProvider;
  const a = "subnet-a";
  const b = "subnet-b";

  test("are those of the first lookup, because later lookups also find the tags that this cluster added", async () => {
    const first = { subnetIds: [a, b], tagged: [a] };
    expect((await create(first)).outs).toEqual(first);
    expect(await diff?.("found-role-tags", first, { subnetIds: [a, b], tagged: [a, b] })).toEqual({ changes: false });
  });

  test("are updated for a subnet that is added later, and do not contain a subnet that is removed", async () => {
    const c = "subnet-c";
    const olds = { subnetIds: [a, b], tagged: [a] };
    const news = { subnetIds: [b, c], tagged: [b, c] };
    expect(await diff?.("found-role-tags", olds, news)).toEqual({ changes: true });
    expect((await update?.("found-role-tags", olds, news))?.outs).toEqual({ subnetIds: [b, c], tagged: [c] });
  });
});

describe("the credentials mode", () => {
  const { create, diff, update } = credentialsModeProvider;
  const wish = (wanted: "mint" | "passthrough" | "manual", configured: boolean, phase: InstallationPhase = "before-first-boot") => ({
    wanted,
    configured,
    phase,
  });

  test("follows the configuration until an instance has booted", async () => {
    expect((await create(wish("manual", false))).outs).toEqual({ mode: "manual" });
    expect(await diff?.("credentials-mode", { mode: "manual" }, wish("mint", false))).toEqual({ changes: true });
    expect((await update?.("credentials-mode", { mode: "manual" }, wish("mint", false)))?.outs).toEqual({ mode: "mint" });
    expect(await diff?.("credentials-mode", { mode: "manual" }, wish("manual", true))).toEqual({ changes: false });
  });

  test.each(["booting", "installed"] as const)(
    "stays as installed when instances are %s, whatever credentials an update has",
    async (phase) => {
      expect(await diff?.("credentials-mode", { mode: "manual" }, wish("mint", false, phase))).toEqual({ changes: false });
      expect(await diff?.("credentials-mode", { mode: "mint" }, wish("manual", false, phase))).toEqual({ changes: false });
      expect(await diff?.("credentials-mode", { mode: "mint" }, wish("mint", true, phase))).toEqual({ changes: false });
      await expect(diff?.("credentials-mode", { mode: "mint" }, wish("manual", true, phase))).rejects.toThrow(
        "credentialsMode can't become manual: the cluster was installed with mint",
      );
    },
  );

  test("is mint if the cluster was installed before the program had this resource", async () => {
    expect((await create(wish("manual", false, "installed"))).outs).toEqual({ mode: "mint" });
    await expect(create(wish("manual", true, "installed"))).rejects.toThrow("installed with mint");
  });
});

test("the key that signs tokens is a pair of 4096 bits, in the formats that the installer and the issuer read", async () => {
  const { publicKey = "", privateKey = "" } = (await signingKeyProvider.create({})).outs ?? {};
  expect(privateKey).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n/);
  expect(createPrivateKey(privateKey).asymmetricKeyDetails?.modulusLength).toBe(4096);
  expect(createPublicKey(privateKey).export({ type: "spki", format: "pem" })).toBe(publicKey);
});

test.each([
  ["", {}, /^ssh-ed25519 [A-Za-z0-9+/=]+ core$/],
  [" for FIPS mode", { fips: true as const }, /^ecdsa-sha2-nistp256 [A-Za-z0-9+/=]+ core$/],
])("a generated ssh key%s is a pair that OpenSSH reads, and each generated pair is different", async (_, inputs, form) => {
  const [one, other] = await Promise.all([sshKeyProvider.create(inputs), sshKeyProvider.create(inputs)]);
  expect(one.outs?.publicKey).toMatch(form);
  const [privateKey, publicKey] = [one.outs?.privateKey, one.outs?.publicKey].map((text) => utils.parseKey(text ?? ""));
  if (privateKey instanceof Error || publicKey instanceof Error) throw new Error("the provider did not return a valid key pair");
  expect(publicKey.verify("data", privateKey.sign("data"))).toBe(true);
  expect(other.outs?.publicKey).not.toBe(one.outs?.publicKey);
});

test("the provider generates an SSH key again if the library has left out a zero byte of the public key", () => {
  // A key that the library once generated: it left out the zero byte with which the public key begins.
  const cut = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAH8p2HwzQ7Lrm94ygzRA9vpAG8qHuVPtBoMbrzQ7nF30= core";
  const generate = jest.spyOn(utils, "generateKeyPairSync").mockReturnValueOnce({ public: cut, private: "" });
  expect(utils.parseKey(ed25519Pair(utils, "core").public)).not.toBeInstanceOf(Error);
  expect(generate).toHaveBeenCalledTimes(2);
  generate.mockRestore();
});
