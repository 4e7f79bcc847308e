import type { SecurityGroup } from "@aws-sdk/client-ec2";
import { apiServices } from "../../../../lib/openshift/api-services";
import { ingressFacts } from "../../../facts/security-groups";
import type { ClusterEvidence } from "../../../../steps/diagnosis/read/cluster";
import type { InstanceEvidence, Evidence } from "../../../../steps/diagnosis/evidence";
import type { DiagnosisTarget } from "../../../../steps/diagnosis/target";
import { ignitionWith, kubeconfigText, machinePointer, makeCertificate, type CertificateAndKey } from "./certificates";

export const at = new Date("2026-03-01T12:00:00Z");

/** A type without `readonly` at any depth, so that a test can change the evidence before the checks judge it. */
export type Draft<T> = T extends Date ? T : T extends object ? { -readonly [Key in keyof T]: Draft<T[Key]> } : T;

/** A diagnosis target and the evidence of a healthy cluster: a bootstrap instance, a control plane instance and a worker. */
export interface Scene {
  readonly target: Draft<DiagnosisTarget>;
  readonly evidence: Draft<Evidence>;
  readonly authority: CertificateAndKey;
}

const infraId = "dev-abcde";
const clusterDomain = "dev.example.com";
const vpcId = "vpc-1";
const bucket = `${infraId}-bootstrap-ignition`;

export async function goodScene(): Promise<Scene> {
  const authority = await makeCertificate("root-ca", at, -1, 3650);
  const admin = await makeCertificate("admin", at, -1, 3650);
  const kubeconfig = kubeconfigText(`https://api.${clusterDomain}:6443`, authority.certificate, admin);
  const target: DiagnosisTarget = {
    ...{ region: "us-east-1", infraId, clusterDomain, baseDomain: "example.com", machineCidrs: ["10.0.0.0/16"] },
    ...{ publish: "External", dnsManaged: true, needsDefaultRoute: true, needsRegistry: true, hasApprover: true, kubeconfig },
  };
  const pointer = (role: string) => machinePointer(clusterDomain, role, authority.certificate);
  const machines: InstanceEvidence[] = [
    machine("bootstrap", "10.0.0.5", "subnet-public", ["sg-bootstrap", "sg-masters"], firstPointer),
    machine("master-0", "10.0.16.5", "subnet-private", ["sg-masters"], pointer("master")),
    machine("worker-0", "10.0.16.6", "subnet-private", ["sg-workers"], pointer("worker")),
  ];
  const object = ignitionWith({
    "/opt/openshift/tls/root-ca.crt": authority.certificate,
    "/opt/openshift/auth/kubeconfig": kubeconfig,
    "/usr/local/bin/kubeconfig.sh": "#!/bin/bash\necho {{ [ not yaml\n",
  });
  const evidence: Evidence = {
    at,
    unanswered: [],
    machines,
    network: network(),
    balancing: balancing(),
    dns: dns(),
    ignition: {
      ...{ bucket, key: "bootstrap.ign", object, roleArn: "arn:aws:iam::123456789012:role/dev-abcde-bootstrap-role" },
      policies: {
        identity: [
          { name: "own", document: { Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: `arn:aws:s3:::${bucket}/*` }] } },
        ],
      },
    },
    installerHost: {
      host: {
        ...{ InstanceId: "i-host", State: { Name: "running" }, PrivateIpAddress: "10.0.0.9", VpcId: vpcId },
        SecurityGroups: [{ GroupId: "sg-host" }],
      },
      health: { state: "healthy", time: "2026-03-01T11:00:00Z", instanceId: "i-host", reason: "" },
    },
    cluster: cluster(),
  };
  return { target: structuredClone(target) as Draft<DiagnosisTarget>, evidence: structuredClone(evidence) as Draft<Evidence>, authority };
}

const firstPointer = JSON.stringify({ ignition: { version: "3.1.0", config: { replace: { source: `s3://${bucket}/bootstrap.ign` } } } });

function machine(name: string, address: string, subnet: string, groups: string[], userData: string): InstanceEvidence {
  return {
    ...{ id: `i-${name}`, name, role: name.split("-")[0] as InstanceEvidence["role"], userData },
    instance: {
      InstanceId: `i-${name}`,
      State: { Name: "running" },
      PrivateIpAddress: address,
      SubnetId: subnet,
      VpcId: vpcId,
      SecurityGroups: groups.map((GroupId) => ({ GroupId })),
    },
  };
}

/** The security groups, with the rules of test/facts, so that an error in the program's own table is found. */
function network(): Evidence["network"] {
  const ids = { masters: "sg-masters", workers: "sg-workers", bootstrap: "sg-bootstrap" };
  const names = { masters: "master-sg", workers: "worker-sg", bootstrap: "bootstrap-sg" };
  const group = (to: keyof typeof ids): SecurityGroup => ({
    GroupId: ids[to],
    Tags: [
      { Key: "Name", Value: `${infraId}-${names[to]}` },
      ...(to === "bootstrap" ? [] : [{ Key: `kubernetes.io/cluster/${infraId}`, Value: "shared" }]),
    ],
    IpPermissions: ingressFacts
      .filter((fact) => fact[0] === to)
      .map(([, from, protocol, first, last]) => ({
        IpProtocol: protocol === "esp" ? "50" : protocol,
        ...(protocol !== "esp" && { FromPort: first ?? -1, ToPort: last ?? -1 }),
        ...(from === "masters" || from === "workers"
          ? { UserIdGroupPairs: [{ GroupId: ids[from] }] }
          : { IpRanges: [{ CidrIp: from === "admins" ? "203.0.113.0/24" : "10.0.0.0/16" }] }),
      })),
    IpPermissionsEgress: [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
  });
  const balancerGroup: SecurityGroup = {
    GroupId: "sg-int",
    IpPermissions: [
      { IpProtocol: "tcp", FromPort: 6443, ToPort: 6443, IpRanges: [{ CidrIp: "0.0.0.0/0" }] },
      { IpProtocol: "tcp", FromPort: 22623, ToPort: 22623, IpRanges: [{ CidrIp: "10.0.0.0/16" }] },
    ],
    IpPermissionsEgress: [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
  };
  const hostGroup: SecurityGroup = {
    GroupId: "sg-host",
    IpPermissions: [{ IpProtocol: "tcp", FromPort: 5000, ToPort: 5000, IpRanges: [{ CidrIp: "10.0.0.0/16" }] }],
  };
  const table = (id: string, subnet: string, target: object) => ({
    RouteTableId: id,
    Associations: [{ SubnetId: subnet }],
    Routes: [{ DestinationCidrBlock: "0.0.0.0/0", State: "active" as const, ...target }],
  });
  return {
    ...{ vpcId, dnsSupport: true, dnsHostnames: true },
    groups: [group("masters"), group("workers"), group("bootstrap"), balancerGroup, hostGroup],
    routeTables: [
      { RouteTableId: "rtb-main", Associations: [{ Main: true }], Routes: [] },
      table("rtb-public", "subnet-public", { GatewayId: "igw-1" }),
      table("rtb-private", "subnet-private", { NatGatewayId: "nat-1" }),
    ],
    natGateways: [{ NatGatewayId: "nat-1", SubnetId: "subnet-public", State: "available" }],
    endpoints: [{ ServiceName: "com.amazonaws.us-east-1.s3", State: "Available", RouteTableIds: ["rtb-public", "rtb-private"] }],
  };
}

function balancing(): Evidence["balancing"] {
  const balancer = (key: "int" | "ext") => ({
    balancer: {
      ...{ DNSName: `${infraId}-${key}.elb.us-east-1.amazonaws.com`, VpcId: vpcId, State: { Code: "active" as const } },
      Scheme: key === "int" ? ("internal" as const) : ("internet-facing" as const),
      ...(key === "int" && { SecurityGroups: ["sg-int"] }),
      AvailabilityZones: [{ SubnetId: key === "int" ? "subnet-private" : "subnet-public" }],
    },
    listeners: apiServices
      .filter((service) => service.balancer === key)
      .map((service) => ({
        Port: service.port,
        Protocol: "TCP" as const,
        DefaultActions: [{ Type: "forward" as const, TargetGroupArn: service.key }],
      })),
  });
  const targets = apiServices.map(({ key, port, healthCheckPath }) => [
    key,
    {
      group: {
        ...{ TargetGroupArn: key, Protocol: "TCP", Port: port, TargetType: "ip" },
        ...{ HealthCheckProtocol: "HTTPS", HealthCheckPort: String(port), HealthCheckPath: healthCheckPath },
      },
      health: ["10.0.0.5", "10.0.16.5"].map((Id) => ({ Target: { Id, Port: port }, TargetHealth: { State: "healthy" } })),
    },
  ]);
  return {
    balancers: { int: balancer("int"), ext: balancer("ext") },
    targets: Object.fromEntries(targets) as Evidence["balancing"]["targets"],
  };
}

function dns(): Evidence["dns"] {
  const record = (zone: string, host: string, to: string) => ({
    ...{ zone, name: `${host}.${clusterDomain}` },
    found: [
      {
        ...{ Name: `${host}.${clusterDomain}.`, Type: "A" as const },
        AliasTarget: {
          HostedZoneId: "Z0",
          DNSName: `dualstack.${infraId}-${to}.elb.us-east-1.amazonaws.com.`,
          EvaluateTargetHealth: false,
        },
      },
    ],
  });
  const registry = {
    ...{ zone: "ZPRIVATE", name: `registry.${clusterDomain}` },
    found: [{ Name: `registry.${clusterDomain}.`, Type: "A" as const, ResourceRecords: [{ Value: "10.0.0.9" }] }],
  };
  return {
    ...{ associated: [{ id: "ZPRIVATE", name: `${clusterDomain}.` }], privateZones: ["ZPRIVATE"], publicZone: "ZPUBLIC" },
    records: [record("ZPRIVATE", "api", "int"), record("ZPRIVATE", "api-int", "int"), record("ZPUBLIC", "api", "ext"), registry],
  };
}

function cluster(): ClusterEvidence {
  const node = (name: string, address: string) => ({
    metadata: { name },
    status: { addresses: [{ type: "InternalIP", address }], conditions: [{ type: "Ready", status: "True" }] },
  });
  return {
    ...{ server: `https://api.${clusterDomain}:6443`, readyz: { status: 200, body: "ok" }, version: "v1.32.5" },
    nodes: [node("master-0", "10.0.16.5"), node("worker-0", "10.0.16.6")],
    requests: [
      {
        metadata: { name: "csr-old", creationTimestamp: "2026-03-01T11:00:00Z" },
        status: { conditions: [{ type: "Approved", status: "True", lastUpdateTime: "2026-03-01T11:01:00Z" }] },
      },
    ],
    operators: [
      {
        metadata: { name: "dns" },
        status: {
          conditions: [
            { type: "Available", status: "True" },
            { type: "Degraded", status: "False" },
          ],
        },
      },
    ],
    clusterVersion: { status: { conditions: [{ type: "Failing", status: "False" }] } },
  };
}
