import { dump, load } from "js-yaml";
import { parseConfiguration } from "../../../config/parse";
import { manifestsIn } from "../../../ignition/bootstrap-config";
import { renderInstallConfig } from "../../../ignition/install-config";
import { assertNothingForbidden, patchManifests, type PatchOptions } from "../../../ignition/manifest-patches";
import { bootstrapPointer } from "../../../ignition/pointer";
import { IN_EXISTING_VPC, withKeys } from "../config/fixture";
import { CERTIFICATE } from "../config/key-material";

const OPENSHIFT = {
  distribution: "openshift",
  release: "4.19.3",
  releaseImage: "mirror.example.com/ocp/release:4.19.3",
  pullSecret: '{"auths":{"mirror.example.com":{"auth":"dXNlcjpwYXNz"}}}',
};
const zones = ["us-east-1a", "us-east-1b", "us-east-1c"];

describe("the install-config", () => {
  const render = (keys: Readonly<Record<string, unknown>>) =>
    load(
      renderInstallConfig(parseConfiguration(withKeys(keys)), {
        sshPublicKey: "ssh-ed25519 AAAA core",
        zones,
        credentialsMode: "mint",
      }),
    ) as Record<string, unknown>;

  test("contains the fields that the installer needs, but names no AWS resources, because the installer would look these up", () => {
    const platform = { aws: { type: "m6i.xlarge", zones } };
    expect(render({ workerCount: 3 })).toEqual({
      apiVersion: "v1",
      metadata: { name: "dev" },
      baseDomain: "okd.example.com",
      controlPlane: { name: "master", replicas: 3, platform, architecture: "amd64" },
      compute: [{ name: "worker", replicas: 3, platform, architecture: "amd64" }],
      networking: {
        networkType: "OVNKubernetes",
        machineNetwork: [{ cidr: "10.0.0.0/16" }],
        clusterNetwork: [{ cidr: "10.128.0.0/14", hostPrefix: 23 }],
        serviceNetwork: ["172.30.0.0/16"],
      },
      platform: { aws: { region: "us-east-1" } },
      publish: "External",
      credentialsMode: "Mint",
      pullSecret: '{"auths":{"fake":{"auth":"aWQ6cGFzcwo="}}}',
      sshKey: "ssh-ed25519 AAAA core",
    });
  });

  test.each<[string, Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>]>([
    ["infra nodes count as workers", { workerCount: 2, infraCount: 3 }, { "compute.0.replicas": 5 }],
    ["a compact cluster has none", { workerCount: 0 }, { "compute.0.replicas": 0, "controlPlane.replicas": 3 }],
    [
      "Graviton machines, in both pools",
      { masterInstanceType: "m7g.xlarge", workerInstanceType: "c7g.2xlarge" },
      { "controlPlane.architecture": "arm64", "compute.0.architecture": "arm64", "compute.0.platform.aws.type": "c7g.2xlarge" },
    ],
    [
      "the user's tags, which the cluster's operators get, too",
      { tags: { team: "platform" } },
      { "platform.aws.userTags": { team: "platform" }, "platform.aws.propagateUserTags": true },
    ],
    ["FIPS mode", { ...OPENSHIFT, fips: true }, { fips: true }],
    [
      "the capabilities that are left out of the release",
      { baselineCapabilitySet: "v4.18", additionalEnabledCapabilities: ["Console"] },
      { capabilities: { baselineCapabilitySet: "v4.18", additionalEnabledCapabilities: ["Console"] } },
    ],
    ["a private cluster", { publish: "Internal", executor: "local" }, { publish: "Internal" }],
    ["no public zone to look up with user-managed DNS", { dnsManagement: "user" }, { publish: "Internal" }],
    [
      "the existing VPC's CIDR block, but neither its subnets nor a zone",
      IN_EXISTING_VPC,
      { "networking.machineNetwork.0.cidr": "10.20.0.0/16" },
    ],
    [
      "every CIDR block of the existing VPC's instances",
      { ...IN_EXISTING_VPC, machineCidr: "10.30.0.0/20,10.20.0.0/22" },
      { "networking.machineNetwork": [{ cidr: "10.30.0.0/20" }, { cidr: "10.20.0.0/22" }] },
    ],
    [
      "a proxy",
      { httpsProxy: "http://proxy.example.com:3128", noProxy: ".example.com" },
      {
        "proxy.httpsProxy": "http://proxy.example.com:3128",
        "proxy.noProxy": ".example.com,s3.us-east-1.amazonaws.com,.s3.us-east-1.amazonaws.com",
        additionalTrustBundlePolicy: undefined,
      },
    ],
    [
      "a trust bundle that is used for everything, not only for the proxy",
      { additionalTrustBundle: CERTIFICATE },
      { additionalTrustBundle: CERTIFICATE, additionalTrustBundlePolicy: "Always", proxy: undefined },
    ],
  ])("has %s", (_, keys, expected) => {
    const rendered = render(keys);
    for (const [path, value] of Object.entries(expected)) expect([path, at(rendered, path)]).toEqual([path, value]);
    expect(Object.keys((rendered.platform as { aws: object }).aws).sort()).toEqual(
      "tags" in keys ? ["propagateUserTags", "region", "userTags"] : ["region"],
    );
  });
});

/** Complete manifests that `openshift-install create manifests` of 4.19 wrote, of the kinds that the patches change. */
const manifests: Readonly<Record<string, object>> = {
  "manifests/cluster-scheduler-02-config.yml": {
    apiVersion: "config.openshift.io/v1",
    kind: "Scheduler",
    metadata: { name: "cluster" },
    spec: { mastersSchedulable: true, policy: { name: "" } },
  },
  "manifests/cluster-dns-02-config.yml": {
    apiVersion: "config.openshift.io/v1",
    kind: "DNS",
    metadata: { name: "cluster" },
    spec: {
      baseDomain: "dev.okd.example.com",
      platform: { aws: null, type: "" },
      privateZone: { tags: { Name: "dev-x7k2q-int", "kubernetes.io/cluster/dev-x7k2q": "owned" } },
      publicZone: { id: "Z0PUBLIC" },
    },
  },
  "manifests/cluster-infrastructure-02-config.yml": {
    apiVersion: "config.openshift.io/v1",
    kind: "Infrastructure",
    metadata: { name: "cluster" },
    status: { infrastructureName: "dev-x7k2q" },
  },
  "manifests/renamed-by-the-next-release.yaml": { apiVersion: "machine.openshift.io/v1", kind: "ControlPlaneMachineSet" },
  "openshift/99_openshift-cluster-api_master-machines-0.yaml": { apiVersion: "machine.openshift.io/v1beta1", kind: "Machine" },
  "openshift/99_openshift-cluster-api_worker-machineset-0.yaml": { apiVersion: "machine.openshift.io/v1beta1", kind: "MachineSet" },
  "openshift/99_openshift-machineconfig_99-master-ssh.yaml": { apiVersion: "machineconfiguration.openshift.io/v1", kind: "MachineConfig" },
  "openshift/somebody-elses.yaml": { apiVersion: "example.com/v1", kind: "Machine" },
  "manifests/plain.yaml": { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "Machine" } },
};
const machineMakers = [
  "manifests/renamed-by-the-next-release.yaml",
  "openshift/99_openshift-cluster-api_master-machines-0.yaml",
  "openshift/99_openshift-cluster-api_worker-machineset-0.yaml",
];
const ingress = {
  "manifests/cluster-ingress-default-ingresscontroller.yaml": { apiVersion: "operator.openshift.io/v1", kind: "IngressController" },
};
const options: PatchOptions = { infraId: "dev-x7k2q", mastersSchedulable: false, publish: "External", privateZoneId: "Z0PRIVATE" };

function patch(objects: Readonly<Record<string, object>>, changes: Partial<PatchOptions> = {}) {
  const texts = Object.fromEntries(Object.entries(objects).map(([path, object]) => [path, dump(object)]));
  const { remove, write } = patchManifests(texts, { ...options, ...changes });
  return { remove: [...remove].sort(), write: Object.fromEntries(Object.entries(write).map(([path, text]) => [path, load(text)])) };
}

function without(kind: string) {
  return Object.fromEntries(Object.entries(manifests).filter(([, object]) => (object as { kind: string }).kind !== kind));
}

describe("the patched manifests", () => {
  test("contain no Machines, name the private hosted zone by its ID, have the control plane not schedulable, and differ in nothing else", () => {
    expect(patch(manifests)).toEqual({
      remove: machineMakers,
      write: {
        "manifests/cluster-scheduler-02-config.yml": {
          ...manifests["manifests/cluster-scheduler-02-config.yml"],
          spec: { mastersSchedulable: false, policy: { name: "" } },
        },
        "manifests/cluster-dns-02-config.yml": {
          ...manifests["manifests/cluster-dns-02-config.yml"],
          spec: {
            baseDomain: "dev.okd.example.com",
            platform: { aws: null, type: "" },
            privateZone: { id: "Z0PRIVATE" },
            publicZone: { id: "Z0PUBLIC" },
          },
        },
      },
    });
  });

  test("make the control plane schedulable without workers, whatever the installer wrote", () => {
    const scheduler = { apiVersion: "config.openshift.io/v1", kind: "Scheduler", spec: { mastersSchedulable: false } };
    const { write } = patch({ ...without("Scheduler"), "manifests/s.yml": scheduler }, { mastersSchedulable: true });
    expect(write["manifests/s.yml"]).toEqual({ ...scheduler, spec: { mastersSchedulable: true } });
  });

  const dns = (changes: Partial<PatchOptions>) =>
    (patch(manifests, changes).write["manifests/cluster-dns-02-config.yml"] as { spec: Record<string, unknown> }).spec;

  test("name no hosted zone with user-managed DNS", () => {
    expect(dns({ privateZoneId: undefined })).toEqual({ baseDomain: "dev.okd.example.com", platform: { aws: null, type: "" } });
  });

  test("have the role for a hosted zone in another account, in the installer's field (pkg/asset/manifests/dns.go)", () => {
    const arn = "arn:aws:iam::210987654321:role/dns";
    expect(dns({ privateZoneRoleArn: arn }).platform).toEqual({ type: "AWS", aws: { privateZoneIAMRole: arn } });
  });

  test("keep the internal router of a private cluster, and drop it if the installer made it internal only because of user-managed DNS", () => {
    const [path] = Object.keys(ingress);
    expect(patch({ ...manifests, ...ingress }, { publish: "Internal" }).remove).toEqual(machineMakers);
    expect(patch({ ...manifests, ...ingress }).remove).toEqual([path, ...machineMakers]);
  });

  test.each(["Scheduler", "DNS", "Infrastructure"])("are refused without an object of kind %s", (kind) => {
    expect(() => patch(without(kind))).toThrow(`no manifest of kind config.openshift.io/${kind}`);
  });

  test("are refused if the installer chose another infraID", () => {
    expect(() => patch(manifests, { infraId: "dev-22222" })).toThrow('named the infrastructure "dev-x7k2q" instead of "dev-22222"');
  });

  test("are refused if a file has two objects", () => {
    expect(() => patchManifests({ "manifests/two.yaml": "kind: A\n---\nkind: B\n" }, options)).toThrow("manifests/two.yaml has 2 objects");
  });

  test("are refused if they create Machines, and the error names each such file", () => {
    const texts = Object.fromEntries(Object.entries(manifests).map(([path, object]) => [path, dump(object)]));
    expect(() => {
      assertNothingForbidden(texts);
    }).toThrow(`: ${machineMakers.join(", ")}.`);
    expect(() => {
      assertNothingForbidden(Object.fromEntries(Object.entries(texts).filter(([path]) => !machineMakers.includes(path))));
    }).not.toThrow();
  });
});

describe("the bootstrap instance's ignition config", () => {
  const file = (path: string, content: string) => ({
    path,
    contents: { source: `data:text/plain;charset=utf-8;base64,${Buffer.from(content).toString("base64")}` },
  });

  test("contains manifests, which are read and decoded without the other files", () => {
    const ignition = JSON.stringify({
      ignition: { version: "3.2.0" },
      storage: {
        files: [
          file("/opt/openshift/manifests/a.yaml", "kind: Ä\n"),
          file("/opt/openshift/openshift/b.yml", "kind: B\n"),
          file("/opt/openshift/auth/kubeconfig", "secret"),
          file("/opt/openshift/manifests/a.json", "{}"),
          file("/etc/opt/openshift/manifests/c.yaml", "kind: C\n"),
        ],
      },
    });
    expect(manifestsIn(ignition)).toEqual({
      "/opt/openshift/manifests/a.yaml": "kind: Ä\n",
      "/opt/openshift/openshift/b.yml": "kind: B\n",
    });
    expect(manifestsIn('{"ignition":{"version":"3.2.0"}}')).toEqual({});
  });

  test.each([undefined, { source: "https://example.com/a.yaml" }, { source: "data:,kind%3A%20Machine" }])(
    "is refused if a manifest is not a base64 data URL: %j",
    (contents) => {
      const ignition = JSON.stringify({ storage: { files: [{ path: "/opt/openshift/manifests/a.yaml", contents }] } });
      expect(() => manifestsIn(ignition)).toThrow("/opt/openshift/manifests/a.yaml in bootstrap.ign is not a base64 data URL");
    },
  );

  test("has a pointer with an Ignition version that every supported CoreOS accepts", () => {
    expect(
      JSON.parse(bootstrapPointer({ bucket: "dev-x7k2q-bootstrap-ignition", key: "bootstrap.ign" }, parseConfiguration(withKeys({})))),
    ).toEqual({
      ignition: { version: "3.1.0", config: { replace: { source: "s3://dev-x7k2q-bootstrap-ignition/bootstrap.ign" } } },
    });
  });

  test("has a pointer with the proxy, and with noProxy for services with a VPC endpoint", () => {
    const configuration = parseConfiguration(
      withKeys({
        httpsProxy: "http://proxy.example.com:3128",
        noProxy: ".example.com",
        vpcEndpoints: '["ec2","ecr.api","ecr.dkr"]',
        additionalTrustBundle: CERTIFICATE,
      }),
    );
    const { ignition } = JSON.parse(bootstrapPointer({ bucket: "b", key: "k" }, configuration)) as {
      ignition: { proxy: unknown; security: { tls: { certificateAuthorities: [{ source: string }] } } };
    };
    expect(ignition.proxy).toEqual({
      httpsProxy: "http://proxy.example.com:3128",
      noProxy: [
        ...[".example.com", "s3.us-east-1.amazonaws.com", ".s3.us-east-1.amazonaws.com", "ec2.us-east-1.amazonaws.com"],
        ...["api.ecr.us-east-1.amazonaws.com", ".dkr.ecr.us-east-1.amazonaws.com"],
      ],
    });
    const { source } = ignition.security.tls.certificateAuthorities[0];
    expect(Buffer.from(source.replace(/^data:[^,]*;base64,/, ""), "base64").toString()).toBe(CERTIFICATE);
  });
});

function at(value: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((found, key) => (found as Record<string, unknown> | undefined)?.[key], value);
}
