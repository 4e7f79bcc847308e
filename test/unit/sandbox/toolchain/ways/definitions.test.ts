import { selectDefinitions, type CrdManifest } from "../../../../../sandbox/toolchain/ways/definitions";
import { trimClients, trimServicePackages } from "../../../../../sandbox/toolchain/ways/trim-provider";

/** The parts of other projects' sources that builds use. */
const definition = (name: string, annotations: Record<string, string>, ...versions: string[]): CrdManifest => ({
  kind: "CustomResourceDefinition",
  metadata: { name, annotations },
  spec: { versions: versions.map((version) => ({ name: version })) },
});
const profile = { "include.release.openshift.io/self-managed-high-availability": "true" };
const featureSet = (names: string): Record<string, string> => ({ ...profile, "release.openshift.io/feature-set": names });

describe("the definitions of OpenShift's kinds", () => {
  test("are sorted, and only those of a self-managed cluster with the default feature set are kept", () => {
    const all = [
      definition("b", featureSet("Default"), "v1"),
      definition("b", featureSet("TechPreviewNoUpgrade"), "v1"),
      definition("a", featureSet("CustomNoUpgrade,Default"), "v1"),
      definition("every-set", profile, "v1"),
      definition("hosted", { "include.release.openshift.io/ibm-cloud-managed": "true" }, "v1"),
      definition("preview-only", featureSet("DevPreviewNoUpgrade"), "v1"),
    ];
    expect(selectDefinitions(all)).toEqual([all[2], all[0], all[3]]);
  });

  test.each([
    [["v1alpha1", "v1"], "v1"],
    [["v1", "v1alpha1"], "v1"],
    [["v1alpha1", "v1beta1"], "v1beta1"],
  ])("with the same name are reduced to the most stable version, of %s to %s", (versions, expected) => {
    const all = versions.map((version) => definition("a", profile, version));
    expect(selectDefinitions(all)).toEqual([definition("a", profile, expected)]);
  });
});

test("the trimmed source of the aws plugin keeps the wanted services' imports and entries, and all other code", () => {
  const source = `import (
	"slices"

	"github.com/hashicorp/terraform-provider-aws/internal/conns"
	"github.com/hashicorp/terraform-provider-aws/internal/service/ec2"
	"github.com/hashicorp/terraform-provider-aws/internal/service/ecs"
)

	v := []conns.ServicePackage{
		ec2.ServicePackage(ctx),
		ecs.ServicePackage(ctx),
	}
`;
  expect(trimServicePackages(source, new Set(["ec2"]))).toBe(
    source
      .split("\n")
      .filter((line) => !line.includes("ecs"))
      .join("\n"),
  );
});

test("the trimmed AWS clients keep the used methods and the imports that these need, even renamed ones", () => {
  const method = (name: string, code: string): string => `func (c *AWSClient) ${name}(ctx context.Context) any {\n\treturn ${code}\n}\n`;
  const head = (...imports: string[]): string => `package conns\n\nimport (\n\t"context"\n${imports.map((line) => `\t${line}\n`).join("")}`;
  const sdk = "github.com/aws/aws-sdk-go-v2";
  const all = [
    `"${sdk}/aws"`,
    `"${sdk}/service/ec2"`,
    `elb "${sdk}/service/elasticloadbalancingv2"`,
    `"${sdk}/service/s3"`,
    `"${sdk}/config"`,
  ];
  const methods = [
    method("EC2Client", "client[*ec2.Client](aws.X)"),
    method("ELBClient", "client[*elb.Client]()"),
    method("S3Client", "client[*s3.Client]()"),
  ];
  const source = `${head(...all)})\n\n${methods.join("\n")}`;
  expect(trimClients(source, new Set(["EC2Client", "ELBClient"]))).toBe(
    `${head(...all.slice(0, 3))})\n\n${methods.slice(0, 2).join("\n")}`,
  );
});
