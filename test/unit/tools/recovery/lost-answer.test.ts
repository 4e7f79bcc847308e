/** Creations whose answer was lost after AWS had carried them out. The request is sent again, and AWS refuses the second request. */
import type { RecoveryAccount } from "../../../../tools/recovery/account";
import { saysExists, saysGone } from "../../../../tools/recovery/lost-answer";
import { recover } from "../../../../tools/recovery/recover";
import type { StackState, StateResource } from "../../../../tools/recovery/state";

const urn = (type: string, name: string) => `urn:pulumi:dev::okd-aws::${type}::${name}`;
const identity: StateResource = {
  urn: urn("pulumi-nodejs:dynamic/okd:ClusterIdentity", "cluster"),
  type: "pulumi-nodejs:dynamic/okd:ClusterIdentity",
  id: "dev-2nnq6",
};
const creation = (type: string, inputs: Readonly<Record<string, unknown>>): StateResource => ({ urn: urn(type, "some"), type, inputs });

describe("a refused creation", () => {
  it.each([
    "operation error IAM: CreateRole, https response error StatusCode: 409, RequestID: …, EntityAlreadyExists: Role with name dev-2nnq6-worker-role already exists.",
    "creating ELBv2 Target Group (dev-2nnq6-aext): operation error Elastic Load Balancing v2: CreateTargetGroup, DuplicateTargetGroupName: A target group …",
    "creating EC2 Subnet: operation error EC2: CreateSubnet, api error InvalidSubnet.Conflict: The CIDR '10.0.0.0/20' conflicts with another subnet",
    "InvalidChangeBatch: [Tried to create resource record set [name='api.dev.okd.example.com.', type='A'] but it already exists]",
    "creating S3 Bucket (dev-2nnq6-etcd-backup): BucketAlreadyExists",
    "1 error occurred:\n\t* creating S3 Bucket (dev-2nnq6-etcd-backup): BucketAlreadyExists\n\n",
  ])("means that the resource exists: %s", (message) => {
    expect(saysExists(message)).toBe(true);
  });

  it.each([
    "creating S3 Bucket (dev): BucketAlreadyExists: The requested bucket name is not available.",
    "creating Route 53 Hosted Zone: ConflictingDomainExists: The VPC is already associated with another hosted zone of this name",
    "operation error IAM: CreateRole, AccessDenied: User is not authorized to perform: iam:CreateRole",
    "creating S3 Bucket (dev): operation error S3: CreateBucket, https response error StatusCode: 409, RequestID: …, BucketAlreadyExists: ",
  ])("does not mean that the resource exists: %s", (message) => {
    expect(saysExists(message)).toBe(false);
  });
});

describe("a failed deletion", () => {
  const failure = (text: string) => `deleting urn:pulumi:dev::okd-aws::aws:lb/listener:Listener::aext: 1 error occurred:\n\t* ${text}`;

  it.each([
    "deleting ELBv2 Listener (arn:…): operation error Elastic Load Balancing v2: DeleteListener, ListenerNotFound: The specified listener does not exist.",
    "api error InvalidVpcID.NotFound: The vpc ID 'vpc-1' does not exist",
    "NoSuchEntity: The role with name dev cannot be found.",
    "api error ResourceNotFoundException: Secrets Manager can't find the specified secret.",
  ])("means that the resource does not exist: %s", (text) => {
    expect(saysGone(failure(text))).toBe(true);
  });

  it.each([
    failure("DependencyViolation: The vpc 'vpc-1' has dependencies and cannot be deleted."),
    failure("AccessDenied: User is not authorized to perform: elasticloadbalancing:DeleteListener"),
    "creating EC2 Route: api error InvalidRouteTableID.NotFound: The routeTable ID 'rtb-1' does not exist",
  ])("does not mean that the resource does not exist: %s", (message) => {
    expect(saysGone(message)).toBe(false);
  });
});

describe("the recovery of a refused creation", () => {
  async function recovering(
    failed: StateResource,
    resources: readonly StateResource[] = [identity],
    account: Partial<RecoveryAccount> = {},
  ) {
    const state: StackState = { deployment: { resources } };
    let imported: StackState | undefined;
    const did: string[] = [];
    const { adopted } = await recover(
      (args, input) => {
        if (args[1] === "export") return Promise.resolve(JSON.stringify(state));
        if (args[1] === "import") imported = JSON.parse(input ?? "") as StackState;
        did.push(args.join(" "));
        return Promise.resolve("");
      },
      account as RecoveryAccount,
      [failed],
    );
    return { adopted, did, added: imported?.deployment.resources?.slice(resources.length) };
  }

  it("imports and reads a resource with the cluster's name", async () => {
    const role = creation("aws:iam/role:Role", { name: "dev-2nnq6-worker-role" });
    expect(await recovering(role)).toEqual({
      adopted: [role.urn],
      did: ["stack import", `refresh --yes --skip-preview --target ${role.urn}`],
      added: [{ ...role, id: "dev-2nnq6-worker-role", outputs: {} }],
    });
  });

  it("imports a resource that belongs to another resource of the cluster, such as a route to its route table", async () => {
    const route = creation("aws:ec2/route:Route", { routeTableId: "rtb-1", destinationCidrBlock: "0.0.0.0/0" });
    expect((await recovering(route)).adopted).toEqual([route.urn]);
  });

  it.each([
    ["imports a bucket of this account", "dev-2nnq6-etcd-backup", 1],
    ["does not import a bucket that this account does not have", undefined, 0],
  ])("%s", async (_, found, count) => {
    const bucket = creation("aws:s3/bucket:Bucket", { bucket: "dev-2nnq6-etcd-backup" });
    expect((await recovering(bucket, [identity], { findBucket: () => Promise.resolve(found) })).adopted).toHaveLength(count);
  });

  it.each([
    ["an alias", { aliases: [{ name: "dev-2nnq6-int.elb.amazonaws.com" }] }],
    ["an alias that the provider stores as an object", { aliases: { name: "dev-2nnq6-int.elb.amazonaws.com" } }],
    ["a CNAME", { records: ["dev-2nnq6-int.elb.amazonaws.com"] }],
  ])("imports a record that points to the stack's load balancer: %s", async (_, target) => {
    const record = creation("aws:route53/record:Record", { zoneId: "Z1", name: "api.dev.okd.example.com", type: "A", ...target });
    const findRecord: RecoveryAccount["findRecord"] = ({ zoneId, name, type }, to) =>
      Promise.resolve(to === "dev-2nnq6-int.elb.amazonaws.com" ? [zoneId, name, type].join("_") : undefined);
    const { adopted, added } = await recovering(record, [identity], { findRecord });
    expect([adopted, added?.[0].id]).toEqual([[record.urn], "Z1_api.dev.okd.example.com_A"]);
  });

  it.each([
    ["has another name", creation("aws:s3/bucket:Bucket", { bucket: "registry-of-all-clusters" }), [identity]],
    ["the state has", creation("aws:iam/role:Role", { name: "dev-2nnq6-worker-role" }), [identity, creation("aws:iam/role:Role", {})]],
    ["was created before the cluster's identity", creation("aws:iam/role:Role", { name: "dev-2nnq6-worker-role" }), []],
  ])("does not import a resource that %s", async (_, resource, resources) => {
    expect(await recovering(resource, resources)).toEqual({ adopted: [], did: [], added: undefined });
  });
});
