import { type BootContext, firstBoot, type Listening, type Permissions } from "../../../../sandbox/machines";
import { parseDocument } from "../../../../sandbox/machines/reading/permissions";
import { type Ca, makeCa } from "./certificates";
import { bootstrapServes, type BreakableSnapshot, bucket, domain, smallSnapshot, mustFind } from "./small-snapshot";

const made = new Date("2026-03-01T00:00:00Z");
const now = new Date("2026-03-01T06:00:00Z");
const tomorrow = new Date("2026-03-02T06:00:00Z");
const source = `s3://${bucket}/bootstrap.ign`;
const apiInt = `api-int.${domain}`;

let root: Ca;
let served: string;
let object: string;
beforeAll(async () => {
  root = await makeCa("root-ca", made);
  served = await root.issue(apiInt);
  const kubeconfig = { clusters: [{ cluster: { "certificate-authority-data": base64(root.certificate) } }] };
  object = ignitionConfig({
    "/opt/openshift/tls/root-ca.crt": root.certificate,
    "/opt/openshift/tls/machine-config-server.crt": served,
    "/opt/openshift/auth/kubeconfig-kubelet": JSON.stringify(kubeconfig),
  });
});

const base64 = (text: string) => Buffer.from(text).toString("base64");
const data = (text: string) => `data:text/plain;charset=utf-8;base64,${base64(text)}`;
const ignitionConfig = (files: Record<string, string>) =>
  JSON.stringify({
    ignition: { version: "3.2.0" },
    storage: { files: Object.entries(files).map(([path, content]) => ({ path, contents: { source: data(content) } })) },
  });
const objectPointer = (more: object = {}) => JSON.stringify({ ignition: { version: "3.1.0", config: { replace: { source } }, ...more } });
const serverPointer = (authority: string, url = `https://${apiInt}:22623/config/master`) =>
  JSON.stringify({
    ignition: {
      version: "3.2.0",
      config: { merge: [{ source: url }] },
      security: { tls: { certificateAuthorities: [{ source: data(authority) }] } },
    },
  });

const permissions = (...statements: object[]): Permissions => ({
  roleName: "demo-1-bootstrap-role",
  roleArn: "arn:aws:iam::123456789012:role/demo-1-bootstrap-role",
  policies: { "demo-1-bootstrap-policy": parseDocument(JSON.stringify({ Statement: statements })) },
});
const readsObject = { Effect: "Allow", Action: ["s3:GetObject"], Resource: `arn:aws:s3:::${bucket}/bootstrap.ign` };

interface Case {
  machine?: string;
  userData?: string;
  change?: (snapshot: BreakableSnapshot) => unknown;
  context?: Partial<BootContext>;
}

/** Runs the first boot of an instance in the small snapshot, after one change of the snapshot. */
async function boot({ machine = "i-bootstrap", userData = objectPointer(), change, context }: Case) {
  const snapshot = smallSnapshot();
  snapshot.userDataOf = () => Promise.resolve(base64(userData));
  snapshot.permissionsOf = () => Promise.resolve(permissions(readsObject));
  change?.(snapshot);
  const listening: Listening = (id, port) => {
    const service = bootstrapServes(id, port);
    return service && { ...service, certificate: served };
  };
  return firstBoot(snapshot, mustFind(snapshot.instances, machine), {
    s3Get: (name, key) => Promise.resolve(name === bucket && key === "bootstrap.ign" ? object : undefined),
    now,
    listening,
    validate: (text) => Promise.resolve(text.startsWith("{") ? undefined : "invalid character"),
    ...context,
  });
}

async function hangs(wrong: Case): Promise<string> {
  const booted = await boot(wrong);
  return "hangs" in booted ? booted.hangs : `fetched ${booted.fetched}`;
}

test("the bootstrap instance reads its config from the S3 object", async () => {
  expect(await boot({})).toEqual({ fetched: "object", ignition: object });
});

test("a control plane instance reads its config from the machine config server", async () => {
  const userData = serverPointer(root.certificate);
  expect(await boot({ machine: "i-master", userData })).toEqual({ fetched: "machine-config-server", role: "master", from: "i-bootstrap" });
});

test("an instance uses a complete config in its user data", async () => {
  const userData = ignitionConfig({ "/etc/motd": "hello" });
  expect(await boot({ machine: "i-worker", userData })).toEqual({ fetched: "user-data", ignition: userData });
});

describe("the bootstrap instance hangs, with the reason:", () => {
  const breaks: [what: string, wrong: Case, sentence: string][] = [
    ["unknown AMI", { change: (snapshot) => snapshot.images.pop() }, "the AMI ami-1 of i-bootstrap does not exist in us-east-1"],
    [
      "AMI that does not belong to the release",
      { context: { releaseImages: ["ami-2"] } },
      "i-bootstrap was started from ami-1 (scos), which is neither an AMI of the release nor a copy of one",
    ],
    [
      "no metadata service",
      { change: (snapshot) => (snapshot.instances[0].metadataService = false) },
      "the instance metadata service of i-bootstrap is disabled",
    ],
    ["no user data", { change: (snapshot) => (snapshot.userDataOf = () => Promise.resolve(undefined)) }, "i-bootstrap has no user data"],
    [
      "user data that is not a config",
      { userData: "#!/bin/sh" },
      "the user data of i-bootstrap is not a valid ignition config: invalid character",
    ],
    [
      "no profile",
      { change: (snapshot) => delete snapshot.instances[0].profileArn },
      `i-bootstrap has no instance profile, so no credentials to read ${source}`,
    ],
    [
      "profile without a role",
      { change: (snapshot) => (snapshot.permissionsOf = () => Promise.resolve(undefined)) },
      "the instance profile arn:aws:iam::123456789012:instance-profile/demo-1-bootstrap-profile of i-bootstrap is gone or has no role",
    ],
    [
      "role without the permission",
      {
        change: (snapshot) =>
          (snapshot.permissionsOf = () => Promise.resolve(permissions({ Effect: "Allow", Action: "ec2:*", Resource: "*" }))),
      },
      `can't fetch ${source}: role demo-1-bootstrap-role may not s3:GetObject on arn:aws:s3:::${bucket}/bootstrap.ign: no statement of demo-1-bootstrap-policy allows it`,
    ],
    [
      "bucket that admits only another endpoint",
      {
        change: (snapshot) =>
          (snapshot.bucketPolicyOf = () =>
            Promise.resolve(
              parseDocument(
                '{"Statement":{"Sid":"Inside","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEquals":{"aws:sourceVpce":"vpce-2"}}}}',
              ),
            )),
      },
      `the policy of arn:aws:s3:::${bucket}/bootstrap.ign denies it (Inside)`,
    ],
    [
      "no egress to S3",
      {
        change: (snapshot) => {
          snapshot.endpoints = [];
          mustFind(snapshot.routeTables, "rtb-public").routes = [];
        },
      },
      `can't fetch ${source}: rtb-public of subnet-public has no VPC endpoint of com.amazonaws.us-east-1.s3, and i-bootstrap can't reach the internet`,
    ],
    ["no object", { context: { s3Get: () => Promise.resolve(undefined) } }, `can't fetch ${source}: there is no such object`],
    [
      "object that is not a config",
      { context: { s3Get: () => Promise.resolve("<html>") } },
      `${source} is not a valid ignition config: invalid character`,
    ],
    [
      "config with an expired certificate",
      { context: { now: tomorrow } },
      "bootstrap.ign can no longer start a cluster: /opt/openshift/tls/machine-config-server.crt: the certificate CN=system:machine-config-server expired at 2026-03-02T00:00:00.000Z",
    ],
    [
      "config with a certificate that is not valid yet",
      { context: { now: new Date("2026-02-28T00:00:00Z") } },
      "is not valid before 2026-03-01T00:00:00.000Z",
    ],
    [
      "no egress to the images",
      { change: (snapshot) => (mustFind(snapshot.routeTables, "rtb-public").routes = []) },
      "has its ignition config and no proxy, but can't pull the release's images: i-bootstrap can't reach the internet: rtb-public, the route table of subnet-public, has no route to 0.0.0.0/0",
    ],
  ];
  it.each(breaks)("%s", async (_, wrong, sentence) => {
    expect(await hangs(wrong)).toContain(sentence);
  });

  it("an outdated certificate in a kubeconfig", async () => {
    const old = await makeCa("kubelet-signer", new Date("2015-01-01T00:00:00Z"));
    const kubeconfig = { users: [{ user: { "client-certificate-data": base64(old.certificate) } }] };
    const stale = ignitionConfig({ "/opt/openshift/auth/kubeconfig-kubelet": JSON.stringify(kubeconfig) });
    expect(await hangs({ context: { s3Get: () => Promise.resolve(stale) } })).toContain(
      "/opt/openshift/auth/kubeconfig-kubelet: the certificate CN=kubelet-signer expired at",
    );
  });
});

describe("a control plane instance hangs, with the reason:", () => {
  const fetching = async (wrong: Case) => hangs({ machine: "i-master", userData: serverPointer(root.certificate), ...wrong });
  const url = `https://${apiInt}:22623/config/master`;

  it("the API's internal name does not resolve", async () => {
    expect(await fetching({ change: (snapshot) => (mustFind(snapshot.zones, "ZPRIVATE").records = []) })).toBe(
      `can't fetch ${url}: the private zone ${domain} (ZPRIVATE) has no record ${apiInt}`,
    );
  });

  it("its user data trusts another CA", async () => {
    const other = await makeCa("root-ca", made);
    expect(await fetching({ userData: serverPointer(other.certificate) })).toMatch(
      /^does not trust the machine config server on i-bootstrap: its certificate CN=system:machine-config-server, issued by CN=root-ca, is not signed by the CA in the user data/,
    );
    expect(await fetching({ userData: serverPointer("") })).toContain("is not signed by the CA in the user data (there is none)");
  });

  it("the server's certificate is for another name, or expired", async () => {
    const other = await root.issue(`api.${domain}`);
    const listening: Listening = (id, port) => {
      const service = bootstrapServes(id, port);
      return service && { ...service, certificate: other };
    };
    expect(await fetching({ context: { listening } })).toContain(`is not for ${apiInt}, but for DNS:api.${domain}`);
    expect(await fetching({ context: { now: tomorrow } })).toContain("the certificate CN=system:machine-config-server expired at");
  });

  it("the server has no config for its role", async () => {
    const userData = serverPointer(root.certificate, url.replace("master", "worker"));
    expect(await fetching({ userData })).toBe(`can't fetch ${url.replace("master", "worker")}: i-bootstrap answers with 404`);
  });

  it("its user data names another source for the config", async () => {
    const userData = serverPointer(root.certificate, "https://example.com/master.ign");
    expect(await fetching({ userData })).toBe(
      "the user data names the source https://example.com/master.ign, which is neither an object in S3 nor a config of the machine config server",
    );
  });

  it("it cannot pull images, unless the cluster has a proxy", async () => {
    const change = (snapshot: BreakableSnapshot) => snapshot.natGateways.pop();
    expect(await fetching({ change })).toContain("can't pull the release's images: i-master can't reach the internet");
    expect(await fetching({ change, context: { hasProxy: true } })).toBe("fetched machine-config-server");
  });
});

test("behind a proxy, the bootstrap instance needs no egress", async () => {
  const change = (snapshot: BreakableSnapshot) => (mustFind(snapshot.routeTables, "rtb-public").routes = []);
  const userData = objectPointer({ proxy: { httpsProxy: "http://proxy.example.com:3128" } });
  expect(await hangs({ change, userData })).toBe("fetched object");
  const proxied = ignitionConfig({ "/etc/profile.d/proxy.sh": 'export HTTPS_PROXY="http://proxy.example.com:3128"\n' });
  expect(await hangs({ change, context: { s3Get: () => Promise.resolve(proxied) } })).toBe("fetched object");
});

describe("a cluster with mirrored images", () => {
  const registry = `registry.${domain}:5000`;
  const withMirror = (policy: string) =>
    ignitionConfig({
      "/opt/openshift/manifests/image-digest-mirror-set.yaml": JSON.stringify({
        kind: "ImageDigestMirrorSet",
        spec: { imageDigestMirrors: [{ source: "quay.io/okd", mirrors: [`${registry}/openshift/release`], mirrorSourcePolicy: policy }] },
      }),
    });
  /** The bootstrap instance in a snapshot with a registry, with one change. */
  const booting = (policy: string, change: (snapshot: BreakableSnapshot) => unknown = () => undefined, serves = true) => {
    const listening: Listening = (id, port) =>
      serves && id === "i-host" && port === 5000 ? { protocol: "https", statusOf: () => 401 } : bootstrapServes(id, port);
    const given = (snapshot: BreakableSnapshot) => {
      const group = {
        ...mustFind(snapshot.securityGroups, "sg-worker"),
        id: "sg-host",
        ingress: [{ protocol: "tcp", ports: [5000, 5000] as [number, number], cidrs: ["10.0.0.0/16"], groupIds: [], prefixListIds: [] }],
      };
      snapshot.securityGroups.push(group);
      snapshot.instances.push({
        ...mustFind(snapshot.instances, "i-worker"),
        id: "i-host",
        privateIp: "10.0.16.30",
        groupIds: ["sg-host"],
      });
      mustFind(snapshot.zones, "ZPRIVATE").records.push({ name: `registry.${domain}`, type: "A", values: ["10.0.16.30"] });
      change(snapshot);
    };
    return hangs({ change: given, context: { s3Get: () => Promise.resolve(withMirror(policy)), listening } });
  };
  const cutOff = (snapshot: BreakableSnapshot) => (mustFind(snapshot.routeTables, "rtb-public").routes = []);

  test("an instance without egress to the internet boots from the mirror", async () => {
    expect(await booting("NeverContactSource", cutOff)).toBe("fetched object");
    expect(await booting("AllowContactingSource", cutOff)).toBe("fetched object");
  });

  test("an instance needs a working mirror if its policy allows only the mirror, or if it has no egress to the internet", async () => {
    const wrong = `its mirror ${registry}: nothing listens on port 5000 of i-host`;
    expect(await booting("NeverContactSource", undefined, false)).toBe(
      `has its ignition config and no proxy, but can't pull the release's images: ${wrong}`,
    );
    expect(await booting("AllowContactingSource", undefined, false)).toBe("fetched object");
    expect(await booting("AllowContactingSource", cutOff, false)).toMatch(/no route to 0\.0\.0\.0\/0; its mirror .* nothing listens/);
  });

  test.each<[string, (snapshot: BreakableSnapshot) => unknown, RegExp]>([
    [
      "the registry's name",
      (snapshot) => mustFind(snapshot.zones, "ZPRIVATE").records.pop(),
      /the private zone demo\.example\.com \(ZPRIVATE\) has no record registry\.demo/,
    ],
    ["the rule that lets nodes in", (snapshot) => (mustFind(snapshot.securityGroups, "sg-host").ingress = []), /i-host: .*sg-host/],
    ["the host", (snapshot) => snapshot.instances.pop(), /no instance in vpc-1 has the address 10\.0\.16\.30/],
  ])("no image is pulled without %s", async (_, change, sentence) => {
    expect(await booting("NeverContactSource", change)).toMatch(sentence);
  });

  test("nodes use the mirrors of the bootstrap instance's config", async () => {
    const mirrors = { registries: [registry], only: true };
    const userData = serverPointer(root.certificate);
    expect(await hangs({ machine: "i-master", userData, context: { mirrors } })).toContain(`has no record registry.${domain}`);
  });

  test("an installer host whose images are in S3 needs egress only to S3", async () => {
    const archived = JSON.stringify({
      ignition: { version: "3.2.0" },
      storage: { files: [{ path: "/var/lib/okd-images/aws-cli.tar", contents: { source: "s3://okd-archive/images/aws-cli.tar" } }] },
    });
    const context = { s3Get: () => Promise.resolve(archived) };
    expect(await hangs({ change: cutOff, context })).toBe("fetched object");
  });
});

test("an instance boots from a copy of a release's AMI", async () => {
  const change = (snapshot: BreakableSnapshot) => (snapshot.images[0].sourceImageId = "ami-2");
  expect(await hangs({ change, context: { releaseImages: ["ami-2"] } })).toBe("fetched object");
});
