import * as pulumi from "@pulumi/pulumi";
import { isImageCopied } from "../../../components/machines/machine-image";
import { publishesImageIn, sourceRegion, streamImage } from "../../../ignition/coreos-stream";
import { problemKeys, problemsOf, withKeys } from "../config/fixture";

describe("the instances' AMI", () => {
  const stream = JSON.stringify({
    architectures: {
      x86_64: { images: { aws: { regions: { "us-east-1": { image: "ami-x86" }, "us-gov-west-1": { image: "ami-gov" } } } } },
      aarch64: { images: { aws: { regions: { "us-east-1": { image: "ami-arm" } } } } },
    },
  });

  test("is the AMI that the stream metadata names for the architecture and the region", () => {
    expect(streamImage(stream, "amd64", "us-east-1")).toBe("ami-x86");
    expect(streamImage(stream, "arm64", "us-east-1")).toBe("ami-arm");
    expect(streamImage(stream, "amd64", "us-gov-west-1")).toBe("ami-gov");
  });

  test("is an error that lists the regions with an AMI if the stream has none for the region", () => {
    expect(() => streamImage(stream, "amd64", "eu-central-1")).toThrow(
      "no x86_64 image in eu-central-1; it has them in us-east-1, us-gov-west-1",
    );
    expect(() => streamImage('{"architectures":{"x86_64":{}}}', "arm64", "us-east-1")).toThrow("no AWS images for aarch64");
  });

  test.each<["okd" | "openshift", string, string, boolean, string | undefined]>([
    ["okd", "4.19.0-okd-scos.1", "us-east-1", true, "us-east-1"],
    ["okd", "4.19.0-okd-scos.1", "us-east-2", false, "us-east-1"],
    ["okd", "4.22.0-okd-scos.7", "eu-central-1", false, "us-east-1"],
    ["okd", "4.19.0-okd-scos.1", "us-gov-west-1", true, "us-gov-west-1"],
    ["okd", "4.19.0-okd-scos.1", "us-gov-east-1", false, "us-gov-west-1"],
    // These releases boot Fedora CoreOS, which is published only in the commercial partition.
    ["okd", "4.18.0-okd-scos.9", "eu-central-1", true, "us-east-1"],
    ["okd", "4.16.0-okd-scos.1", "us-gov-west-1", false, undefined],
    ["openshift", "4.19.3", "eu-central-1", true, "us-east-1"],
    ["openshift", "4.19.3", "us-gov-east-1", true, "us-gov-west-1"],
    ["openshift", "4.19.3", "ap-east-2", false, "us-east-1"],
    ["openshift", "4.20.3", "ap-east-2", true, "us-east-1"],
    ["openshift", "4.22.9", "me-south-1", false, "us-east-1"],
    // It is not known whether the image is published in this region, so it is copied.
    ["openshift", "4.16.3", "mx-central-1", false, "us-east-1"],
    ["openshift", "5.0.0-ec.6", "ap-southeast-6", true, "us-east-1"],
  ])("of %s %s in %s: published there %s, otherwise copied from %s", (distribution, release, region, published, source) => {
    const question = { distribution, release, region };
    expect([publishesImageIn(question), sourceRegion(question)]).toEqual([published, source]);
  });

  test("does not exist for OKD up to 4.18 in GovCloud, so the configuration is refused", () => {
    const gov = { "aws:region": "us-gov-west-1", zones: ["us-gov-west-1a"] };
    expect(problemKeys({ ...gov, release: "4.18.0-okd-scos.9" })).toContain("release");
    expect(problemsOf(withKeys({ ...gov, release: "4.18.0-okd-scos.9" })).map(({ wrong }) => wrong)).toContain(
      "has no AMI for us-gov-west-1: the AMIs of OKD 4.18 (fcos.json) are in other AWS partitions",
    );
    expect(problemKeys({ ...gov, release: "4.19.0-okd-scos.1" })).not.toContain("release");
  });

  // The stream belongs to the release that was installed. `release` is the release to which the cluster is updated.
  test.each<["openshift" | "okd", string, string, "before-first-boot" | "installed", readonly string[], boolean]>([
    ["openshift", "4.20.3", "ap-east-2", "before-first-boot", ["us-east-1"], false],
    ["openshift", "4.20.3", "ap-east-2", "installed", ["us-east-1"], true],
    ["openshift", "4.20.3", "ap-east-2", "installed", ["us-east-1", "ap-east-2"], false],
    ["openshift", "4.19.3", "ap-east-2", "installed", ["us-east-1"], true],
    ["openshift", "4.20.3", "eu-west-1", "installed", ["us-east-1"], false],
    ["okd", "4.22.0-okd-scos.7", "eu-west-1", "installed", ["us-east-1", "eu-west-1"], true],
  ])(
    "of %s %s in %s, in the phase %s, with a stream for the regions %j: copied %s",
    async (distribution, release, region, phase, regions, copied) => {
      const aws = { regions: Object.fromEntries(regions.map((each) => [each, { image: `ami-${each}` }])) };
      const metadata = pulumi.output(JSON.stringify({ architectures: { x86_64: { images: { aws } } } }));
      expect(await isImageCopied({ distribution, release, region, architecture: "amd64" }, metadata, phase)).toBe(copied);
    },
  );
});
