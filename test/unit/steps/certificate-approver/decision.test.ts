import { Extension } from "@peculiar/x509";
import fc from "fast-check";
import { decideOnRequest, type ClusterInstance, type DecisionParameters } from "../../../../steps/certificate-approver/decision";
import { type CertificateRequest, largestRequest, type Reason } from "../../../../steps/certificate-approver/request";
import { clientRequest, encoded, pkcs10, servingRequest } from "./certificate-requests";

// Making keys and signatures takes seconds on a busy machine.
jest.setTimeout(60_000);

const now = new Date("2026-03-01T12:00:00Z");
const parameters: DecisionParameters = {
  infraId: "demo-x7k2p",
  vpcId: "vpc-0a1",
  oldestMachineSeconds: 7200,
  notNodes: ["demo-x7k2p-bootstrap"],
};

function machine(number: number, changes: Partial<ClusterInstance> = {}): ClusterInstance {
  const name = `ip-10-0-0-${number}.ec2.internal`;
  return {
    id: `i-${number}`,
    nodeNames: [name],
    state: "running",
    vpcId: "vpc-0a1",
    tags: { "kubernetes.io/cluster/demo-x7k2p": "shared", Name: `demo-x7k2p-worker-${number}` },
    launched: new Date(now.getTime() - 600_000),
    names: [name],
    addresses: [`10.0.0.${number}`, `10.0.9.${number}`],
    ...changes,
  };
}

const machines = [
  machine(1),
  machine(2),
  machine(3, { state: "shutting-down" }),
  machine(4, { launched: new Date(now.getTime() - 7201_000) }),
  machine(5, { tags: { "kubernetes.io/cluster/other-11111": "owned", Name: "other" } }),
  machine(6, { vpcId: "vpc-0b2" }),
  machine(7, { tags: { "kubernetes.io/cluster/demo-x7k2p": "shared", Name: "demo-x7k2p-bootstrap" } }),
  machine(8, { nodeNames: ["twins.ec2.internal"] }),
  machine(9, { nodeNames: ["twins.ec2.internal"] }),
];
const one = "ip-10-0-0-1.ec2.internal";
const two = "ip-10-0-0-2.ec2.internal";
const own = [
  { type: "dns" as const, value: one },
  { type: "ip" as const, value: "10.0.0.1" },
];

const decideOn = (request: CertificateRequest, nodes: readonly string[] = [two]) =>
  decideOnRequest(request, machines, new Set(nodes), now, parameters);

describe("the approver approves", () => {
  const good: [string, () => Promise<CertificateRequest>][] = [
    ["a new instance's client request", () => clientRequest(one)],
    [
      "a client request with the usages of an RSA key",
      async () => ({ ...(await clientRequest(one)), usages: ["key encipherment", "digital signature", "client auth"] }),
    ],
    ["a serving request for name and address", () => servingRequest(one, own)],
    ["a request for one address of a second interface", () => servingRequest(one, [{ type: "ip", value: "10.0.9.1" }])],
    ["for a name only", () => servingRequest(one, own.slice(0, 1))],
    [
      "a serving request of an instance that is not new any more",
      () => servingRequest("ip-10-0-0-4.ec2.internal", [{ type: "ip", value: "10.0.0.4" }]),
    ],
    ["a serving request of an existing node, which is the usual case", () => servingRequest(two, [{ type: "dns", value: two }])],
  ];
  test.each(good)("%s", async (_, make) => {
    expect(await decideOn(await make())).toMatchObject({ approved: true });
  });
});

describe("the approver refuses", () => {
  const forged: [string, Reason, () => Promise<CertificateRequest>][] = [
    ["another signer", "WrongSigner", async () => ({ ...(await clientRequest(one)), signerName: "kubernetes.io/kube-apiserver-client" })],
    ["a property of every object as the signer", "WrongSigner", async () => ({ ...(await clientRequest(one)), signerName: "constructor" })],
    ["a client request by somebody else", "WrongRequestor", async () => ({ ...(await clientRequest(one)), username: "system:admin" })],
    [
      "a client request by another service account",
      "WrongRequestor",
      async () => ({ ...(await clientRequest(one)), username: "system:serviceaccount:default:node-bootstrapper" }),
    ],
    [
      "a serving request by the bootstrapper",
      "WrongRequestor",
      async () => ({ ...(await servingRequest(one, own)), username: (await clientRequest(one)).username }),
    ],
    [
      "a serving request by a node without a name",
      "WrongRequestor",
      async () => ({ ...(await servingRequest("", own)), username: "system:node:" }),
    ],
    [
      "a node's renewal of its own client certificate",
      "ClientRenewal",
      async () => ({ ...(await clientRequest(one)), username: `system:node:${one}`, groups: ["system:nodes", "system:authenticated"] }),
    ],
    [
      "a bootstrapper with one more group",
      "WrongGroups",
      async () => withGroups(await clientRequest(one), (groups) => [...groups, "system:masters"]),
    ],
    ["a bootstrapper with one group less", "WrongGroups", async () => withGroups(await clientRequest(one), (groups) => groups.slice(1))],
    ["a node without system:nodes", "WrongGroups", async () => withGroups(await servingRequest(one, own), () => ["system:authenticated"])],
    [
      "one usage more",
      "WrongUsages",
      async () => ({ ...(await clientRequest(one)), usages: ["digital signature", "client auth", "server auth"] }),
    ],
    [
      "a certificate authority's usage",
      "WrongUsages",
      async () => ({ ...(await servingRequest(one, own)), usages: ["digital signature", "server auth", "cert sign"] }),
    ],
    [
      "the other signer's usages",
      "WrongUsages",
      async () => ({ ...(await clientRequest(one)), usages: ["digital signature", "server auth"] }),
    ],
    ["no usage", "WrongUsages", async () => ({ ...(await clientRequest(one)), usages: [] })],
    ["no PEM", "Unreadable", async () => ({ ...(await clientRequest(one)), request: encoded("hello") })],
    [
      "a second request after the first",
      "Unreadable",
      async () => ({ ...(await clientRequest(one)), request: encoded((await pkcs10(one)) + (await pkcs10(two))) }),
    ],
    [
      "a PEM block without a request",
      "Unreadable",
      async () => ({
        ...(await clientRequest(one)),
        request: encoded("-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n"),
      }),
    ],
    ["a request of more than 16 KiB", "TooLarge", async () => ({ ...(await clientRequest(one)), request: "A".repeat(largestRequest + 1) })],
    ["a request that was dropped before it was read", "TooLarge", async () => ({ ...(await clientRequest(one)), request: undefined })],
    ["an invalid signature", "BadSignature", async () => ({ ...(await clientRequest(one)), request: await withBrokenSignature(one) })],
    [
      "a subject changed after signing",
      "BadSignature",
      async () => ({ ...(await clientRequest(one)), request: await withChangedSubject(two, one) }),
    ],
    [
      "another organization",
      "WrongSubject",
      () => clientRequest(one, { subject: [{ O: ["system:masters"] }, { CN: [`system:node:${one}`] }] }),
    ],
    [
      "one organization more",
      "WrongSubject",
      () => clientRequest(one, { subject: [{ O: ["system:nodes"] }, { O: ["system:masters"] }, { CN: [`system:node:${one}`] }] }),
    ],
    [
      "one more organization in the same part of the subject",
      "WrongSubject",
      () => clientRequest(one, { subject: [{ O: ["system:nodes", "system:masters"] }, { CN: [`system:node:${one}`] }] }),
    ],
    [
      "two names",
      "WrongSubject",
      () => clientRequest(one, { subject: [{ O: ["system:nodes"] }, { CN: [`system:node:${one}`] }, { CN: ["system:admin"] }] }),
    ],
    [
      "another attribute in the subject",
      "WrongSubject",
      () => clientRequest(one, { subject: [{ O: ["system:nodes"] }, { OU: ["x"] }, { CN: [`system:node:${one}`] }] }),
    ],
    ["no organization", "WrongSubject", () => clientRequest(one, { subject: [{ CN: [`system:node:${one}`] }] })],
    ["a user's name", "WrongSubject", () => clientRequest(one, { subject: [{ O: ["system:nodes"] }, { CN: ["system:admin"] }] })],
    ["no node's name", "WrongSubject", () => clientRequest("")],
    [
      "node A asks for node B",
      "OtherNode",
      async () => ({ ...(await servingRequest(two, [{ type: "ip", value: "10.0.0.2" }])), username: `system:node:${one}` }),
    ],
    ["another extension", "UnexpectedExtension", () => servingRequest(one, own, { extensions: [certificateAuthority()] })],
    ["another extension alone", "UnexpectedExtension", () => clientRequest(one, { extensions: [certificateAuthority()] })],
    ["a client certificate with a name", "UnexpectedNames", () => clientRequest(one, { alternatives: own })],
    ["an e-mail address", "UnexpectedNames", () => servingRequest(one, [...own, { type: "email", value: "a@example.com" }])],
    ["a URI", "UnexpectedNames", () => servingRequest(one, [...own, { type: "url", value: "spiffe://cluster/admin" }])],
    ["no name at all", "NoNames", () => servingRequest(one, [])],
    ["no alternative names", "NoNames", async () => ({ ...(await servingRequest(one, own)), request: encoded(await pkcs10(one)) })],
    ["no such instance", "NoSuchMachine", () => clientRequest("ip-10-0-0-99.ec2.internal")],
    ["an instance by its short name", "NoSuchMachine", () => clientRequest("ip-10-0-0-1")],
    ["another cluster's instance", "NoSuchMachine", () => clientRequest("ip-10-0-0-5.ec2.internal")],
    ["an instance in another VPC", "NoSuchMachine", () => clientRequest("ip-10-0-0-6.ec2.internal")],
    ["a name that two instances have", "AmbiguousMachine", () => clientRequest("twins.ec2.internal")],
    ["an instance being terminated", "MachineNotRunning", () => clientRequest("ip-10-0-0-3.ec2.internal")],
    [
      "a serving request while terminating",
      "MachineNotRunning",
      () => servingRequest("ip-10-0-0-3.ec2.internal", [{ type: "ip", value: "10.0.0.3" }]),
    ],
    ["the bootstrap instance", "NotANode", () => clientRequest("ip-10-0-0-7.ec2.internal")],
    ["a node that exists", "NodeExists", () => clientRequest(two)],
    ["an instance that is too old", "MachineTooOld", () => clientRequest("ip-10-0-0-4.ec2.internal")],
    [
      "another name in addition to its own",
      "ForeignName",
      () => servingRequest(one, [...own, { type: "dns", value: "api-int.demo.example.com" }]),
    ],
    ["a wildcard", "ForeignName", () => servingRequest(one, [{ type: "dns", value: "*.ec2.internal" }])],
    ["another address in addition to its own", "ForeignAddress", () => servingRequest(one, [...own, { type: "ip", value: "192.0.2.1" }])],
    ["another instance's address", "ForeignAddress", () => servingRequest(one, [...own, { type: "ip", value: "10.0.0.2" }])],
    ["its own address in another notation", "ForeignAddress", () => servingRequest(one, [{ type: "ip", value: "::ffff:10.0.0.1" }])],
  ];
  test.each(forged)("%s, with the reason %s", async (_, reason, make) => {
    expect(await decideOn(await make())).toMatchObject({ approved: false, reason });
  });

  it("any request with a short reason on one line", async () => {
    const decision = await decideOn({ ...(await clientRequest(one)), signerName: `x\n${"y".repeat(10_000)}` });
    expect(decision.message.length).toBeLessThan(500);
    expect(decision.message).not.toContain("\n");
  });
});

describe("a request with one changed field", () => {
  // The library that makes the requests interprets quotes and hashes, so the texts contain none.
  const text = fc.stringMatching(/^[^"#\\]{1,40}$/);
  const list = (good: readonly string[]) =>
    fc.oneof(
      text.filter((more) => !good.includes(more)).map((more) => [...good, more]),
      fc.nat(good.length - 1).map((left) => good.filter((_, index) => index !== left)),
      fc
        .tuple(fc.nat(good.length - 1), text)
        .filter(([at, other]) => !good.includes(other) && good[at] !== other)
        .map(([at, other]) => good.with(at, other)),
    );
  const other = (good: string) => text.filter((each) => each !== good);

  test.each([
    ["client", () => clientRequest(one)],
    ["serving", () => servingRequest(one, own)],
  ])("is refused, of the kind %s", async (_, make) => {
    const good = await make();
    expect(await decideOn(good)).toMatchObject({ approved: true });
    const change = fc.oneof(
      other(good.signerName).map((signerName) => ({ signerName })),
      other(good.username).map((username) => ({ username })),
      list(good.groups).map((groups) => ({ groups })),
      list(good.usages).map((usages) => ({ usages })),
      // One changed bit in the signed part: in the version, the subject, the key or the attributes.
      fc.nat().map((bit) => ({ request: flipped(good.request ?? "", bit) })),
    );
    await fc.assert(
      fc.asyncProperty(change, async (changed) => {
        expect(await decideOn({ ...good, ...changed })).toMatchObject({ approved: false });
      }),
      { numRuns: 150 },
    );
  });

  it("is refused if the signed part differs", async () => {
    const change = fc.oneof(
      text.filter((name) => name !== one).map((name) => servingRequest(one, [...own, { type: "dns" as const, value: name }])),
      fc
        .ipV4()
        .filter((ip) => !machines[0].addresses.includes(ip))
        .map((value) => servingRequest(one, [...own, { type: "ip" as const, value }])),
      text
        .filter((organization) => organization !== "system:nodes")
        .map((O) => clientRequest(one, { subject: [{ O: [O] }, { CN: [`system:node:${one}`] }] })),
      text.filter((name) => name !== one).map((name) => clientRequest(name)),
    );
    await fc.assert(
      fc.asyncProperty(change, async (request) => {
        expect(await decideOn(await request)).toMatchObject({ approved: false });
      }),
      { numRuns: 60 },
    );
  });
});

function withGroups(request: CertificateRequest, change: (groups: readonly string[]) => string[]): CertificateRequest {
  return { ...request, groups: change(request.groups) };
}

/** `basicConstraints: CA:TRUE`, in DER. */
function certificateAuthority(): Extension {
  return new Extension("2.5.29.19", true, Uint8Array.from([0x30, 0x03, 0x01, 0x01, 0xff]));
}

function derOf(pem: string): Buffer {
  return Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ""), "base64");
}

function encodedDer(der: Buffer): string {
  return encoded(`-----BEGIN CERTIFICATE REQUEST-----\n${der.toString("base64")}\n-----END CERTIFICATE REQUEST-----\n`);
}

async function withBrokenSignature(node: string): Promise<string> {
  const der = derOf(await pkcs10(node));
  der[der.length - 1] ^= 1;
  return encodedDer(der);
}

async function withChangedSubject(from: string, to: string): Promise<string> {
  const der = derOf(await pkcs10(from));
  der.write(to, der.indexOf(from), "latin1");
  return encodedDer(der);
}

/** Flips one bit in the signed part: the first part of SEQUENCE { SEQUENCE { signed part }, algorithm, signature }. */
function flipped(request: string, bit: number): string {
  const der = derOf(Buffer.from(request, "base64").toString("latin1"));
  const lengthOfHeader = (at: number): number => (der[at + 1] < 0x80 ? 2 : 2 + (der[at + 1] & 0x7f));
  const start = lengthOfHeader(0);
  const length = der.readUIntBE(start + 2, lengthOfHeader(start) - 2);
  const at = start * 8 + (bit % ((lengthOfHeader(start) + length) * 8));
  der[at >> 3] ^= 1 << (at & 7);
  return encodedDer(der);
}
