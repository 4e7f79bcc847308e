import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type EmulatedAws, startAws } from "@okd-aws/sandbox/aws";
import { ensureToolchain } from "@okd-aws/sandbox/toolchain";
import { AwsAccount } from "../../tools/recovery/account";

const run = promisify(execFile);

/**
 * Creates a security group whose creation was interrupted before the default egress rule was removed, with an egress rule of the program. Prints the
 * group's ID.
 */
const unfinished = `
vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
group = ec2.create_security_group(GroupName="workers", Description="-", VpcId=vpc)["GroupId"]
ec2.authorize_security_group_egress(GroupId=group, IpPermissions=[{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}])
ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}])
print(json.dumps(group))
`;
/**
 * Creates a complete security group with the program's egress rule for all traffic. With the argument `described` the rule has a description. Prints
 * the group's ID and the rule's ID.
 */
const finished = `
vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
group = ec2.create_security_group(GroupName="host", Description="-", VpcId=vpc)["GroupId"]
everything = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
ec2.revoke_security_group_egress(GroupId=group, IpPermissions=[everything])
described = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0", "Description": "everything"}]}
rules = ec2.authorize_security_group_egress(GroupId=group, IpPermissions=[described if sys.argv[1] == "described" else everything])["SecurityGroupRules"]
print(json.dumps([group, rules[0]["SecurityGroupRuleId"]]))
`;
/** Creates records as the program does: wildcards and other names, as aliases and as CNAME records. One more wildcard points elsewhere. */
const records = `
dns = boto3.client("route53")
zone = dns.create_hosted_zone(Name="dev.okd.example.com", CallerReference="-")["HostedZone"]["Id"].removeprefix("/hostedzone/")
alias = {"HostedZoneId": "Z35SXDOTRQ7X7K", "DNSName": "dualstack.Router-1.us-east-1.elb.amazonaws.com", "EvaluateTargetHealth": False}
def cname(name, target):
    return {"Name": name, "Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": target}]}
sets = [
    {"Name": "*.apps.dev.okd.example.com", "Type": "A", "AliasTarget": alias},
    cname("*.shard.dev.okd.example.com", "router-2.us-east-1.elb.amazonaws.com"),
    cname("*.other.dev.okd.example.com", "somewhere.example.com"),
    cname("api.dev.okd.example.com", "api-1.elb.us-east-1.amazonaws.com"),
]
dns.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": each} for each in sets]})
print(json.dumps(zone))
`;
/** Creates a bucket of this account and one of another account. moto's header `x-moto-account-id` chooses the account. */
const buckets = `
s3 = boto3.client("s3", region_name="us-east-1")
s3.create_bucket(Bucket="dev-2nnq6-etcd-backup")
s3.meta.events.register("before-sign.s3", lambda request, **_: request.headers.add_header("x-moto-account-id", "999999999999"))
s3.create_bucket(Bucket="dev-2nnq6-etcd-resources")
print("null")
`;
/** Creates a file system with a mount target. Prints the IDs of the file system, the mount target and its subnet. */
const fileSystem = `
efs = boto3.client("efs", region_name="us-east-1")
vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/20", AvailabilityZone="us-east-1a")["Subnet"]["SubnetId"]
system = efs.create_file_system(CreationToken="dev-2nnq6-efs")["FileSystemId"]
print(json.dumps([system, efs.create_mount_target(FileSystemId=system, SubnetId=subnet)["MountTargetId"], subnet]))
`;
const rulesOf = `
rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [sys.argv[1]]}])["SecurityGroupRules"]
print(json.dumps(sorted([rule["IsEgress"], rule["IpProtocol"], rule["CidrIpv4"]] for rule in rules)))
`;

describe("the recovery of an account in which an update was killed", () => {
  const directory = mkdtempSync(join(tmpdir(), "recovery-"));
  let python: string;
  let aws: EmulatedAws;

  beforeAll(async () => {
    python = (await ensureToolchain(["moto"])).tools.moto;
    aws = await startAws({ directory, python, seed: { images: {}, zones: [] } });
    Object.assign(process.env, aws.environment);
  });

  afterAll(async () => {
    await aws.stop();
    rmSync(directory, { recursive: true });
  });

  const boto = async (script: string, ...args: readonly string[]): Promise<unknown> => {
    const env = { PATH: process.env.PATH, ...aws.environment };
    const program = `import boto3, json, sys\nec2 = boto3.client("ec2", region_name="us-east-1")\n${script}`;
    return JSON.parse((await run(python, ["-c", program, ...args], { env })).stdout);
  };

  test("deletes the default rule of a new security group once, and no other rule", async () => {
    const group = String(await boto(unfinished));
    const kept = [
      [false, "-1", "0.0.0.0/0"],
      [true, "tcp", "0.0.0.0/0"],
    ];
    expect(await boto(rulesOf, group)).toEqual([kept[0], [true, "-1", "0.0.0.0/0"], kept[1]]);
    const account = new AwsAccount("us-east-1");
    for (let time = 0; time < 2; time += 1) {
      await account.removeDefaultEgress(group, []);
      expect(await boto(rulesOf, group)).toEqual(kept);
    }
  });

  test("keeps an egress rule of the stack that allows everything: one with a description, and one in the state", async () => {
    const account = new AwsAccount("us-east-1");
    const rules = [[true, "-1", "0.0.0.0/0"]];
    const [described] = (await boto(finished, "described")) as string[];
    await account.removeDefaultEgress(described, []);
    expect(await boto(rulesOf, described)).toEqual(rules);
    const [other, rule] = (await boto(finished, "undescribed")) as string[];
    await account.removeDefaultEgress(other, [rule]);
    expect(await boto(rulesOf, other)).toEqual(rules);
    await account.removeDefaultEgress(other, []);
    expect(await boto(rulesOf, other)).toEqual([]);
  });

  test("finds a bucket of this account, no missing bucket, and refuses a bucket that S3 denies", async () => {
    await boto(buckets);
    const account = new AwsAccount("us-east-1");
    expect(await account.findBucket("dev-2nnq6-etcd-backup")).toBe("dev-2nnq6-etcd-backup");
    await expect(account.findBucket("dev-2nnq6-etcd-resources")).rejects.toThrow(
      /^the bucket dev-2nnq6-etcd-resources belongs to another account, or /,
    );
    expect(await account.findBucket("dev-2nnq6-missing")).toBeUndefined();
  });

  test("finds a file system by its creation token, and its mount target by the subnet", async () => {
    const [system, target, subnet] = (await boto(fileSystem)) as string[];
    const account = new AwsAccount("us-east-1");
    expect(await account.findFileSystem("dev-2nnq6-efs")).toBe(system);
    expect(await account.findFileSystem("dev-other-efs")).toBeUndefined();
    expect(await account.findMountTarget(system, subnet)).toBe(target);
    expect(await account.findMountTarget(system, "subnet-0")).toBeUndefined();
    expect(await account.findMountTarget("fs-0123456789abcdef0", subnet)).toBeUndefined();
  });

  test("finds the stack's records, including wildcards, only if they point to the load balancer", async () => {
    const zoneId = String(await boto(records));
    const account = new AwsAccount("us-east-1");
    const found = (name: string, type: string, target: string) =>
      account.findRecord({ zoneId, name: `${name}.dev.okd.example.com`, type }, target);
    expect(await found("api", "CNAME", "api-1.elb.us-east-1.amazonaws.com")).toBe(`${zoneId}_api.dev.okd.example.com_CNAME`);
    expect(await found("*.apps", "A", "router-1.us-east-1.elb.amazonaws.com")).toBe(`${zoneId}_*.apps.dev.okd.example.com_A`);
    expect(await found("*.shard", "CNAME", "router-2.us-east-1.elb.amazonaws.com")).toBe(`${zoneId}_*.shard.dev.okd.example.com_CNAME`);
    expect(await found("*.other", "CNAME", "router-2.us-east-1.elb.amazonaws.com")).toBeUndefined();
    expect(await found("*.missing", "CNAME", "router-2.us-east-1.elb.amazonaws.com")).toBeUndefined();
  });
});
