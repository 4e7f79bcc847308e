import { problemKeys, OPENSHIFT } from "../fixture";

describe("a release for one processor architecture", () => {
  const graviton = {
    masterInstanceType: "m7g.xlarge",
    workerInstanceType: "m7g.xlarge",
    bootstrapInstanceType: "",
    installerHostInstanceType: "",
  };
  const image = (tag: string) => ({ ...OPENSHIFT, releaseImage: `quay.io/openshift-release-dev/ocp-release:${tag}` });

  test.each([
    [image("4.19.3-aarch64"), ["releaseImage"]],
    [image("4.19.3-ppc64le"), ["releaseImage"]],
    [{ ...image("4.19.3-x86_64"), ...graviton }, ["releaseImage"]],
    [{ ...OPENSHIFT, release: "4.22.0-0.nightly-arm64-2026-03-01-012345" }, ["release"]],
    [image("4.19.3-x86_64"), []],
    [image("4.19.3-multi"), []],
    [{ ...image("4.19.3-aarch64"), ...graviton }, []],
  ])("is refused if the instances have another one: %j gives problems of %j", (keys, expected) => {
    expect(problemKeys(keys)).toEqual(expected);
  });
});
