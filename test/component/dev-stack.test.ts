/** The dev stack as a whole. program.ts lists the facts that this kind of test cannot prove. */
import { readFileSync, writeFileSync } from "node:fs";
import { masterActions } from "../../config/releases/facts";
import { minorNamed } from "../../config/releases/minor";
import { bootstrapActions, workerActions } from "../../lib/openshift/iam-actions";
import { etcdBackupStatementFacts } from "../facts/iam";
import { balancerFacts, targetGroupFact } from "../facts/load-balancers";
import { machineSetLookups, ownedByThisProgram, ownedByTheCluster, subnetRoleFacts } from "../facts/names";
import { egressFacts } from "../facts/security-groups";
import { devStack } from "./configurations";
import { recordedUrnsFile } from "./difference";
import { infraId } from "./installer-answers";
import { type Declared, Program, say } from "./program";

const zones = ["us-east-1a", "us-east-1b", "us-east-1c"];
const clusterTag = `kubernetes.io/cluster/${infraId}`;
const pullSecret = '{"auths":{"quay.io":{"auth":"aHVudGVyMjpodW50ZXIy"}}}';

let program: Program;
beforeAll(async () => {
  program = await Program.run(devStack({ pullSecret, tags: { team: "platform" } }), {}, ["okd-aws:pullSecret"]);
});

const instances = () => program.all("aws:ec2/instance:Instance");
const tagsOf = ({ inputs }: Declared) => inputs.tags as Record<string, string>;

describe("the stack", () => {
  test("keeps the URN of every resource", () => {
    const urns = program.resources.map(({ urn }) => urn).sort();
    if (process.env.UPDATE_GOLDEN === "dev-urns") writeFileSync(recordedUrnsFile, `${urns.join("\n")}\n`);
    const frozen = readFileSync(recordedUrnsFile, "utf8").trim().split("\n");
    const known = new Set([...urns, ...program.resources.flatMap(({ formerUrns }) => formerUrns)]);
    const lost = frozen.filter((urn) => !known.has(urn));
    const added = urns.filter((urn) => !frozen.includes(urn));
    const explanation =
      "A running cluster's state finds a resource by its URN. With a new name, type or parent the Pulumi engine deletes the old resource and " +
      "creates another. Give the resource its former name under `aliases`, or, if the resource was really removed or added, write the list again: " +
      "UPDATE_GOLDEN=dev-urns npx jest test/component/dev-stack.test.ts";
    expect({ explanation, lost, added }).toEqual({ explanation, lost: [], added: [] });
  });

  test("has each name only once, because the Pulumi engine refuses a second resource with the same name", () => {
    const urns = program.resources.map(({ urn }) => urn);
    expect(urns.filter((urn, index) => urns.indexOf(urn) !== index)).toEqual([]);
  });

  test("tags every resource that AWS can tag, as shared and never as owned", () => {
    const taggable = [
      ...["Vpc", "InternetGateway", "Subnet", "RouteTable", "Eip", "NatGateway", "VpcEndpoint", "SecurityGroup", "Instance", "Bucket"],
      ...["LoadBalancer", "Listener", "TargetGroup", "Zone", "Role", "InstanceProfile"],
    ];
    const kindOf = ({ type }: Declared) => type.split(":")[2] ?? "";
    const tagged = program.resources.filter((resource) => taggable.includes(kindOf(resource)));
    expect([...new Set(tagged.map(kindOf))].sort()).toEqual(taggable.sort());
    const bootstrapGroup = program.one("aws:ec2/securityGroup:SecurityGroup", "security-groups-bootstrap");
    for (const resource of tagged) {
      const roles: readonly string[] = Object.values(subnetRoleFacts).map(([key]) => key);
      const { Name: name, ...tags } = Object.fromEntries(Object.entries(tagsOf(resource)).filter(([key]) => !roles.includes(key)));
      expect(name).toMatch(new RegExp(`^${infraId}-`));
      expect([resource.name, tags]).toEqual([
        resource.name,
        {
          team: "platform",
          "okd-aws/cluster": "dev.okd.example.com",
          ...(resource !== bootstrapGroup && { [clusterTag]: ownedByThisProgram }),
        },
      ]);
    }
    expect(program.resources.filter(({ inputs }) => JSON.stringify(inputs).includes(`"${ownedByTheCluster}"`))).toEqual([]);
  });
});

describe("the network", () => {
  test("has a public and a private subnet per zone, with the names and tags that the cluster looks for", () => {
    const subnets = program.all("aws:ec2/subnet:Subnet").map(({ inputs }) => {
      const { availabilityZone, cidrBlock, tags } = inputs as { availabilityZone: string; cidrBlock: string; tags: Record<string, string> };
      const roles = Object.entries(subnetRoleFacts).filter(([, [key, value]]) => tags[key] === value);
      return [availabilityZone, tags.Name, cidrBlock, ...roles.map(([kind]) => kind)].join(" ");
    });
    expect(subnets.sort()).toEqual(
      zones
        .flatMap((zone, index) => [
          `${zone} ${infraId}-${machineSetLookups.subnet(zone)} 10.0.${48 + 16 * index}.0/20 private`,
          `${zone} ${infraId}-public-${zone} 10.0.${16 * index}.0/20 public`,
        ])
        .sort(),
    );
    expect(program.one("aws:ec2/vpc:Vpc").inputs).toMatchObject({
      cidrBlock: "10.0.0.0/16",
      enableDnsSupport: true,
      enableDnsHostnames: true,
    });
  });

  test("routes the public subnets to the internet gateway, each private subnet to the NAT gateway of its zone, and all of them to S3", () => {
    const routes = program.all("aws:ec2/route:Route").map((route) => say(route, "routeTableId", "gatewayId", "natGatewayId"));
    expect(routes.sort()).toEqual(
      ["network-public-id network-gateway-id", ...zones.map((zone) => `network-private-${zone}-id network-nat-${zone}-id`)].sort(),
    );
    const associations = program
      .all("aws:ec2/routeTableAssociation:RouteTableAssociation")
      .map((association) => say(association, "subnetId", "routeTableId"));
    expect(associations.sort()).toEqual(
      zones
        .flatMap((zone) => [`network-public-${zone}-id network-public-id`, `network-private-${zone}-id network-private-${zone}-id`])
        .sort(),
    );
    const { routeTableIds, serviceName } = program.one("aws:ec2/vpcEndpoint:VpcEndpoint").inputs;
    expect([serviceName, (routeTableIds as string[]).sort()]).toEqual([
      "com.amazonaws.us-east-1.s3",
      ["network-public-id", ...zones.map((zone) => `network-private-${zone}-id`)].sort(),
    ]);
    for (const nat of program.all("aws:ec2/natGateway:NatGateway")) {
      expect(nat.inputs).toMatchObject({ subnetId: nat.name.replace("nat", "public") + "-id", allocationId: `${nat.name}-id` });
    }
  });

  test("is deleted in an order that AWS accepts: public addresses before the gateway", () => {
    const gateway = program.one("aws:ec2/internetGateway:InternetGateway");
    const addressed = [
      ...program.all("aws:ec2/eip:Eip"),
      ...program.all("aws:ec2/natGateway:NatGateway"),
      program.one("aws:lb/loadBalancer:LoadBalancer", "load-balancers-ext"),
      program.one("aws:ec2/instance:Instance", "bootstrap-machine"),
    ];
    expect(addressed.filter((resource) => !program.isAfter(resource, gateway))).toEqual([]);
    // A NAT gateway forwards traffic over the route of its public subnet, so the route must exist first.
    const publicRoute = program.one("aws:ec2/route:Route", "network-public-default");
    expect(program.all("aws:ec2/natGateway:NatGateway").filter((nat) => !program.isAfter(nat, publicRoute))).toEqual([]);
  });
});

describe("the load balancers", () => {
  const listeners = () =>
    program.all("aws:lb/listener:Listener").map(({ inputs }) => {
      const { loadBalancerArn, port, protocol, defaultActions } = inputs as Record<string, string> & {
        defaultActions: { type: string; targetGroupArn: string }[];
      };
      const [action] = defaultActions;
      const group = program.one("aws:lb/targetGroup:TargetGroup", action.targetGroupArn.replace("arn:stub:", ""));
      const { healthCheck, ...target } = group.inputs as Record<string, unknown> & { healthCheck: Record<string, unknown> };
      return {
        balancer: loadBalancerArn.replace("arn:stub:load-balancers-", ""),
        protocol,
        port,
        forwards: [defaultActions.length, action.type],
        target,
        healthCheck,
      };
    });

  test("listen, forward and check the health as the facts in test/facts say", () => {
    const { protocol, targetType, preserveClientIp, deregistrationDelay, interval, healthyThreshold, unhealthyThreshold } = targetGroupFact;
    const expected = balancerFacts.flatMap(({ suffix, listeners: facts }) =>
      facts.map(({ port, healthPath }) => ({
        balancer: suffix,
        protocol: "TCP",
        port,
        forwards: [1, "forward"],
        target: expect.objectContaining({
          protocol,
          port,
          targetType,
          preserveClientIp,
          deregistrationDelay,
          vpcId: "network-vpc-id",
        }) as unknown,
        healthCheck: { protocol: "HTTPS", port: String(port), path: healthPath, interval, healthyThreshold, unhealthyThreshold },
      })),
    );
    expect(listeners()).toHaveLength(expected.length);
    expect(listeners()).toEqual(expect.arrayContaining(expected));
  });

  test("are in the subnets that test/facts lists", () => {
    for (const { suffix, internal, subnets } of balancerFacts) {
      expect(program.one("aws:lb/loadBalancer:LoadBalancer", `load-balancers-${suffix}`).inputs).toMatchObject({
        name: `${infraId}-${suffix}`,
        loadBalancerType: "network",
        internal,
        subnets: zones.map((zone) => `network-${subnets}-${zone}-id`),
        enableCrossZoneLoadBalancing: true,
      });
    }
  });

  test("have the bootstrap instance and the control plane as targets on every port, by address, and no worker", () => {
    const targets = program
      .all("aws:lb/targetGroupAttachment:TargetGroupAttachment")
      .map((target) => say(target, "targetGroupArn", "targetId", "port"));
    const machines = ["bootstrap-machine", "masters-0", "masters-1", "masters-2"];
    const ports = { aext: 6443, aint: 6443, sint: 22623 };
    expect(targets.sort()).toEqual(
      Object.entries(ports)
        .flatMap(([key, port]) => machines.map((machine) => `arn:stub:load-balancers-${key} private address of ${machine} ${port}`))
        .sort(),
    );
  });

  test("have the DNS records that clients resolve: api outside and inside, api-int for the instances", () => {
    const records = program.all("aws:route53/record:Record").map((record) => {
      const [alias] = record.inputs.aliases as { name: string; zoneId: string }[];
      return `${say(record, "zoneId", "type", "name")} ${alias.name} ${alias.zoneId}`;
    });
    const to = (side: string) => `load-balancers-${side}.elb.stub Z-load-balancers-${side}`;
    expect(records.sort()).toEqual([
      `Z0MADE A api-int.dev.okd.example.com ${to("int")}`,
      `Z0MADE A api.dev.okd.example.com ${to("int")}`,
      `Z0PUBLIC A api.dev.okd.example.com ${to("ext")}`,
    ]);
    expect(program.one("aws:route53/zone:Zone").inputs).toMatchObject({
      name: "dev.okd.example.com",
      vpcs: [{ vpcId: "network-vpc-id" }],
      forceDestroy: true,
    });
  });
});

describe("the security groups", () => {
  const ofBalancer = ({ inputs }: Declared) => inputs.securityGroupId === "load-balancers-int-group-id";
  const ofMachines = (type: string) => program.all(type).filter((rule) => !ofBalancer(rule));

  test("of the internal load balancer have the rules in test/facts, and the external load balancer has no security group", () => {
    const rules = program.all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").filter(ofBalancer);
    const ranges = { "machine-network": "10.0.0.0/16", "0.0.0.0/0": "0.0.0.0/0" };
    for (const { suffix, lets } of balancerFacts) {
      const { securityGroups } = program.one("aws:lb/loadBalancer:LoadBalancer", `load-balancers-${suffix}`).inputs;
      expect([suffix, securityGroups]).toEqual([suffix, lets && ["load-balancers-int-group-id"]]);
      const expected = lets?.map(([from, port]) => `${ranges[from]} tcp ${port} ${port}`);
      if (expected) expect(rules.map((rule) => say(rule, "cidrIpv4", "ipProtocol", "fromPort", "toPort")).sort()).toEqual(expected.sort());
    }
  });

  test("allow all egress", () => {
    const registered = ofMachines("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule").map(({ inputs }) => inputs);
    expect(registered.map(({ securityGroupId }) => securityGroupId).sort()).toEqual(
      egressFacts.map((group) => `security-groups-${group}-id`).sort(),
    );
    for (const rule of registered) expect(rule).toMatchObject({ cidrIpv4: "0.0.0.0/0", ipProtocol: "-1" });
  });

  test("with the cluster's tag are attached to each instance exactly once, because with two the cloud controller refuses to write rules", () => {
    const tagged = program.all("aws:ec2/securityGroup:SecurityGroup").filter((group) => clusterTag in tagsOf(group));
    const ids = new Set(tagged.map(({ name }) => `${name}-id`));
    for (const { name, inputs } of instances()) {
      expect([name, (inputs.vpcSecurityGroupIds as string[]).filter((id) => ids.has(id)).length]).toEqual([name, 1]);
    }
    expect(tagged.map((group) => tagsOf(group).Name).sort()).toEqual([
      `${infraId}-int-sg`,
      `${infraId}-master-sg`,
      `${infraId}-${machineSetLookups.securityGroup}`,
    ]);
  });
});

describe("the roles", () => {
  const policy = (machine: string) =>
    JSON.parse(program.one("aws:iam/rolePolicy:RolePolicy", machine).inputs.policy as string) as { Statement: unknown };
  const all = (actions: readonly string[]) => ({ Effect: "Allow", Action: expect.arrayContaining([...actions]) as unknown, Resource: "*" });

  test.each([
    ["master-role-policy", masterActions(minorNamed("4.22")), etcdBackupStatementFacts(infraId)],
    ["worker-role-policy", workerActions, []],
    [
      "bootstrap-role-policy",
      bootstrapActions,
      [{ Effect: "Allow", Action: ["s3:GetObject"], Resource: "arn:stub:bootstrap-ignition-bootstrap.ign" }],
    ],
  ])("%s allows exactly the actions of its table, which test/unit compares with the facts", (name, actions, more) => {
    const { Statement } = policy(name) as { Statement: { Action: string[] }[] };
    expect(Statement).toEqual([all(actions), ...more]);
    expect(Statement[0].Action).toHaveLength(actions.length);
  });

  test("can be assumed by EC2, and have instance profiles with the names that the cluster looks for", () => {
    for (const { inputs } of program.all("aws:iam/role:Role")) {
      expect(JSON.parse(inputs.assumeRolePolicy as string)).toEqual({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } }],
      });
    }
    const profiles = program.all("aws:iam/instanceProfile:InstanceProfile").map((profile) => say(profile, "name", "role"));
    expect(profiles.sort()).toEqual(
      ["bootstrap", "master", "worker"].map((machine) => `${infraId}-${machine}-profile ${infraId}-${machine}-role`),
    );
  });
});
