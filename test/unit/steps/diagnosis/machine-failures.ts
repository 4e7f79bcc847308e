import { machinePointer } from "./certificates";
import { type InjectedFailure, must, networkOf, machineIn, routes, ignition, objectArn } from "./scene-parts";

/** Failures of an instance's first boot: egress, ignition. */
export const machineFailures: readonly InjectedFailure[] = [
  // Routes
  [
    "the private default route",
    (scene) => (routes(scene, "rtb-private").Routes = []),
    "route",
    "subnet subnet-private (rtb-private) has no default route, so its instances can't pull the release's images",
  ],
  [
    "the private route table",
    (scene) => (routes(scene, "rtb-private").Associations = []),
    "route",
    "subnet subnet-private (rtb-main) has no default route, so its instances can't pull the release's images",
  ],
  [
    "the route's target",
    (scene) => (must(routes(scene, "rtb-private").Routes?.[0]).State = "blackhole"),
    "route",
    "the default route of subnet subnet-private (rtb-private) leads to nat-1, which no longer exists",
  ],
  [
    "the NAT gateway",
    (scene) => Object.assign(must(networkOf(scene).natGateways?.[0]), { State: "failed", FailureMessage: "no address" }),
    "route",
    "NAT gateway nat-1, the target of the default route of subnet subnet-private (rtb-private), is failed (no address)",
  ],
  [
    "the NAT gateway's route to the internet",
    (scene) => (must(networkOf(scene).natGateways?.[0]).SubnetId = "subnet-lonely"),
    "route",
    "NAT gateway nat-1 is in subnet subnet-lonely, which has no default route to an internet gateway",
  ],
  [
    "the way to S3",
    (scene) => {
      scene.target.needsDefaultRoute = false;
      machineIn(scene, "bootstrap").instance.SubnetId = "subnet-lonely";
    },
    "route",
    "bootstrap (i-bootstrap) can't reach S3, where its ignition config is: route table rtb-main has neither a default route nor an S3 endpoint",
  ],
  // Ignition
  [
    "a pointer",
    (scene) => (machineIn(scene, "worker-0").userData = "#!/bin/bash"),
    "ignition",
    "the user data of worker-0 (i-worker-0) doesn't point to https://api-int.dev.example.com:22623/config/worker",
  ],
  [
    "a pointer's address",
    (scene) => (machineIn(scene, "worker-0").userData = machinePointer("old.example.com", "worker", scene.authority.certificate)),
    "ignition",
    "the user data of worker-0 (i-worker-0) points to https://api-int.old.example.com:22623/config/worker, not to https://api-int.dev.example.com:22623/config/worker",
  ],
  [
    "the bootstrap machine's pointer",
    (scene) => (machineIn(scene, "bootstrap").userData = "{}"),
    "ignition",
    "the user data of bootstrap (i-bootstrap) doesn't point to an ignition config in S3",
  ],
  [
    "the object",
    (scene) => (ignition(scene).object = null),
    "ignition",
    "s3://dev-abcde-bootstrap-ignition/bootstrap.ign, the ignition config of the bootstrap instance, doesn't exist",
  ],
  [
    "the object's content",
    (scene) => (ignition(scene).object = "<Error/>"),
    "ignition",
    "s3://dev-abcde-bootstrap-ignition/bootstrap.ign is not an ignition config",
  ],
  [
    "the object's privacy",
    (scene) => (ignition(scene).publicBecause = "its access control list"),
    "ignition",
    "s3://dev-abcde-bootstrap-ignition/bootstrap.ign contains the cluster's keys, and everyone can read it because of its access control list",
  ],
  [
    "the role",
    (scene) => (ignition(scene).roleArn = null),
    "ignition",
    "the bootstrap instance has no role, so it can't read its ignition config from S3",
  ],
  [
    "the role's policy",
    (scene) => (must(ignition(scene).policies).identity = []),
    "ignition",
    `no policy of role dev-abcde-bootstrap-role allows s3:GetObject on ${objectArn}, so the bootstrap instance can't read its ignition config`,
  ],
  [
    "a machine",
    (scene) =>
      Object.assign(machineIn(scene, "worker-0").instance, {
        State: { Name: "terminated" },
        StateReason: { Code: "Client.InvalidKMSKey.InvalidState", Message: "The KMS key is disabled" },
      }),
    "ignition",
    "worker-0 (i-worker-0) is terminated: The KMS key is disabled",
  ],
];
