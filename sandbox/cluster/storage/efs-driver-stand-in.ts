import { CreateAccessPointCommand, DeleteAccessPointCommand, DescribeAccessPointsCommand, EFSClient } from "@aws-sdk/client-efs";
import { sandboxClientConfiguration } from "../../aws/client";
import type { Api } from "../api";
import {
  type CreatedVolume,
  type CsiDriver,
  type CsiDriverOptions,
  CsiDriverStandIn,
  type DriverClaim,
  type DriverClass,
  driverTags,
} from "./csi-driver-stand-in";

const DRIVER = "efs.csi.aws.com";

/**
 * The lowest group ID that the driver gives to an access point, if the StorageClass has no range of group IDs
 * (kubernetes-sigs/aws-efs-csi-driver, `pkg/driver/controller.go`).
 */
const DEFAULT_GID_MIN = 50_000;

/**
 * The EFS CSI driver, as the EFS operator deploys it. It runs while the ClusterCSIDriver exists, whether the operator is installed or not. It
 * mounts nothing, so no data is deleted.
 */
export function efsDriverStandIn(api: Api, options: CsiDriverOptions): CsiDriverStandIn {
  return new CsiDriverStandIn(api, new EfsDriver(api, options), options.say);
}

class EfsDriver implements CsiDriver {
  readonly name = DRIVER;
  readonly title = "EFS";
  readonly intervalMs = 2000;
  private readonly efs: EFSClient;

  constructor(
    private readonly api: Api,
    private readonly options: CsiDriverOptions,
  ) {
    this.efs = new EFSClient(sandboxClientConfiguration(options.region));
  }

  readonly isRunning = async (): Promise<boolean> =>
    (await this.api.get(`/apis/operator.openshift.io/v1/clustercsidrivers/${DRIVER}`)) !== undefined;

  /** One access point for a claim (CreateVolume in `pkg/driver/controller.go` of the driver, release-2.1). */
  readonly create = async (
    name: string,
    _claim: DriverClaim,
    { parameters = {}, mountOptions }: DriverClass,
  ): Promise<CreatedVolume | undefined> => {
    const accessPointId = await this.accessPoint(name, parameters);
    return {
      volumeHandle: `${parameters.fileSystemId}::${accessPointId}`,
      made: String(accessPointId),
      spec: { ...(mountOptions && { mountOptions }) },
    };
  };

  readonly delete = async (volumeHandle: string): Promise<string> => {
    const AccessPointId = volumeHandle.split("::")[1];
    await this.efs.send(new DeleteAccessPointCommand({ AccessPointId })).catch((error: unknown) => {
      if ((error as Error).name !== "AccessPointNotFound") throw error;
    });
    return AccessPointId;
  };

  /** The access point of a volume: the one that an interrupted run created, or a new one with the smallest unused group ID. */
  private async accessPoint(token: string, parameters: Readonly<Partial<Record<string, string>>>): Promise<string | undefined> {
    const { fileSystemId: FileSystemId } = parameters;
    const { AccessPoints = [] } = await this.efs.send(new DescribeAccessPointsCommand({ FileSystemId }));
    const known = AccessPoints.find(({ ClientToken }) => ClientToken === token);
    if (known !== undefined) return known.AccessPointId;
    const taken = new Set(AccessPoints.map(({ PosixUser }) => PosixUser?.Gid));
    let gid = Number(parameters.gidRangeStart ?? DEFAULT_GID_MIN);
    while (taken.has(gid)) gid++;
    if (gid > Number(parameters.gidRangeEnd ?? Infinity)) throw new Error("allocator failed to find available GID");
    const made = await this.efs.send(
      new CreateAccessPointCommand({
        ClientToken: token,
        FileSystemId,
        PosixUser: { Uid: gid, Gid: gid },
        RootDirectory: {
          Path: `${parameters.basePath ?? ""}/${token}`,
          CreationInfo: { OwnerUid: gid, OwnerGid: gid, Permissions: parameters.directoryPerms },
        },
        // The operator passes the user's and the cluster's tags to the driver (openshift/csi-operator, release-4.19:
        // `assets/overlays/aws-efs/generated/standalone/controller.yaml`, `pkg/driver/aws-efs/aws_efs.go`, withCustomTags).
        Tags: driverTags([{ Key: "efs.csi.aws.com/cluster", Value: "true" }], this.options),
      }),
    );
    return made.AccessPointId;
  }
}
