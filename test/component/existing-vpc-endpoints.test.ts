/** Disconnected clusters in an existing VPC. program.ts lists the facts that this kind of test cannot prove. */
import { devStack } from "./configurations";
import { describedVpc, existing } from "./described-vpc";
import { type AwsAnswers, Program } from "./program";

type Keys = Readonly<Record<string, unknown>>;

const run = (changes: Keys, found: AwsAnswers = {}) => Program.run(devStack(changes), found);
const releaseImage = `quay.io/okd/scos-release@sha256:${"0123456789abcdef".repeat(4)}`;

describe("an existing VPC of a disconnected cluster", () => {
  const restricted = { ...existing, installerHost: true, mirror: "restricted", credentialsMode: "passthrough", releaseImage };
  /** The existing endpoints, by service and type. For a missing endpoint the answer is the provider's error. */
  const endpoints = (...there: readonly string[]): AwsAnswers => ({
    "aws:ec2/getVpcEndpoint:getVpcEndpoint": ({ serviceName, filters, vpcId, state }) => {
      const [{ values }] = filters as { values: string[] }[];
      expect([vpcId, state]).toEqual([existing.vpcId, "available"]);
      if (!there.includes(`${String(serviceName)} ${values[0]}`)) throw refusal("no matching EC2 VPC Endpoint found");
      return { id: "vpce-1", routeTableIds: ["rtb-main"], privateDnsEnabled: true };
    },
  });
  const name = (service: string, kind = "Interface") => `com.amazonaws.us-east-1.${service} ${kind}`;
  /** An error of the provider as the Pulumi engine passes it on: the SDK reads `details`. */
  const refusal = (details: string) => Object.assign(new Error(details), { details });
  const isolated = describedVpc({ defaultRoute: { gatewayId: "" } });

  test("is refused before any resource is created if endpoints are missing, and the message names each of them", async () => {
    const { message, declared } = await Program.refusal(devStack(restricted), { ...isolated, ...endpoints(name("ec2")) });
    expect(message.match(/names a VPC without an? \w+ endpoint of \S+(?=,)/g)).toEqual([
      "names a VPC without a gateway endpoint of com.amazonaws.us-east-1.s3",
      "names a VPC without an interface endpoint of com.amazonaws.us-east-1.elasticloadbalancing",
      "names a VPC without an interface endpoint of com.amazonaws.us-east-1.sts",
    ]);
    expect(message).toContain("--service-name com.amazonaws.us-east-1.s3 --route-table-ids rtb-main");
    expect(declared).toEqual([]);
  });

  test("is refused in the same way with a proxy that noProxy * disables", async () => {
    const keys = { ...restricted, httpsProxy: "http://proxy:3128", noProxy: "*" };
    const { message } = await Program.refusal(devStack(keys), { ...isolated, ...endpoints() });
    expect(message).toContain("names a VPC without a gateway endpoint of com.amazonaws.us-east-1.s3,");
  });

  test("is accepted with all endpoints; with another egress it needs no endpoints", async () => {
    const all = [name("s3", "Gateway"), ...["ec2", "elasticloadbalancing", "sts"].map((service) => name(service))];
    expect((await run(restricted, { ...isolated, ...endpoints(...all) })).all("aws:ec2/vpcEndpoint:VpcEndpoint")).toEqual([]);
    expect((await run(restricted, { ...describedVpc(), ...endpoints() })).all("aws:ec2/vpcEndpoint:VpcEndpoint")).toEqual([]);
    expect((await run({ ...restricted, httpsProxy: "http://proxy:3128" }, isolated)).all("aws:ec2/vpcEndpoint:VpcEndpoint")).toEqual([]);
  });

  test("is accepted if the credentials may not describe endpoints", async () => {
    const denied = () => {
      throw refusal("UnauthorizedOperation: You are not authorized to perform this operation");
    };
    await run(restricted, { ...isolated, "aws:ec2/getVpcEndpoint:getVpcEndpoint": denied });
  });
});
