import { load } from "js-yaml";
import { decodeFiles } from "../../ignition/file-transfer";
import { fileIn, type DevStackIgnitionConfig } from "../engine/dev-stack/ignition";
import { keyForms, type Secrets } from "../engine/dev-stack/secrets";
import { onlyElement } from "./account";
import type { Site } from "./site";

/** A secret of the state, as `--show-secrets` exports it: JSON in an envelope. */
interface Envelope {
  readonly plaintext: string;
}

interface State {
  readonly deployment: { readonly resources: readonly { readonly urn: string; readonly outputs?: Readonly<Record<string, Envelope>> }[] };
}

/** All secrets that an installation generates or gets, in plain form and in base64, because a careless program could leave either behind. */
export async function secretsOf(site: Site, pullSecret: string): Promise<Secrets> {
  const outputs = await site.outputs();
  const { deployment } = JSON.parse(await site.said("stack", "export", "--show-secrets")) as State;
  const output = (name: string, property: string): string => {
    const { outputs: all } = onlyElement(
      deployment.resources.filter(({ urn }) => urn.endsWith(`::${name}`)),
      name,
    );
    return JSON.parse(all?.[property]?.plaintext ?? "") as string;
  };
  const bootstrap = JSON.parse(decodeFiles(output("installation-ignition", "stdout"))["bootstrap.ign"]) as DevStackIgnitionConfig;
  const keys = (bootstrap.storage?.files ?? [])
    .map(({ path }) => path)
    .filter((path) => path.startsWith("/opt/openshift/tls/") && path.endsWith(".key"));
  const registry = Object.entries(decodeFiles(output("installer-host-registry", "files")));
  const { auths } = JSON.parse(pullSecret) as { auths: Record<string, { auth: string }> };
  return new Map([
    ["kubeadmin's password", text(String(outputs.kubeadminPassword))],
    ["kubeconfig's client key", keyForms(clientKeyOf(String(outputs.kubeconfig)))],
    ["ssh private key", keyForms(String(outputs.sshPrivateKey))],
    ...keys.map((path) => [path, keyForms(fileIn(bootstrap, path))] as const),
    ["approver's token", text(decodeFiles(output("certificate-approver-token", "stdout")).token)],
    ["registry's password", text(String(outputs.registryPassword))],
    ["registry's password of nodes", text(output("installer-host-registry", "pullPassword"))],
    ["registry CA's key", keyForms(output("installer-host-registry", "caPrivateKey"))],
    ...registry.filter(([, content]) => content.includes("PRIVATE KEY")).map(([path, content]) => [path, keyForms(content)] as const),
    ...registry.filter(([, content]) => content.includes("$2")).map(([path, content]) => [path, text(content.trim())] as const),
    ["pull secret", Object.values(auths).flatMap(({ auth }) => [auth, Buffer.from(auth, "base64").toString("utf8")])],
  ]);
}

function clientKeyOf(kubeconfig: string): string {
  const { users } = load(kubeconfig) as { users: readonly { user: { "client-key-data": string } }[] };
  return Buffer.from(onlyElement(users, "user in the kubeconfig").user["client-key-data"], "base64").toString("utf8");
}

/** A text in plain form and in base64. */
function text(secret: string): string[] {
  return [secret, Buffer.from(secret).toString("base64")];
}
