import fc from "fast-check";
import { dump, load } from "js-yaml";
import { parseConfiguration } from "../../../config/parse";
import { describeKey, KEY_NAMES, type KeyName } from "../../../config/schema";
import { etcdBackupContent } from "../../../ignition/etcd-backup/set-up";
import { renderInstallConfig } from "../../../ignition/install-config";
import { nodeMachineConfigs } from "../../../ignition/node-tuning";
import { bootstrapPointer } from "../../../ignition/pointer";
import { groupObject } from "../../../cluster-objects/access-control/groups";
import { bindings } from "../../../cluster-objects/authentication/bindings";
import { identityProviderObjects } from "../../../cluster-objects/authentication/identity-provider";
import { ldapGroupSync } from "../../../cluster-objects/authentication/ldap-group-sync";
import { oauth } from "../../../cluster-objects/authentication/oauth";
import { problemsOf, VALID, withKeys } from "./fixture";

/**
 * Words that programs often handle wrongly: names that every object inherits, values of other languages, and characters that end a text or change its
 * direction.
 */
const WORDS = [
  ...[
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "valueOf",
    "prototype",
    "null",
    "undefined",
    "NaN",
    "true",
    "-1",
    "0x1F",
    "1e999",
  ],
  ...["", " ", "a b", "\n", "\r\n", "\t", "\u0000", "\u001b[31m", "\ufeff", "\u202e", "\u2060", "\u3164", "\ud800", "ß", "😀", "É"],
  ...[
    "%",
    "%zz",
    "%C3",
    "%2F",
    "$(id)",
    "`id`",
    "; rm -rf /",
    "'",
    '"',
    "\\",
    "${x}",
    "{{ .X }}",
    "*",
    "../..",
    "~",
    "@",
    "a@b",
    ":",
    "//",
    "#",
  ],
  ...[
    "-----BEGIN CERTIFICATE-----",
    "-----END CERTIFICATE-----",
    "ldap://h/dc=x?uid?sub?(cn=%)",
    "http://u:p@ss@h",
    "10.0.0.0/8",
    "::/0",
    "*/6",
  ],
];

const word = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...WORDS) },
  { weight: 1, arbitrary: fc.string({ maxLength: 12, unit: "binary" }) },
);
const text = fc.oneof(
  word,
  fc.array(word, { maxLength: 4 }).map((words) => words.join("")),
);
const wild = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null), fc.jsonValue({ maxDepth: 3 }));

/** A value in which some parts are replaced, added or removed. */
function mutated(value: unknown): fc.Arbitrary<unknown> {
  const replaced = { weight: 1, arbitrary: wild };
  if (typeof value === "string")
    return fc.oneof({ weight: 3, arbitrary: fc.constant(value) }, replaced, {
      weight: 1,
      arbitrary: fc.tuple(fc.nat(value.length), text).map(([at, more]) => value.slice(0, at) + more + value.slice(at)),
    });
  if (Array.isArray(value))
    return fc.oneof(replaced, {
      weight: 8,
      arbitrary: fc.tuple(...value.map(mutated), fc.option(wild)).map((items) => items.filter((item) => item !== null)),
    });
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([name, entry]) =>
      fc.tuple(fc.oneof({ weight: 9, arbitrary: fc.constant(name) }, word), mutated(entry)),
    );
    return fc.oneof(replaced, {
      weight: 8,
      // JSON text, because `__proto__` in an object literal sets the prototype and adds no entry.
      arbitrary: fc
        .tuple(...entries)
        .map(
          (all) => JSON.parse(`{${all.map(([name, entry]) => `${JSON.stringify(name)}:${JSON.stringify(entry)}`).join(",")}}`) as unknown,
        ),
    });
  }
  return fc.oneof({ weight: 3, arbitrary: fc.constant(value) }, replaced);
}

function exampleOf(name: KeyName): unknown {
  const { example, type } = describeKey(name);
  return type === "string" ? example : (JSON.parse(example) as unknown);
}

const entry = fc.constantFrom(...KEY_NAMES).chain((name) => fc.tuple(fc.constant(name as string), mutated(exampleOf(name))));
const unknownEntry = fc.tuple(text, text);
const changes = fc.array(fc.oneof({ weight: 9, arbitrary: entry }, { weight: 1, arbitrary: unknownEntry }), { minLength: 1, maxLength: 6 });

/** The configuration as the Pulumi engine passes it: each value is a string. */
function asRaw(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const given = entries.map(([name, value]) => [`okd-aws:${name}`, typeof value === "string" ? value : JSON.stringify(value)] as const);
  return Object.fromEntries([...Object.entries(VALID), ...given]);
}

/** Computes everything that the program derives from an accepted configuration without the Pulumi engine. */
function everythingOf(raw: Record<string, unknown>): void {
  const configuration = parseConfiguration(raw);
  const { platform } = configuration;
  const installConfig = renderInstallConfig(configuration, {
    sshPublicKey: "ssh-ed25519 x",
    zones: ["us-east-1a"],
    credentialsMode: "manual",
  });
  expect(load(installConfig)).toMatchObject({ metadata: { name: configuration.clusterName } });
  JSON.parse(bootstrapPointer({ bucket: "b", key: "k" }, configuration));
  const objects = [
    oauth(platform.authentication),
    ...bindings(platform.authentication),
    ...platform.accessControl.groups.map(groupObject),
    ...platform.authentication.identityProviders.map((provider) => identityProviderObjects(provider).entry),
    ...platform.authentication.identityProviders.flatMap((provider) =>
      provider.type === "LDAP" && provider.groupSync !== undefined ? ldapGroupSync({ ...provider, groupSync: provider.groupSync }) : [],
    ),
    ...nodeMachineConfigs(platform.settings.nodes),
  ];
  // Kubernetes gets each object as JSON. The same object in YAML must have the same content.
  for (const object of objects)
    if (object !== undefined) expect(load(dump(JSON.parse(JSON.stringify(object))))).toEqual(JSON.parse(JSON.stringify(object)));
  if (platform.etcdBackup) {
    const { files } = etcdBackupContent({ backup: platform.etcdBackup, region: "us-east-1", snapshotBucket: "s", resourcesBucket: "r" });
    const environment = files?.find(({ path }) => path.endsWith(".env"))?.contents ?? "";
    for (const line of environment.trimEnd().split("\n")) expect(line).toMatch(/^export [A-Z_]+=/);
  }
}

/** Characters that a terminal interprets, or that change the direction of the text after them. */
const OBEYED = /[\p{Cc}\p{Cs}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u;

test("every random configuration gives problems without control characters, or valid objects", () => {
  let accepted = 0;
  fc.assert(
    fc.property(changes, (entries) => {
      const raw = asRaw(entries);
      const problems = problemsOf(raw);
      for (const problem of problems) for (const part of Object.values(problem)) expect(part as string).not.toMatch(OBEYED);
      if (problems.length > 0) return;
      accepted += 1;
      everythingOf(raw);
    }),
    { numRuns: 1500 },
  );
  expect(accepted).toBeGreaterThan(50);
  expect(Object.keys(Object.prototype)).toEqual([]);
}, 600_000);

/** With these configurations the program once ended with an exception, or it wrongly accepted them. */
describe("names of JavaScript's Object.prototype", () => {
  const github = (name: string) => ({ identityProviders: [{ name, type: "GitHub", clientID: "x", organizations: ["example"] }] });
  const htpasswd = (more: object) => ({
    identityProviders: [{ name: "h", type: "HTPasswd" }],
    htpasswdUsers: { anna: "a good password" },
    ...more,
  });

  test.each<[string, Record<string, unknown>, string, string]>([
    [
      "an identity provider called constructor needs a secret",
      github("constructor"),
      "identityProviderSecrets",
      'has no entry "constructor", but the identity provider of that name needs its client secret',
    ],
    [
      "administrators whom no provider knows",
      htpasswd({ clusterAdmins: ["constructor", "toString"] }),
      "clusterAdmins",
      "names constructor, toString, who can't log in: htpasswdUsers does not have the name",
    ],
    [
      "a schedule called constructor",
      { etcdBackupSchedule: "constructor" },
      "etcdBackupSchedule",
      "is not a systemd calendar expression: constructor is not a weekday such as Mon, Mon..Fri or Sat,Sun",
    ],
    [
      "a capability called constructor",
      { baselineCapabilitySet: "vCurrent", additionalEnabledCapabilities: ["constructor"] },
      "additionalEnabledCapabilities",
      'item 1 ("constructor") is not the name of a capability',
    ],
  ])("get no inherited meaning: %s", (_, keys, key, wrong) => {
    expect(problemsOf(withKeys(keys)).map((problem) => [problem.key, problem.wrong])).toEqual([[key, wrong]]);
  });

  test.each<[string, string]>([
    ["tags", '{"team": "x", "__proto__": "y"}'],
    ["htpasswdUsers", '{"__proto__": "a good password"}'],
    ["nodeTuning", '{"worker": {"__proto__": {"maxPods": 20}}}'],
    ["routerShards", '[{"name": "x", "__proto__": {"domain": "y"}}]'],
    ["projectQuota", '{"__proto__": "4"}'],
  ])("are refused as entry __proto__ in %s", (key, value) => {
    expect(problemsOf({ ...withKeys({}), [`okd-aws:${key}`]: value }).map((problem) => [problem.key, problem.wrong])).toEqual([
      [key, "has an entry called __proto__, which JavaScript programs can't store"],
    ]);
  });
});
