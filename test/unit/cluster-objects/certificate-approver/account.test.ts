import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { load } from "js-yaml";
import { imageReference } from "../../../../config/container-images";
import { approverToken } from "../../../../cluster-objects/certificate-approver/account";
import { approverEnvironment, approverKubeconfig, approverManifests, approverUnit } from "../../../../ignition/certificate-approver";
import { proxyVariables } from "../../../../ignition/proxy-variables";
import { withInternalServerName } from "../../../../lib/kubernetes/kubeconfig";

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules?: readonly { readonly resources: string[]; readonly verbs: string[]; readonly resourceNames?: string[] }[];
}

describe("the approver's account", () => {
  const manifests = Object.entries(approverManifests());
  const objects = manifests.map(([, text]) => load(text) as Manifest);

  it("has manifests whose names sort in the order of their dependencies", () => {
    const inOrder = [...manifests].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, text]) => (load(text) as Manifest).kind);
    expect(inOrder).toEqual(["Namespace", "ServiceAccount", "Secret", "ClusterRole", "ClusterRoleBinding"]);
    expect(manifests.every(([path]) => /^manifests\/[\w-]+\.yaml$/.test(path))).toBe(true);
  });

  it("may only change approvals, and only for the two signers of kubelets' certificates", () => {
    const rules = objects.flatMap((object) => object.rules ?? []);
    expect(
      rules.flatMap(({ verbs, resources }) => (verbs.some((verb) => !["get", "list", "watch"].includes(verb)) ? resources : [])),
    ).toEqual(["certificatesigningrequests/approval", "signers"]);
    expect(rules.find(({ resources }) => resources.includes("signers"))?.resourceNames).toEqual([
      "kubernetes.io/kube-apiserver-client-kubelet",
      "kubernetes.io/kubelet-serving",
    ]);
    expect(JSON.stringify(rules)).not.toMatch(/"\*"|secrets/);
  });

  it("has a token in the Secret that the installer's script reads", () => {
    expect(objects.find(({ kind }) => kind === "Secret")?.metadata).toMatchObject(approverToken);
  });
});

describe("the approver's kubeconfig", () => {
  const admin = `
clusters: [{name: demo, cluster: {server: "https://api.demo.example.com:6443", certificate-authority-data: Y2E=}}]
users: [{name: admin, user: {client-certificate-data: Y2VydA==, client-key-data: a2V5}}]
`;

  it("has the server and CA of the administrator's kubeconfig and the account's token, but not the administrator's credentials", () => {
    const text = approverKubeconfig(admin, "aGVhZA.Ym9keQ.c2ln");
    expect(load(text)).toMatchObject({
      "current-context": "certificate-approver",
      clusters: [{ cluster: { server: "https://api.demo.example.com:6443", "certificate-authority-data": "Y2E=" } }],
      users: [{ user: { token: "aGVhZA.Ym9keQ.c2ln" } }],
    });
    expect(text).not.toMatch(/client-|a2V5|Y2VydA/);
  });

  it("checks the API's certificate for the internal name, as the administrator's kubeconfig does, so that any CA may sign the certificate of `api`", () => {
    const text = approverKubeconfig(withInternalServerName(admin, "demo.example.com"), "aGVhZA.Ym9keQ.c2ln");
    expect(load(text)).toMatchObject({
      clusters: [{ cluster: { server: "https://api.demo.example.com:6443", "tls-server-name": "api-int.demo.example.com" } }],
    });
  });

  it("is refused without a server or CA, and with an invalid token, which the error does not show", () => {
    expect(() => approverKubeconfig("clusters: []", "a.b.c")).toThrow(/names no server/);
    expect(() => approverKubeconfig("", "a.b.c")).toThrow(/names no server/);
    expect(() => approverKubeconfig(admin, "still base64=")).toThrow(/^(?!.*still base64).*decode it/);
  });
});

describe("the approver's systemd unit", () => {
  const unit = approverUnit({ directory: "/etc/certificate-approver" });

  const analyze = spawnSync("systemd-analyze", ["--version"]);
  const itWithSystemd = analyze.status === 0 ? it : it.skip;
  if (analyze.status !== 0) console.warn("skipped: there is no systemd-analyze to verify the approver's unit with");

  itWithSystemd("is one that systemd understands", () => {
    const directory = mkdtempSync(join(tmpdir(), "approver-unit-"));
    try {
      const file = join(directory, "certificate-approver.service");
      // podman may be missing on this machine, so another program takes its place. systemd must understand everything else.
      writeFileSync(file, unit.replace("/usr/bin/podman", "/bin/sh"));
      const { status, stderr } = spawnSync("systemd-analyze", ["verify", "--man=no", file], { encoding: "utf8" });
      expect(stderr.split("\n").filter((line) => line.includes("certificate-approver"))).toEqual([]);
      expect(status).toBe(0);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it("gives the approver's container one writable directory and no capabilities", () => {
    const flags = ["--read-only", "--cap-drop=all", "--security-opt=no-new-privileges", "--network=host"];
    for (const flag of [...flags, "--volume=/etc/certificate-approver:/etc/certificate-approver:ro,Z"]) expect(unit).toContain(` ${flag} `);
    expect(unit).toContain(" --volume=/var/lib/okd-certificate-approver:/var/lib/okd-certificate-approver:rw,Z ");
    expect(unit).toContain("\nStateDirectory=okd-certificate-approver\n");
    expect(unit.match(/--volume|--mount|--privileged/g)).toEqual(["--volume", "--volume"]);
    expect(unit).toContain(` ${imageReference("node")} `);
    // The variable is named without a value, so podman passes on the value from the environment file.
    expect(unit.match(/--env\S*/g)).toEqual(["--env=NODE_EXTRA_CA_CERTS"]);
  });

  it.each([
    { directory: "relative" },
    { directory: "/etc/a b" },
    { directory: '/etc/"' },
    { directory: "/etc/%n" },
    { directory: "/etc/x\nExecStartPre=/bin/sh" },
    { directory: "/etc/x:/root" },
    { directory: "/etc/../root" },
    { directory: "/a", image: "docker.io/library/node" },
    { directory: "/a", image: "docker.io/library/node:latest" },
    { directory: "/a", image: "docker.io/library/node:22 --privileged" },
  ])("is refused with invalid options: %j", (options) => {
    expect(() => approverUnit(options)).toThrow(/is not/);
  });
});

describe("the environment of the approver's systemd unit", () => {
  const configuration = {
    clusterDomain: "dev.okd.example.com",
    region: "us-east-1",
    network: { kind: "new", vpcCidr: "10.0.0.0/16", natGateways: "none", publicSubnets: true, interfaceEndpoints: ["ec2"] },
  } as const;

  test("has the configured proxy, and exempts the cluster, EC2's endpoint and the instance itself from it", () => {
    const proxy = { httpProxy: "http://proxy:3128", httpsProxy: "http://proxy:3129", noProxy: ".corp" };
    const lines = approverEnvironment(proxyVariables({ ...configuration, proxy }))
      .trimEnd()
      .split("\n");
    expect(lines.slice(0, 3)).toEqual([
      'HTTP_PROXY="http://proxy:3128"',
      'http_proxy="http://proxy:3128"',
      'HTTPS_PROXY="http://proxy:3129"',
    ]);
    const none = /^NO_PROXY="(.*)"$/.exec(lines[3])?.[1].split(",");
    expect(none).toEqual(
      expect.arrayContaining([".corp", ".dev.okd.example.com", "ec2.us-east-1.amazonaws.com", "169.254.169.254", "127.0.0.1"]),
    );
    expect(lines).toHaveLength(4);
  });

  test("is empty without a proxy", () => {
    expect(approverEnvironment(proxyVariables(configuration))).toBe("");
  });

  test("escapes the characters that systemd would interpret", () => {
    expect(approverEnvironment({ A: 'x"y\\z$HOME`id`' })).toBe('A="x\\"y\\\\z\\$HOME\\`id\\`"\n');
  });
});
