/**
 * Authentication, tested with the whole program. program.ts lists the facts that this kind of test cannot prove; test/engine/authentication.test.ts
 * proves some of them.
 */
import { providerFacts, providerSecrets } from "../facts/identity-providers";
import { devStack } from "./configurations";
import { type Declared, Program } from "./program";

const password = "anna's own password";
const keys = {
  identityProviders: providerFacts.map(({ configured }) => configured),
  identityProviderSecrets: providerSecrets,
  htpasswdUsers: { anna: password },
  clusterAdmins: ["anna"],
  loginTemplates: { error: "oops" },
};

let program: Program;
const own = () => program.resources.filter(({ urn }) => urn.includes("okd:cluster:Authentication$"));
const one = (name: string): Declared => {
  const found = own().filter((resource) => resource.name === `authentication-${name}`);
  if (found.length !== 1) throw new Error(`${found.length} resources have the name authentication-${name}; the test needs exactly one`);
  return found[0];
};

beforeAll(async () => {
  program = await Program.run(devStack(keys), {}, ["okd-aws:identityProviderSecrets"]);
});

test("the program leaves no secret readable in the state", () => {
  const secrets = [password, "stub-hash", ...Object.values(providerSecrets)];
  const forms = secrets.flatMap((secret) => [secret, Buffer.from(secret).toString("base64")]);
  const readable = JSON.stringify(own().map((resource) => resource.readable));
  expect(forms.filter((form) => readable.includes(form))).toEqual([]);
  // The unredacted inputs contain every secret, which proves that the check above would find a readable secret.
  const inputs = JSON.stringify(own().map((resource) => resource.inputs));
  expect(Object.values(providerSecrets).filter((secret) => !inputs.includes(Buffer.from(secret).toString("base64")))).toEqual([]);
  expect(inputs).toContain(password);
});

test("the program creates the objects that OAuth references before OAuth, and waits for a login last", () => {
  const oauth = one("oauth");
  const referred = own().filter(({ type, inputs }) => {
    const { metadata } = inputs as { metadata?: { namespace?: string } };
    return /^kubernetes:core\/v1:(Secret|ConfigMap)$/.test(type) && metadata?.namespace === "openshift-config";
  });
  // Five secrets of providers, a secret with two keys, the password file, a page, and six CAs.
  expect(referred).toHaveLength(6 + 1 + 1 + 6);
  expect(referred.filter((resource) => !program.isAfter(oauth, resource)).map(({ name }) => name)).toEqual([]);
  for (const before of ["oauth", "binding-okd-aws-cluster-admins", "htpasswd-secret"]) {
    expect([before, program.isAfter(one("kubeadmin"), one(before))]).toEqual([before, true]);
  }
});

test("the program passes secrets to the commands that it starts on standard input, and never as arguments", () => {
  const commands = own().filter(({ type }) => type === "command:local:Command");
  expect(commands.map(({ name }) => name).sort()).toEqual(["authentication-htpasswd-anna", "authentication-kubeadmin"]);
  for (const { inputs, readable } of commands) {
    expect(JSON.stringify([inputs.create, inputs.delete, inputs.interpreter, inputs.environment])).not.toMatch(/password|client-key-data/);
    expect(readable.stdin).toBe("[secret]");
  }
  expect(one("kubeadmin").ignoreChanges).toEqual([]);
});

test("the program outputs the callback URLs and whether kubeadmin exists", async () => {
  expect(Object.keys((await program.output("oauthCallbackUrls")) as object)).toEqual(["github", "gitlab", "google", "sso"]);
  expect(await program.output("kubeadmin")).toBe("removed: anna has logged in");
});
