/**
 * What is made once and kept in the state: the dynamic providers, called as the engine calls them. That the engine serializes them, and keeps what
 * they answer, is not proven here but by the engine tests.
 */
import { utils } from "ssh2";
import { identityProvider } from "../../components/cluster-identity";
import { sshKeyProvider } from "../../components/generated-ssh-key";
import { foundRoleTagsProvider } from "../../components/network/found-role-tags";
import { suffixAlphabet } from "../../ignition/infra-id";

describe("the cluster's identity", () => {
  const inputs = { prefix: "dev", clusterDomain: "dev.okd.example.com" };

  test("is drawn anew for every cluster, in characters that names may have", async () => {
    const made = await Promise.all(Array.from({ length: 50 }, () => identityProvider.create(inputs)));
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

  const { diff } = identityProvider;
  const olds = { ...inputs, infraId: "dev-x7k2q", clusterId: "7c0e7b3e-0000-4000-8000-000000000000" };

  test("stays while nothing that it stands for changes", async () => {
    expect(await diff?.("dev-x7k2q", olds, inputs)).toEqual({ changes: false });
  });

  test.each([
    ["another name", { prefix: "prod", clusterDomain: "prod.okd.example.com" }],
    ["another base domain, under which its machines would no longer be found", { prefix: "dev", clusterDomain: "dev.example.org" }],
    ["a name that differs beyond what the infraID shows", { prefix: "dev", clusterDomain: "dev-of-a-long-name-b.okd.example.com" }],
  ])("can't be given %s", async (_, news) => {
    await expect(diff?.("dev-x7k2q", olds, news)).rejects.toThrow(
      `the cluster dev-x7k2q can't become ${news.clusterDomain}: dev.okd.example.com is part of its certificates`,
    );
  });
});

describe("the role tags that were found", () => {
  const { create, update, diff } = foundRoleTagsProvider;
  const a = "subnet-a";
  const b = "subnet-b";

  test("are those of the first look; later looks see this cluster's own", async () => {
    const first = { subnetIds: [a, b], tagged: [a] };
    expect((await create(first)).outs).toEqual(first);
    expect(await diff?.("found-role-tags", first, { subnetIds: [a, b], tagged: [a, b] })).toEqual({ changes: false });
  });

  test("of a subnet that comes later are looked at then, and of one that goes are forgotten", async () => {
    const c = "subnet-c";
    const olds = { subnetIds: [a, b], tagged: [a] };
    const news = { subnetIds: [b, c], tagged: [b, c] };
    expect(await diff?.("found-role-tags", olds, news)).toEqual({ changes: true });
    expect((await update?.("found-role-tags", olds, news))?.outs).toEqual({ subnetIds: [b, c], tagged: [c] });
  });
});

test("a generated ssh key is a pair that OpenSSH reads, another one each time", async () => {
  const [one, other] = await Promise.all([sshKeyProvider.create({}), sshKeyProvider.create({})]);
  expect(one.outs?.publicKey).toMatch(/^ssh-ed25519 [A-Za-z0-9+/=]+ core$/);
  const [privateKey, publicKey] = [one.outs?.privateKey, one.outs?.publicKey].map((text) => utils.parseKey(text ?? ""));
  if (privateKey instanceof Error || publicKey instanceof Error) throw new Error("not a key");
  expect(publicKey.verify("data", privateKey.sign("data"))).toBe(true);
  expect(other.outs?.publicKey).not.toBe(one.outs?.publicKey);
});
