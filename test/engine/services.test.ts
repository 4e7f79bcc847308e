import { newIn } from "./kinds";
import { describeWithTools } from "./requirements";
import { TestedCluster } from "./services/cluster";
import { testExampleApplication } from "./services/example-application";
import { testCompactMachines } from "./services/machines";
import { sharedStorageKeys, testSharedStorage } from "./services/shared-storage";

const MINUTE_MS = 60_000;
const region = "eu-central-1";
const zones = ["eu-central-1a", "eu-central-1b", "eu-central-1c"];
const pullSecret = JSON.stringify({ auths: { "mirror.example.com": { auth: "Y29tcGFjdDpob3JzZSBiYXR0ZXJ5" } } });
const createKey = "print(json.dumps(boto3.client('kms', sys.argv[1]).create_key(Description='volumes')['KeyMetadata']['Arn']))";

/**
 * The services of a cluster, tested one after the other in one installation: a control plane of three nodes without workers, in a region
 * without an OKD image. It has one NAT gateway and the user's own KMS key.
 */
describeWithTools("a compact cluster with services", () => {
  let opened: TestedCluster | undefined;
  const cluster = (): TestedCluster => {
    if (opened === undefined) throw new Error("the sandbox did not open");
    return opened;
  };
  let fileSystemId: () => string;

  beforeAll(async () => {
    opened = await TestedCluster.open("services");
  }, 5 * MINUTE_MS);

  afterAll(async () => {
    await opened?.topology.close();
  }, MINUTE_MS);

  test("is installed", async () => {
    const keys = {
      "aws:region": region,
      installerHost: false,
      clusterName: "edge",
      baseDomain: "okd.example.com",
      release: "4.19.0-okd-scos.1",
      releaseImage: "quay.io/okd/scos-release:4.19.0-okd-scos.1",
      zones,
      natGateways: "single",
      masterCount: 3,
      protectMasters: false,
      workerCount: 0,
      executor: "local",
      volumeKmsKeyArn: await cluster().topology.boto(createKey, region),
      tags: { team: "edge" },
      exampleApplication: true,
    };
    await cluster().install(keys, { pullSecret }, sharedStorageKeys);
  });

  testCompactMachines(cluster, region);

  describe("the example application", () => {
    testExampleApplication(cluster, region);
  });

  describe("shared storage", () => {
    fileSystemId = testSharedStorage(cluster, region, zones);
  });

  test("is destroyed, and leaves only the file system, without mount targets and access points", async () => {
    const { topology, before } = cluster().stack;
    await topology.destroy();
    const left = newIn(before, await topology.inventory());
    expect(left).toEqual({
      [region]: { "efs/file-systems": [expect.objectContaining({ FileSystemId: fileSystemId(), MountTargets: [] })] },
    });
    expect((await topology.state()).deployment.resources ?? []).toEqual([]);
  });
});
