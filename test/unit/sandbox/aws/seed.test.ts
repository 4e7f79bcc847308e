import { imagesOfStream } from "../../../../sandbox/aws/seed";

describe("the AMIs of a release's stream metadata", () => {
  it("are listed by region for both architectures, with EC2's names of the architectures", () => {
    const region = (image: string): { release: string; image: string } => ({ release: "9.0.2", image });
    const images = imagesOfStream({
      stream: "scos-4.19",
      architectures: {
        x86_64: { images: { aws: { regions: { "us-east-1": region("ami-1"), "us-gov-west-1": region("ami-2") } } } },
        aarch64: { images: { aws: { regions: { "us-east-1": region("ami-3") } } } },
        ppc64le: { images: {} },
      },
    });
    expect(Object.keys(images)).toEqual(["us-east-1", "us-gov-west-1"]);
    expect(images["us-east-1"].map(({ id, architecture }) => [id, architecture])).toEqual([
      ["ami-1", "x86_64"],
      ["ami-3", "arm64"],
    ]);
    expect(images["us-east-1"][0].name).toBe("scos-4.19-9.0.2-x86_64");
  });

  it("are an empty list for a release without AMIs", () => {
    expect(imagesOfStream({ stream: "none", architectures: { x86_64: { images: {} } } })).toEqual({});
  });
});
