import fc from "fast-check";
import { bindNameProblem, dnProblem, ldapFilterProblem, ldapUrlProblem } from "../../../../config/authentication/ldap";
import { problemsOf, withKeys } from "../fixture";

/** go-ldap 3.4.8 (CompileFilter) accepts all of these filters. */
const FILTERS = [
  "(cn=x)",
  "(objectClass=*)",
  "(cn=x*y*)",
  "(&(objectClass=person)(!(cn=test*)))",
  "(|(cn=Büro)(sn>=M)(sn<=Z)(cn~=x))",
  "(memberOf=CN=Doe\\5c, John,OU=Admins,DC=corp)",
  "(memberOf=CN=Operations \\28Cloud\\29,OU=Groups,DC=corp)",
  "(memberOf:1.2.840.113556.1.4.1941:=CN=Admins,OU=Groups,DC=corp)",
  "(cn:dn:caseExactMatch:=x)",
  "(:caseExactMatch:=x)",
  "(userCertificate;binary=*)",
  "(1.2.840.113556.1.4.8:1.2.840.113556.1.4.803:=512)",
  "(&)",
  "((cn=x))",
  "(cn=)",
];

/** Invalid filters, each with the reason. go-ldap refuses these filters, or the LDAP server refuses those that go-ldap accepts. */
const NOT_FILTERS: readonly (readonly [filter: string, wrong: string])[] = [
  ["objectClass=group", "without parentheses around it"],
  ["(((objectClass", "without parentheses around it"],
  ["(((objectClass)", 'with "(objectClass)", which compares nothing'],
  ["(memberOf=CN=Doe\\, John,OU=Admins,DC=corp)", 'with "\\\\, ", but a \\ needs two hexadecimal digits after it'],
  ["(sAMAccountName=CORP\\user)", 'with "\\\\us", but a \\ needs two hexadecimal digits after it'],
  ["(cn=\\zz)", 'with "\\\\zz", but a \\ needs two hexadecimal digits after it'],
  ["(cn=x\\)", 'with "\\\\", but a \\ needs two hexadecimal digits after it'],
  ["(cn=\\2)", 'with "\\\\2", but a \\ needs two hexadecimal digits after it'],
  ["(cn)", 'with "(cn)", which compares nothing'],
  ["(cn~x)", 'with "(cn~x)", which compares nothing'],
  ["()", 'with "()", which compares nothing'],
  ["(=x)", 'with "" before an =, where an attribute is expected'],
  ["( cn=x)", 'with " cn" before an =, where an attribute is expected'],
  ["(:=x)", 'with ":" before an =, where an attribute is expected'],
  ["(!(a=b)(c=d))", "with 2 filters after !, which needs exactly one"],
  ["(!)", "with 0 filters after !, which needs exactly one"],
  ["(&(objectClass=person)(!(a=1)(b=2)))", "with 2 filters after !, which needs exactly one"],
  ["((a=b)(c=d))", "with 2 filters without & or | before them"],
  ["(|(cn=x)y)", 'with "y)" where a filter in parentheses or a closing parenthesis is expected'],
  ["(&(a=b) (c=d))", 'with " (c=d))" where a filter in parentheses or a closing parenthesis is expected'],
  ["(!cn=x)", 'with "cn=x)" where a filter in parentheses or a closing parenthesis is expected'],
  ["(cn=a)(cn=b)", "with unbalanced parentheses"],
  ["((cn=a)", "with unbalanced parentheses"],
  ["(&(cn=a)", "with unbalanced parentheses"],
  ["(cn=Operations (Cloud))", "with unbalanced parentheses"],
  [`${"(!".repeat(60)}(a=b)${")".repeat(60)}`, "that is nested more than 50 levels deep"],
];

const ldap = (url: string, groupSync?: object) => ({
  identityProviders: [
    {
      name: "ldap",
      type: "LDAP",
      url,
      ...(groupSync && { groupSync: { schedule: "@hourly", usersBaseDN: "ou=people,dc=corp", ...groupSync } }),
    },
  ],
});
const URL = "ldaps://ldap.example.com/dc=corp?uid";

describe("an LDAP filter", () => {
  test.each(FILTERS)("is accepted: %s", (filter) => {
    expect(ldapFilterProblem(filter)).toBeUndefined();
    expect(ldapUrlProblem(`${URL}?sub?${filter}`)).toBeUndefined();
  });

  test.each(NOT_FILTERS)("is refused: %s", (filter, wrong) => {
    expect(ldapFilterProblem(filter)?.wrong).toBe(`is a filter ${wrong}`);
    expect(ldapUrlProblem(`${URL}?sub?${filter}`)?.wrong).toBe(`has a filter ${wrong}`);
  });

  test.each([
    ["usersFilter", { schema: "activeDirectory", usersFilter: "(((objectClass" }],
    ["groupsFilter", { groupsBaseDN: "ou=groups,dc=corp", groupsFilter: "objectClass=group" }],
  ])("is checked in groupSync.%s", (field, groupSync) => {
    expect(problemsOf(withKeys(ldap(URL, groupSync))).map(({ key, wrong }) => [key, wrong])).toEqual([
      ["identityProviders", `item 1 (ldap): groupSync.${field} is a filter without parentheses around it`],
    ]);
  });

  test("of random characters never makes the parser throw", () => {
    const character = fc.constantFrom(..."( ) & | ! = < > ~ : * \\ a b 2 ,".split(" "));
    fc.assert(
      fc.property(fc.array(character, { maxLength: 30 }), (characters) => {
        const problem = ldapFilterProblem(`(${characters.join("")})`);
        expect(problem?.wrong ?? "is a filter ").toMatch(/^is a filter /);
      }),
    );
  });
});

describe("an LDAP distinguished name (DN)", () => {
  test.each([
    "ou=people,dc=example,dc=com",
    "OU=Domain Users, O=My Company,DC=example",
    "ou=Sales\\, Inc,dc=example",
    "cn=Büro\\+Lager+uid=7,2.5.4.10=Example",
    "cn=a\\\\,dc=b",
    "cn=\\c3\\a4,dc=b",
    "cn=#0c0161,dc=b",
    "cn=,dc=b",
    "<GUID=7f8a3d52-0000-0000-0000-000000000000>",
  ])("is accepted: %s", (dn) => {
    expect(dnProblem(dn)).toBeUndefined();
    expect(problemsOf(withKeys(ldap(`ldaps://ldap.example.com/${encodeURIComponent(dn)}?uid`, { groupsBaseDN: dn })))).toEqual([]);
  });

  test.each([
    ["people", 'is not a DN: "people" is not of the form attribute=value'],
    ["example.com", 'is not a DN: "example.com" is not of the form attribute=value'],
    ["ou=people,", 'is not a DN: "" is not of the form attribute=value'],
    ["ou=Sales, Inc,dc=example", 'is not a DN: " Inc" is not of the form attribute=value'],
    ["(ou=people)", 'is not a DN: "(ou=people)" is not of the form attribute=value'],
    ["=people", 'is not a DN: "=people" is not of the form attribute=value'],
    ["cn=#operations", 'is not a DN: "cn=#operations" is not of the form attribute=value'],
    ["cn=CORP\\user", "has a \\ without a special character or two hexadecimal digits after it"],
    ["cn=x\\", "has a \\ without a special character or two hexadecimal digits after it"],
  ])("is refused: %s", (dn, wrong) => {
    expect(dnProblem(dn)?.wrong).toBe(wrong);
    expect(ldapUrlProblem(`ldaps://ldap.example.com/${encodeURIComponent(dn)}?uid`)?.wrong).toBe(`has a base DN that ${wrong}`);
  });

  test.each([
    ["usersBaseDN", { usersBaseDN: "people", groupsBaseDN: "ou=groups" }],
    ["groupsBaseDN", { groupsBaseDN: "people" }],
  ])("is checked in groupSync.%s", (field, groupSync) => {
    expect(problemsOf(withKeys(ldap(URL, groupSync))).map(({ wrong }) => wrong)).toEqual([
      `item 1 (ldap): groupSync.${field} is not a DN: "people" is not of the form attribute=value`,
    ]);
  });

  test("is required for each entry of groupSync.groups, except with the schema activeDirectory", () => {
    expect(
      problemsOf(withKeys(ldap(URL, { groupsBaseDN: "dc=corp", groups: ["cn=a,dc=corp", "admins"] }))).map(({ wrong }) => wrong),
    ).toEqual(['item 1 (ldap) has "admins" in groupSync.groups, which is not a DN']);
    expect(problemsOf(withKeys(ldap(URL, { schema: "activeDirectory", groups: ["admins"] })))).toEqual([]);
  });

  test.each(["cn=reader,dc=corp", "reader@corp.example.com", "CORP\\reader"])(
    "is accepted as bindDN, and so are the two other forms of a user name: %s",
    (name) => {
      expect(bindNameProblem(name)).toBeUndefined();
    },
  );

  test("with a mistake is refused as bindDN", () => {
    expect(bindNameProblem("cn=Doe, Jane,dc=corp")?.wrong).toBe('is not a DN: " Jane" is not of the form attribute=value');
  });
});
