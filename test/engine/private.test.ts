import { worldwide } from "./kinds";
import { describeTopology } from "./life-cycle";
import { utils } from "ssh2";
import { ed25519Pair } from "../../components/ssh-key-pair";

const region = "us-east-1";
const { public: sshPublicKey } = ed25519Pair(utils, "core");

/**
 * A cluster that cannot be reached from the internet: no NAT gateway, egress through a proxy, AWS through endpoints. Its instances are
 * arm64, with infra nodes. A destroy deletes its file system.
 */
describeTopology(
  {
    name: "private",
    prepare: () => ({
      configuration: {
        "aws:region": region,
        installerHost: false,
        clusterName: "backoffice",
        // The account has no such public zone, because a private cluster needs none.
        baseDomain: "intranet.example.com",
        release: "4.19.0-okd-scos.1",
        releaseImage: "quay.io/okd/scos-release:4.19.0-okd-scos.1",
        publish: "Internal",
        zones: ["us-east-1a", "us-east-1b"],
        vpcCidr: "10.40.0.0/16",
        natGateways: "none",
        vpcEndpoints: ["ec2", "elasticloadbalancing"],
        httpProxy: "http://proxy.example.com:3128",
        httpsProxy: "http://proxy.example.com:3128",
        noProxy: ".us-east-1.amazonaws.com",
        masterCount: 3,
        masterInstanceType: "m7g.xlarge",
        protectMasters: false,
        workerCount: 2,
        workerInstanceType: "m7g.xlarge",
        infraCount: 1,
        infraInstanceType: "r7g.xlarge",
        sshPublicKey: sshPublicKey.trim(),
        efsFileSystem: true,
        efsKeepFileSystem: false,
        efsThroughputMode: "provisioned",
        efsProvisionedThroughput: 64,
      },
    }),
  },
  (standing) => {
    test("has one load balancer, an internal one", () => {
      expect(
        standing()
          .made(region, "elbv2/load-balancers")
          .map(({ Scheme }) => Scheme),
      ).toEqual(["internal"]);
    });

    test("has no public address", () => {
      expect(standing().made(region, "ec2/addresses")).toEqual([]);
      expect(
        standing()
          .made(region, "ec2/network-interfaces")
          .filter(({ Association }) => Association?.PublicIp !== undefined),
      ).toEqual([]);
      expect(
        standing()
          .made(region, "ec2/instances")
          .filter(({ PublicIpAddress }) => PublicIpAddress !== undefined),
      ).toEqual([]);
    });

    test("creates records only in its private zone", () => {
      const zones = standing().made(worldwide, "route53/zones");
      expect(zones.map(({ Name, Config }) => [Name, Config?.PrivateZone])).toEqual([["backoffice.intranet.example.com.", true]]);
      const names = zones[0].Records.filter(({ Type }) => Type === "A").map(({ Name }) => Name);
      expect(names.sort()).toEqual(["api-int.backoffice.intranet.example.com.", "api.backoffice.intranet.example.com."]);
    });

    test("reaches AWS through endpoints", () => {
      const endpoints = standing()
        .made(region, "ec2/vpc-endpoints")
        .map(({ ServiceName, VpcEndpointType }) => [ServiceName, VpcEndpointType]);
      expect(endpoints.sort()).toEqual([
        ["com.amazonaws.us-east-1.ec2", "Interface"],
        ["com.amazonaws.us-east-1.elasticloadbalancing", "Interface"],
        ["com.amazonaws.us-east-1.s3", "Gateway"],
      ]);
    });

    test("has a file system with provisioned throughput and a mount target in each zone", () => {
      const [system, ...others] = standing().made(region, "efs/file-systems");
      expect(others).toEqual([]);
      expect(system).toMatchObject({ Encrypted: true, ThroughputMode: "provisioned", ProvisionedThroughputInMibps: 64 });
      expect(system.MountTargets.map(({ AvailabilityZoneName }) => AvailabilityZoneName).sort()).toEqual(["us-east-1a", "us-east-1b"]);
    });

    test("runs seven arm64 instances", () => {
      expect(
        standing()
          .made(region, "ec2/instances")
          .map(({ Architecture }) => Architecture),
      ).toEqual(Array.from({ length: 7 }, () => "arm64"));
    });
  },
);
