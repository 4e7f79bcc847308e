/** The dev stack's outputs. program.ts lists the facts that this kind of test cannot prove. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { devStack } from "./configurations";
import { infraId, kubeadminPassword, kubeconfig } from "./installer-answers";
import { Program } from "./program";

test("outputs are flat, and secrets are marked as secret", async () => {
  const program = await Program.run(devStack());
  const plain = {
    infraId,
    apiUrl: "https://api.dev.okd.example.com:6443",
    vpcId: "network-vpc-id",
    subnetIds: ["public", "private"].flatMap((kind) => ["a", "b", "c"].map((zone) => `network-${kind}-us-east-1${zone}-id`)),
    externalLoadBalancer: `${infraId}-ext`,
    internalLoadBalancer: `${infraId}-int`,
    bootstrapAddress: "private address of bootstrap-machine",
    masterAddresses: [0, 1, 2].map((number) => `private address of masters-${number}`),
    workerAddresses: [0, 1, 2].map((number) => `private address of workers-${number}`),
    kubeadmin: "removed: anna has logged in",
    routers: Object.fromEntries(
      ["public", "private"].map((name) => [
        name,
        { domain: `${name}.dev.okd.example.com`, balancer: `router-shards-${name}-service.elb.stub` },
      ]),
    ),
    routerRecords: [],
    showSecrets: "pulumi stack output --show-secrets kubeconfig (or kubeadminPassword, sshPrivateKey)",
  };
  const secret = { kubeconfig, kubeadminPassword, sshPrivateKey: "stub-private-key" };
  expect(Object.keys(program.outputs).sort()).toEqual([...Object.keys(plain), ...Object.keys(secret)].sort());
  const readme = readFileSync(join(__dirname, "..", "..", "README.md"), "utf8");
  const table = /^\| output \|[^]*?\n\n/m.exec(readme)?.[0] ?? "";
  const told = table.split("\n").flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`(\w+)`/g)].map(([, name]) => name));
  expect(told).toEqual(expect.arrayContaining(Object.keys(program.outputs)));
  for (const [name, value] of Object.entries(plain))
    expect([name, await program.output(name), await program.isSecret(name)]).toEqual([name, value, false]);
  for (const [name, value] of Object.entries(secret))
    expect([name, await program.output(name), await program.isSecret(name)]).toEqual([name, value, true]);
});
