/** The configuration of the AWS cloud controller. */
import { cloudConfig } from "../../../../sandbox/cluster/cloud-controller";
import type { Instance } from "../../../../sandbox/machines";

test("the controller has the installer's settings, OpenShift's default, and its instance's place in AWS", () => {
  const instance = { zone: "us-east-1a", vpcId: "vpc-1", subnetId: "subnet-1" } as Instance;
  const installed = "[Global]\nDisableSecurityGroupIngress = true\n";
  expect(cloudConfig(installed, { infraId: "dev-x7k2q", region: "us-east-1", instance }).split("\n")).toEqual([
    "[Global]",
    "DisableSecurityGroupIngress = true",
    "ClusterServiceLoadBalancerHealthProbeMode = Shared",
    "Region = us-east-1",
    "Zone = us-east-1a",
    "VPC = vpc-1",
    "SubnetID = subnet-1",
    "KubernetesClusterID = dev-x7k2q",
    "",
  ]);
});
