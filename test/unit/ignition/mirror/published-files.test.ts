/** A compromised installer host could publish these files to end the program or to keep it busy. The program ends with a message that names the host. */
import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { type GetObjectCommandInput, S3Client } from "@aws-sdk/client-s3";
import { parseHostHealth } from "../../../../ignition/installer-host/health";
import { clusterResources } from "../../../../ignition/mirror/cluster-resources";
import { parseMirrorState } from "../../../../ignition/mirror/state";
import { readPublished } from "../../../../steps/published-object";

const limits = { registry: "r:5000", taggedSources: [], policy: "AllowContactingSource" } as const;
const read = (text: string) => clusterResources({ "x.yaml": text }, limits);
const mirrors = "apiVersion: config.openshift.io/v1\nkind: ImageDigestMirrorSet\n";
const signatures = "apiVersion: v1\nkind: ConfigMap\nbinaryData: {}\n";

test.each([
  ["no metadata", `${mirrors}metadata:\n`, "its name is missing or malformed"],
  ["metadata that is a text", `${mirrors}metadata: x\n`, "its name is missing or malformed"],
  ["no labels", `${signatures}metadata: {name: a, namespace: openshift-config-managed, labels: null}\n`, "it has no label"],
  ["labels that are a list", `${signatures}metadata: {name: a, namespace: openshift-config-managed, labels: [x]}\n`, "it has no label"],
  ["a kind that can't become a text", "apiVersion: v1\nkind: {toString: 1, valueOf: 1}\nmetadata: {name: a}\n", "is not one of the kinds"],
  ["a version that can't become a text", "apiVersion: {toString: 1}\nkind: ConfigMap\nmetadata: {name: a}\n", "is not one of the kinds"],
  ["a name that can't become a text", `${mirrors}metadata: {name: {toString: 1}}\n`, "its name is missing or malformed"],
  ["a namespace that can't become a text", `${mirrors}metadata: {name: a, namespace: {toString: 1}}\n`, "it belongs in the namespace"],
  ["control characters", `${mirrors}metadata: {name: a, namespace: "\\e[2J"}\n`, 'not "\\u001b[2J"'],
  ["no spec", `${mirrors}metadata: {name: a}\nspec:\n`, "spec: a field is not an object"],
  ["no mirrors", `${mirrors}metadata: {name: a}\nspec: {imageDigestMirrors: }\n`, "imageDigestMirrors: is not a list"],
  ["no entry", `${mirrors}metadata: {name: a}\nspec: {imageDigestMirrors: [null]}\n`, "a field is not an object"],
  ["a text that is not an object", "text\n", "it is not a Kubernetes object"],
  ["a text that is not YAML", "a: [\n", "it is not YAML"],
  ["one field twice", "a: 1\na: 2\n", "it is not YAML"],
  ["a YAML tag that creates other objects", "a: !!binary eA==\n", "it is not YAML"],
  ["objects a thousand levels deep", `a: ${"[".repeat(1000)}${"]".repeat(1000)}\n`, "it is not YAML"],
  ["one part that is referenced in many places", `${mirrors}metadata: {name: a}\nspec: &e {}\nstatus: *e\n`, "an anchor or a text with &"],
  ["one part that is referenced by all keys", `a: &a [${"x,".repeat(9)}x]\nb:\n${"- ? *a\n".repeat(9)}`, "an anchor or a text with &"],
  ["a text that is very long", `${mirrors}metadata: {name: a, namespace: "${"x".repeat(99_999)}"}\n`, "it belongs in the namespace"],
])("a published file with %s is refused, and the error names the installer host", (_, text, why) => {
  const problem = messageOf(() => read(text));
  expect(problem).toMatch(
    /^the installer host has published ".*" for the cluster, but this program applies only objects that oc-mirror writes: /,
  );
  expect(problem).toContain(why);
  // eslint-disable-next-line no-control-regex -- no control character may reach a terminal
  expect(problem).not.toMatch(/[\u0000-\u001f]/);
  expect(problem.length).toBeLessThan(1500);
});

test("a field with the value null counts as absent, as in Kubernetes", () => {
  expect(read(`${mirrors}metadata: {name: a, labels: null, namespace: null}\n`)).toMatchObject([{ metadata: { name: "a" } }]);
});

test("a file that repeats an entry 20,000 times with YAML anchors is refused before parsing", () => {
  const entry = `  - &e\n    source: quay.io/a\n    mirrors: [${Array(3000).fill("r:5000/x").join(",")}]\n`;
  const bomb = `${mirrors}metadata: {name: a}\nspec:\n  imageDigestMirrors:\n${entry}${"  - *e\n".repeat(20_000)}`;
  expect(messageOf(() => read(bomb))).toContain("an anchor or a text with &");
});

test("files that are larger than oc-mirror's files ever are, alone or together, are refused", () => {
  const long = `${mirrors}metadata: {name: a}\n#${"x".repeat(5 * 1024 ** 2)}\n`;
  expect(messageOf(() => clusterResources({ "a.yaml": long, "b.yaml": long }, limits))).toContain("have 11 MiB; allowed: at most 8 MiB");
  // Five million characters of two bytes each.
  const umlauts = `${mirrors}metadata: {name: a}\n#${"ä".repeat(5 * 1024 ** 2)}\n`;
  expect(messageOf(() => clusterResources({ "a.yaml": umlauts }, limits))).toContain("have 11 MiB; allowed: at most 8 MiB");
  const state = (...files: string[]) =>
    `done 2026-11-29T00:00:00Z vol0123456789abcdef0\n${files.map((file, index) => `${index}.yaml ${file}\n`).join("")}`;
  const bomb = gzipSync(Buffer.alloc(5 * 1024 ** 2)).toString("base64");
  expect(messageOf(() => parseMirrorState(state(bomb, bomb)))).toBe(
    "the installer host's state of the mirror can't be read: line 2 of the installer step's answer can't be unpacked, or is too large",
  );
  for (const odd of [randomBytes(100).toString("base64"), "%%%", ""])
    expect(messageOf(() => parseMirrorState(state(odd)))).toMatch(/^the installer host's state of the mirror can't be read: line 1/);
});

test("terminal control characters are removed from the host's texts", () => {
  const said = "\u001B[31mred\u001B[0m\tand\u001B]0;title\u0007\r\nnext \u202Eeno";
  const told = "red and\\u{001B}]0;title\\u{0007} \nnext \\u{202E}eno";
  expect(parseMirrorState(`failed 2026-11-29T00:00:00Z vol0123456789abcdef0\n${said}\n`).lines).toBe(told);
  expect(parseHostHealth(`unhealthy 2026-11-29T00:00:00Z i-0\n${said}\n`).reason).toBe(told);
});

test("an S3 object that is larger than any object that the host publishes is not read", async () => {
  const send = jest.spyOn(S3Client.prototype, "send").mockImplementation((({ input }: { input: GetObjectCommandInput }) => {
    const Body = { transformToString: () => Promise.resolve(input.Key) };
    return Promise.resolve({ ContentLength: input.Key === "large" ? 6 * 1024 ** 3 : 5, Body });
  }) as never);
  const client = new S3Client({ region: "us-east-1" });
  expect(await readPublished(client, { bucket: "b", key: "small" })).toBe("small");
  await expect(readPublished(client, { bucket: "b", key: "large" })).rejects.toThrow(
    "s3://b/large has 6442450944 bytes, more than the installer host publishes (8 MiB at most)",
  );
  send.mockRestore();
});

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  return "nothing was refused";
}
