import { checkConfiguration } from "../../../../config/parse";
import { problemKeys, withKeys } from "../fixture";

const warningsOf = (changes: Readonly<Record<string, unknown>>) => checkConfiguration(withKeys(changes)).warnings.map(({ text }) => text);

describe("tlsProfile Modern", () => {
  const modern = (release: string) => ({ tlsProfile: "Modern", release });

  test.each(["4.16.0-okd-scos.1", "4.18.0-okd-scos.9"])("is refused with release %s", (release) => {
    expect(problemKeys(modern(release))).toEqual(["tlsProfile"]);
  });

  test("gives a warning with 4.19 and 4.20, and none from 4.21 on", () => {
    const unsupported = [expect.stringContaining("OpenShift supports it only from 4.21 on")];
    expect(warningsOf(modern("4.19.0-okd-scos.1"))).toEqual(unsupported);
    expect(warningsOf(modern("4.20.0-okd-scos.1"))).toEqual(unsupported);
    expect(warningsOf(modern("4.21.0-okd-scos.1"))).toEqual([]);
  });
});

test.each(["stable-4.19", "eus-4.18", "candidate-5.1", "stable-scos-4"])("the update channel %s is accepted", (updateChannel) => {
  expect(problemKeys({ updateChannel })).toEqual([]);
});
