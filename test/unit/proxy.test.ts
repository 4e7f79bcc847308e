import { problemsOf, WITHOUT_HOST, withKeys } from "./config-fixture";

describe("a proxy", () => {
  test.each([
    ["httpProxy", "http://10.128.0.5:3128", "10.128.0.0/14, whose addresses pods have (clusterNetworkCidr)"],
    ["httpsProxy", "http://10.131.255.255", "10.128.0.0/14, whose addresses pods have (clusterNetworkCidr)"],
    ["httpsProxy", "https://172.30.0.5:3128", "172.30.0.0/16, whose addresses services have (serviceNetworkCidr)"],
    ["httpsProxy", "http://anna:s3cret-word@172.30.0.5:3128", "172.30.0.0/16, whose addresses services have (serviceNetworkCidr)"],
    ["httpsProxy", "http://[::ffff:10.128.0.5]:3128", "10.128.0.0/14, whose addresses pods have (clusterNetworkCidr)"],
    ["httpsProxy", "http://[::ffff:ac1e:5]:3128", "172.30.0.0/16, whose addresses services have (serviceNetworkCidr)"],
    ["httpsProxy", "http://100.64.0.9:3128", "100.64.0.0/16, which every node uses for OVN-Kubernetes, to join its routers"],
    ["httpsProxy", "http://127.0.0.1:3128", "127.0.0.0/8, with which every machine means itself"],
    ["httpsProxy", "http://169.254.169.254:3128", "169.254.0.0/16, which every node uses for link-local addresses"],
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
  ])("can be %s", (url) => {
    expect(problemsOf(withKeys({ ...WITHOUT_HOST, httpProxy: url, httpsProxy: url }))).toEqual([]);
  });

  test("is held against the ranges that are configured", () => {
    const keys = { ...WITHOUT_HOST, clusterNetworkCidr: "10.64.0.0/14", serviceNetworkCidr: "172.20.0.0/16" };
    expect(problemsOf(withKeys({ ...keys, httpsProxy: "http://10.128.0.5:3128" }))).toEqual([]);
    expect(
      problemsOf(withKeys({ ...keys, httpProxy: "http://172.20.0.5:3128", httpsProxy: "http://10.64.0.5:3128" })).map(({ key }) => key),
    ).toEqual(["httpProxy", "httpsProxy"]);
  });
});
