import { readFileSync } from "node:fs";
import { parseKubeconfig } from "../../../lib/kubernetes/kubeconfig";
import type { StandingStack } from "../standing-stack";
import { readBootstrapIgnition, fileIn, type DevStackIgnitionConfig } from "./ignition";

/** Secrets by name, each in the forms in which a careless program could leave it behind. */
export type Secrets = ReadonlyMap<string, readonly string[]>;

/** Tests that no secret of the cluster is in plain text in the state or in any other file of the sandbox. */
export function testSecrets(standing: () => StandingStack): void {
  let secrets: Secrets;
  beforeAll(async () => {
    secrets = await secretsOf(standing()).catch(() => new Map());
  });

  test("are known to the test", () => {
    expect([...secrets.keys()]).toEqual(expect.arrayContaining(["kubeadmin's password", "kubeconfig's client key", "ssh private key"]));
    expect([...secrets.keys()].filter((name) => name.endsWith(".key")).length).toBeGreaterThan(10);
    for (const forms of secrets.values()) for (const form of forms) expect(form.length).toBeGreaterThan(20);
  });

  test("are in plain text neither in the state nor elsewhere in the sandbox", () => {
    const found: string[] = [];
    for (const file of standing().topology.files()) {
      const content = readFileSync(file, "latin1");
      for (const [name, forms] of secrets) if (forms.some((form) => content.includes(form))) found.push(`${name} in ${file}`);
    }
    expect(found).toEqual([]);
  });
}

async function secretsOf(standing: StandingStack): Promise<Secrets> {
  const outputs = await standing.topology.outputs();
  const { key: clientKey = "" } = parseKubeconfig(String(outputs.kubeconfig));
  const bootstrap = JSON.parse(await readBootstrapIgnition(standing)) as DevStackIgnitionConfig;
  const keys = (bootstrap.storage?.files ?? [])
    .map(({ path }) => path)
    .filter((path) => path.startsWith("/opt/openshift/tls/") && path.endsWith(".key"));
  const password = String(outputs.kubeadminPassword);
  return new Map([
    ["kubeadmin's password", [password, Buffer.from(password).toString("base64")]],
    ["kubeconfig's client key", keyForms(clientKey)],
    ["ssh private key", keyForms(String(outputs.sshPrivateKey))],
    ...keys.map((path) => [path, keyForms(fileIn(bootstrap, path))] as const),
  ]);
}

/** The forms of a private key: line by line, and in base64. */
export function keyForms(pem: string): string[] {
  const lines = pem.split("\n").filter((line) => line.length > 40 && !line.startsWith("-----"));
  return [lines[Math.floor(lines.length / 2)] ?? "", Buffer.from(pem).toString("base64").slice(80, 200)];
}
