import { worldwide } from "../engine/kinds";
import { describeWithTools } from "../engine/requirements";
import { region } from "../region";
import { InstalledCluster } from "./installed-cluster";

const MINUTE_MS = 60_000;
const domain = "own.okd.example.com";

/**
 * Imitates a user who creates each record some seconds after the update lists it. The zone belongs to the user, and the stack's configuration does
 * not name the zone. Prints the created records.
 */
const createRecords = `
import time

ec2, elb, elbv2, dns = (boto3.client(name) for name in ("ec2", "elb", "elbv2", "route53"))
zone = dns.list_hosted_zones_by_name(DNSName="okd.example.com")["HostedZones"][0]["Id"]
made = []

def create(name, target):
    time.sleep(10)
    record = {"Name": name, "Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": target}]}
    dns.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}]})
    machines = sum(len(each["Instances"]) for each in ec2.describe_instances(Filters=[{"Name": "tag:Name", "Values": ["*-master-*", "*-bootstrap"]}])["Reservations"])
    made.append([f"{name} CNAME {target}", machines])

balancers = {each["LoadBalancerName"][-3:]: each["DNSName"] for each in elbv2.describe_load_balancers()["LoadBalancers"]}
create("api.${domain}", balancers["ext"])
create("api-int.${domain}", balancers["int"])
while not (routers := elb.describe_load_balancers()["LoadBalancerDescriptions"]):
    time.sleep(1)
create("*.apps.${domain}", routers[0]["DNSName"])
print(json.dumps(made))
`;

/**
 * A cluster whose DNS zone belongs to the user. The update waits for the records before instances boot, and before the installation ends.
 */
describeWithTools("a cluster with user-managed DNS", () => {
  let cluster: InstalledCluster;
  let made: [record: string, machines: number][];

  beforeAll(async () => {
    cluster = await InstalledCluster.open("user-dns", {
      clusterName: "own",
      baseDomain: "okd.example.com",
      dnsManagement: "user",
      credentialsMode: "passthrough",
      workerCount: 2,
    });
  });

  afterAll(async () => {
    await cluster.topology.close();
  }, MINUTE_MS);

  test("fails before any instance boots if the records are not created, and names the records", async () => {
    const { code, output } = await cluster.attempt({ bootstrapTimeout: 1 });
    expect(code).not.toBe(0);
    expect(output).toContain("the cluster needs these DNS records, which you create:");
    expect(output).toMatch(new RegExp(`api\\.${domain} CNAME \\S+-ext-\\S+\\.elb\\.${region}\\.amazonaws\\.com`));
    expect(output).toContain(`these records are still wrong after 60 seconds: api.${domain} does not resolve`);
    const { [region]: listed } = await cluster.topology.inventory();
    const instances = listed["ec2/instances"] as { Tags: { Key: string; Value: string }[] }[];
    expect(instances.map(({ Tags }) => Tags.find(({ Key }) => Key === "Name")?.Value)).toEqual([
      expect.stringContaining("-installer-host"),
    ]);
  });

  test("is installed when the records are created one after the other", async () => {
    const creating = cluster.topology.boto(createRecords) as Promise<typeof made>;
    await Promise.all([cluster.install(), creating]);
    made = await creating;
    expect(made[0]).toEqual([expect.stringContaining(`api.${domain} CNAME`), 0]);
    expect(await cluster.isAvailable()).toBe(true);
  });

  test("lists all records that the user has to create", async () => {
    const { dnsRecords } = await cluster.topology.outputs();
    expect(dnsRecords).toEqual(expect.arrayContaining(made.map(([record]) => record)));
    expect(dnsRecords).toHaveLength(4);
  });

  test("has nothing to change afterwards", async () => {
    await cluster.topology.expectNoChanges();
  });

  test("leaves the user's zone unchanged when it is destroyed", async () => {
    await cluster.topology.destroy();
    const { [worldwide]: listed } = await cluster.topology.inventory();
    const zones = listed["route53/zones"] as { Records: { Name: string }[] }[];
    const records = zones.flatMap(({ Records }) => Records.map(({ Name }) => Name));
    expect(records).toEqual(expect.arrayContaining([`api.${domain}.`, `api-int.${domain}.`, `\\052.apps.${domain}.`]));
  });
});
