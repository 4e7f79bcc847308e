import { checkConfiguration } from "../../../../config/parse";
import { OPENSHIFT, problemKeys, problemsOf, withKeys } from "../fixture";

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

describe("forceUpdate without releaseImage", () => {
  test.each<[string, Record<string, unknown>, string]>([
    ["OKD", {}, "quay.io/okd/scos-release:4.19.0-okd-scos.1"],
    ["OpenShift", OPENSHIFT, "quay.io/openshift-release-dev/ocp-release:4.19.3-x86_64"],
    [
      "OpenShift on arm64",
      { ...OPENSHIFT, masterInstanceType: "m6g.xlarge", workerInstanceType: "m6g.large" },
      "quay.io/openshift-release-dev/ocp-release:4.19.3-aarch64",
    ],
  ])("is refused with the command that prints the digest of the release image: %s", (_, keys, image) => {
    const problems = problemsOf(withKeys({ ...keys, releaseImage: undefined, forceUpdate: true }));
    expect(problems.map(({ key }) => key)).toEqual(["forceUpdate"]);
    expect(problems[0].fix).toContain(`oc adm release info --output 'jsonpath={.digest}' ${image}"`);
  });
});

test.each(["stable-4.19", "eus-4.18", "candidate-5.1", "stable-scos-4"])("the update channel %s is accepted", (updateChannel) => {
  expect(problemKeys({ updateChannel })).toEqual([]);
});
