import { parseConfiguration } from "../../../../config/parse";
import { bindings } from "../../../../cluster-objects/authentication/bindings";
import { ldapGroupSync } from "../../../../cluster-objects/authentication/ldap-group-sync";
import { oauth } from "../../../../cluster-objects/authentication/oauth";
import { schemaProblems } from "../../../../cluster-objects/schema/check";
import { examplesOf } from "../../../facts/documented";
import { documentedSecrets } from "../../../facts/identity-providers";
import { withKeys } from "../../config/fixture";

const examples = examplesOf("authentication.md");

test("docs/authentication.md has an example of each identity provider", () => {
  const types = examples.flatMap(({ keys }) => ((keys.identityProviders ?? []) as { type: string }[]).map(({ type }) => type));
  expect([...new Set(types)].sort()).toEqual(
    ["BasicAuth", "GitHub", "GitLab", "Google", "HTPasswd", "Keystone", "LDAP", "OpenID", "RequestHeader"].sort(),
  );
});

test.each(examples.map(({ heading, keys }) => [heading, keys] as const))(
  "the example of %s is valid, and its objects match their definitions",
  (_, keys) => {
    const { authentication } = parseConfiguration(withKeys({ ...keys, ...documentedSecrets(keys) })).platform;
    const synchronized = authentication.identityProviders.filter(({ type }) => type === "LDAP");
    const objects = [oauth(authentication), ...bindings(authentication), ...synchronized.flatMap((ldap) => ldapGroupSync(ldap as never))];
    const made = objects.flatMap((object) => object ?? []);
    expect(made.length).toBeGreaterThan(0);
    expect(made.flatMap((object) => schemaProblems(object))).toEqual([]);
  },
);
