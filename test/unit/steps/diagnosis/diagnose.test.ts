import { runChecks } from "../../../../steps/diagnosis/diagnose";
import { parseIgnition } from "../../../../steps/diagnosis/pointer";
import { ignitionWith, kubeconfigText, machinePointer, makeCertificate } from "./certificates";
import { approverFailures } from "./approver-failures";
import { clusterFailures } from "./cluster-failures";
import { loadBalancerFailures } from "./load-balancer-failures";
import { machineFailures } from "./machine-failures";
import { at, goodScene } from "./scene";
import { registryFailures } from "./registry-failures";
import { must, machineIn, cluster, ignition, removeRecord, removeRule } from "./scene-parts";

describe("the diagnosis", () => {
  test("finds no problem in a working cluster", async () => {
    const { target, evidence } = await goodScene();
    expect(runChecks(target, evidence)).toEqual([]);
  });

  test.each([...loadBalancerFailures, ...machineFailures, ...registryFailures, ...approverFailures, ...clusterFailures])(
    "finds exactly the problem: %s",
    async (_, damage, layer, problem) => {
      const scene = await goodScene();
      damage(scene);
      const found = runChecks(scene.target, scene.evidence);
      expect(found.map((finding) => [finding.layer, finding.problem])).toEqual([[layer, problem]]);
      expect(found[0]?.remedy.length).toBeGreaterThan(20);
    },
  );

  test("checks the security groups' rules for each CIDR block of machineCidrs", async () => {
    const { target, evidence } = await goodScene();
    target.machineCidrs = ["10.0.0.0/17", "10.0.128.0/17"];
    expect(runChecks(target, evidence)).toEqual([]);
    target.machineCidrs = ["10.0.0.0/16", "10.1.0.0/16"];
    const problems = runChecks(target, evidence).map(({ problem }) => problem);
    expect(problems.filter((problem) => problem.includes("10.1.0.0/16"))).toEqual(problems);
    expect(problems).toContain(
      "security group dev-abcde-master-sg (sg-masters) doesn't allow tcp 22623 from 10.1.0.0/16: machine config server",
    );
  });

  test("finds an ignition pointer that trusts another CA of the same name", async () => {
    const scene = await goodScene();
    const other = await makeCertificate("root-ca", at, -1, 3650);
    machineIn(scene, "master-0").userData = machinePointer("dev.example.com", "master", other.certificate);
    const problem =
      "the pointer config of master-0 (i-master-0) doesn't trust the root CA that signed the machine config server's certificate";
    expect(runChecks(scene.target, scene.evidence).map((finding) => finding.problem)).toEqual([problem]);
    // After the bootstrap destroy the S3 object with the ignition config is gone. Then the right CA is the one in the diagnosis target.
    scene.evidence.machines?.shift();
    delete scene.evidence.ignition;
    expect(runChecks(scene.target, scene.evidence)).toEqual([]);
    scene.target.rootCa = scene.authority.certificate;
    expect(runChecks(scene.target, scene.evidence).map((finding) => finding.problem)).toEqual([problem]);
  });

  test("reports certificates that expired or are not valid yet, once for each file that contains such certificates", async () => {
    const old = await makeCertificate("old", at, -3, -2);
    const young = await makeCertificate("young", at, 1, 2);
    const scene = await goodScene();
    const files = { "/opt/openshift/tls/root-ca.crt": scene.authority.certificate, "/a.crt": old.certificate, "/b.crt": young.certificate };
    ignition(scene).object = ignitionWith(files);
    scene.target.kubeconfig = kubeconfigText("https://api.dev.example.com:6443", scene.authority.certificate, old);
    expect(runChecks(scene.target, scene.evidence)).toMatchObject([
      {
        layer: "certificates",
        problem:
          "s3://dev-abcde-bootstrap-ignition/bootstrap.ign contains 2 certificates not valid at 2026-03-01T12:00:00.000Z: /a.crt (CN=old) expired on 2026-02-27T12:00:00.000Z",
        evidence: ["/a.crt (CN=old) expired on 2026-02-27T12:00:00.000Z", "/b.crt (CN=young) is not valid before 2026-03-02T12:00:00.000Z"],
      },
      {
        layer: "certificates",
        problem:
          "the kubeconfig contains a certificate not valid at 2026-03-01T12:00:00.000Z: its client certificate (CN=old) expired on 2026-02-27T12:00:00.000Z",
      },
    ]);
  });

  test("checks the kubeconfigs in the bootstrap instance's ignition config", async () => {
    const scene = await goodScene();
    const admin = await makeCertificate("kubelet", at, -3, -2);
    const text = kubeconfigText("https://api-int.dev.example.com:6443", scene.authority.certificate, admin);
    const files = { "/opt/openshift/tls/root-ca.crt": scene.authority.certificate, "/opt/openshift/auth/kubeconfig-kubelet": text };
    ignition(scene).object = ignitionWith(files);
    expect(parseIgnition(ignition(scene).object ?? "")).toBeDefined();
    expect(runChecks(scene.target, scene.evidence).map(({ problem }) => problem)).toEqual([
      "s3://dev-abcde-bootstrap-ignition/bootstrap.ign contains a certificate not valid at 2026-03-01T12:00:00.000Z: /opt/openshift/auth/kubeconfig-kubelet, its client certificate (CN=kubelet) expired on 2026-02-27T12:00:00.000Z",
    ]);
  });

  test("requires no public record and no external load balancer in a private cluster, and no DNS records with user-managed DNS", async () => {
    const scene = await goodScene();
    scene.target.publish = "Internal";
    scene.target.dnsManaged = false;
    Object.assign(scene.evidence.balancing.balancers, { ext: null });
    Object.assign(scene.evidence.balancing.targets, { aext: null });
    Object.assign(scene.evidence.dns, { associated: [], privateZones: [], publicZone: null, records: [] });
    expect(runChecks(scene.target, scene.evidence)).toEqual([]);
  });

  test("reports no problem about resources that could not be read", async () => {
    const { target } = await goodScene();
    const none = { int: undefined, ext: undefined };
    const targets = { aext: undefined, aint: undefined, sint: undefined };
    expect(runChecks(target, { at, unanswered: [], balancing: { balancers: none, targets }, dns: { records: [] } })).toEqual([]);
  });

  test("does not report an unready service if the installer host is stopped or unreachable, because this is the cause", async () => {
    const scene = await goodScene();
    Object.assign(must(scene.evidence.installerHost?.host), { State: { Name: "stopped" } });
    Object.assign(must(scene.evidence.installerHost), { health: null });
    expect(runChecks(scene.target, scene.evidence).map(({ remedy }) => remedy)).toEqual([
      "run `aws ec2 start-instances --instance-ids i-host`",
    ]);
  });

  test("reports the lowest layer first, as the cause", async () => {
    const scene = await goodScene();
    must(cluster(scene).operators).push({ metadata: { name: "ingress" } });
    must(cluster(scene).nodes).pop();
    removeRule(scene, "sg-masters", 22623, "10.0.0.0/16");
    removeRecord(scene, "ZPRIVATE", "api-int.dev.example.com");
    expect(runChecks(scene.target, scene.evidence).map(({ layer }) => layer)).toEqual(["DNS", "security group", "API", "operators"]);
  });
});
