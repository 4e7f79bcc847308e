import fc from "fast-check";
import { recordName, targetName } from "../../../../lib/aws/record-name";

/** The texts that Route 53 returns for a name (Route 53 developer guide, "DNS domain name format"). */
const returned = (name: string): string =>
  `${name.toLowerCase().replace(/[^a-z0-9\-_.]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, "0")}`)}.`;

test("a record name equals the escaped name that Route 53 returns, whatever its characters", () => {
  const label = fc.string({ minLength: 1, unit: fc.constantFrom(..."abzABZ019-_*@!~+ $".split("")) });
  fc.assert(
    fc.property(fc.array(label, { minLength: 1, maxLength: 5 }), (labels) => {
      const name = labels.join(".");
      expect(recordName(returned(name))).toBe(recordName(name));
    }),
  );
});

test.each([
  ["\\052.apps.dev.example.com.", "*.apps.dev.example.com"],
  ["API.dev.example.com", "api.dev.example.com"],
  ["a\\100b.example.com.", "a@b.example.com"],
])("the record name %s is normalized to %s", (given, name) => {
  expect(recordName(given)).toBe(name);
});

test(`an alias target is compared without the prefix "dualstack."`, () => {
  expect(targetName("dualstack.Router-1.us-east-1.elb.amazonaws.com.")).toBe("router-1.us-east-1.elb.amazonaws.com");
  expect(targetName(undefined)).toBe("");
});
