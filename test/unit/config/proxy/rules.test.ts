import { load } from "js-yaml";
import { checkConfiguration, parseConfiguration } from "../../../../config/parse";
import { renderInstallConfig } from "../../../../ignition/install-config";
import { noProxyList, usesProxy } from "../../../../ignition/no-proxy";
import { bootstrapPointer } from "../../../../ignition/pointer";
import { proxyVariables } from "../../../../ignition/proxy-variables";
import { IN_EXISTING_VPC, problemsOf, RESTRICTED, WITHOUT_HOST, withKeys } from "../fixture";

describe("a proxy", () => {
  test.each([
    ["httpProxy", "http://10.128.0.5:3128", "10.128.0.0/14, the pod network (clusterNetworkCidr)"],
    ["httpsProxy", "http://10.131.255.255", "10.128.0.0/14, the pod network (clusterNetworkCidr)"],
    ["httpsProxy", "https://172.30.0.5:3128", "172.30.0.0/16, the service network (serviceNetworkCidr)"],
    ["httpsProxy", "http://anna:s3cret-word@172.30.0.5:3128", "172.30.0.0/16, the service network (serviceNetworkCidr)"],
    ["httpsProxy", "http://[::ffff:10.128.0.5]:3128", "10.128.0.0/14, the pod network (clusterNetworkCidr)"],
    ["httpsProxy", "http://[::ffff:ac1e:5]:3128", "172.30.0.0/16, the service network (serviceNetworkCidr)"],
    ["httpsProxy", "http://100.64.0.9:3128", "100.64.0.0/16, OVN-Kubernetes' join network, which every node uses"],
    ["httpsProxy", "http://127.0.0.1:3128", "127.0.0.0/8, the loopback addresses"],
    ["httpsProxy", "http://169.254.169.254:3128", "169.254.0.0/16, the link-local addresses, which every node uses"],
  ])("is refused with an address that the cluster can't reach: %s %s", (key, url, why) => {
    const problems = problemsOf(withKeys({ ...WITHOUT_HOST, [key]: url }));
    expect(problems.map((problem) => problem.key)).toEqual([key]);
    expect(problems[0].wrong).toContain(`has a host in ${why}`);
    expect(JSON.stringify(problems)).not.toContain("s3cret-word");
  });

  test.each([
    "http://10.0.5.9:3128",
    "http://10.132.0.1:3128",
    "http://172.31.0.5:3128",
    "http://[2001:db8::5]:3128",
    "http://10-128-0-5.example.com",
  ])("is accepted: %s", (url) => {
    expect(problemsOf(withKeys({ ...WITHOUT_HOST, httpProxy: url, httpsProxy: url }))).toEqual([]);
  });

  test("is refused with an address in the configured networks of pods or services", () => {
    const keys = { ...WITHOUT_HOST, clusterNetworkCidr: "10.64.0.0/14", serviceNetworkCidr: "172.20.0.0/16" };
    expect(problemsOf(withKeys({ ...keys, httpsProxy: "http://10.128.0.5:3128" }))).toEqual([]);
    expect(
      problemsOf(withKeys({ ...keys, httpProxy: "http://172.20.0.5:3128", httpsProxy: "http://10.64.0.5:3128" })).map(({ key }) => key),
    ).toEqual(["httpProxy", "httpsProxy"]);
  });
});

describe("noProxy *", () => {
  const proxy = { httpProxy: "http://proxy.example.com:3128", httpsProxy: "http://proxy.example.com:3128", noProxy: "*" };

  test.each<[string, Record<string, unknown>]>([
    ["in a new VPC", { vpcEndpoints: ["ec2", "sts"] }],
    ["in an existing VPC", IN_EXISTING_VPC],
    ["with a mirror", { ...RESTRICTED, publish: "Internal", releaseImage: `quay.io/okd/scos-release@sha256:${"a".repeat(64)}` }],
  ])("is written without other entries %s, as openshift-install, curl and the network operator expect it", (_, keys) => {
    const configuration = parseConfiguration(withKeys({ ...keys, ...proxy }));
    expect(noProxyList(configuration)).toBe("*");
    const installConfig = load(renderInstallConfig(configuration, { sshPublicKey: "", zones: ["us-east-1a"], credentialsMode: "mint" }));
    expect(installConfig).toMatchObject({ proxy });
    expect(JSON.parse(bootstrapPointer({ bucket: "b", key: "k" }, configuration))).toMatchObject({
      ignition: { proxy: { noProxy: ["*"] } },
    });
    expect(proxyVariables(configuration)["NO_PROXY"]).toBe("*");
    expect(usesProxy(configuration)).toBe(false);
  });

  test("is refused in a list with other entries", () => {
    expect(problemsOf(withKeys({ ...proxy, noProxy: "*,.example.com" })).map(({ key, wrong }) => [key, wrong])).toEqual([
      ["noProxy", 'has the wildcard "*"'],
    ]);
  });

  test.each<[string, Record<string, unknown>, readonly (readonly [string, string])[]]>([
    [
      "no NAT gateway",
      { natGateways: "none" },
      [
        [
          "natGateways",
          "is none, but there is neither httpsProxy in use (noProxy is *) nor releaseImage in a mirror, so no instance could pull an image",
        ],
        [
          "vpcEndpoints",
          "lacks ec2 and elasticloadbalancing, but there is no NAT gateway and no httpsProxy in use (noProxy is *), so instances could not call AWS",
        ],
      ],
    ],
    [
      "IAM users of a disconnected cluster",
      { ...RESTRICTED, credentialsMode: "mint" },
      [
        [
          "credentialsMode",
          "is mint, but with mirror restricted and no httpsProxy in use (noProxy is *) the cluster can't reach IAM to create users",
        ],
      ],
    ],
    [
      "an installer host that mirrors without a public subnet",
      { ...RESTRICTED, ...IN_EXISTING_VPC, publicSubnetIds: [], publish: "Internal" },
      [
        [
          "mirror",
          "is restricted, but in this existing VPC the installer host can't fetch images: it has neither a public subnet nor httpsProxy in use (noProxy is *)",
        ],
      ],
    ],
  ])("disables the proxy, so the configuration is refused with %s", (_, keys, wrong) => {
    expect(problemsOf(withKeys({ ...keys, ...proxy })).map((problem) => [problem.key, problem.wrong])).toEqual(wrong);
    // Without noProxy the requests go through the proxy, and the configuration is accepted.
    expect(problemsOf(withKeys({ ...keys, ...proxy, noProxy: "" }))).toEqual([]);
  });

  test("makes operators reach the default router without the proxy, and the warnings take this into account", () => {
    const warned = (keys: Record<string, unknown>) => checkConfiguration(withKeys(keys)).warnings.map(({ key }) => key);
    expect(warned({ ...proxy, defaultRouterAllowedSourceRanges: ["198.51.100.0/24"] })).toEqual([]);
    expect(warned({ ...proxy, noProxy: "", defaultRouterAllowedSourceRanges: ["198.51.100.0/24"] })).toEqual([
      "defaultRouterAllowedSourceRanges",
    ]);
    expect(warned({ ...RESTRICTED, ...proxy })).toEqual(["publish"]);
    expect(warned({ ...RESTRICTED, ...proxy, noProxy: "" })).toEqual([]);
  });
});
