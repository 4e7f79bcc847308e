/** The cleanup's time limit, and its retries after temporary errors of AWS. */
import { Readable } from "node:stream";
import { EC2Client } from "@aws-sdk/client-ec2";
import { EFSClient } from "@aws-sdk/client-efs";
import { ElasticLoadBalancingClient } from "@aws-sdk/client-elastic-load-balancing";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { IAMClient } from "@aws-sdk/client-iam";
import { ResourceGroupsTaggingAPIClient } from "@aws-sdk/client-resource-groups-tagging-api";
import { Route53Client } from "@aws-sdk/client-route-53";
import { S3Client } from "@aws-sdk/client-s3";
import { cleanUp } from "../../../../steps/cleanup/cleanup";
import type { CleanupClients } from "../../../../steps/cleanup/clients";
import { stoppedClock } from "../../lib/stopped-clock";

const target = { infraId: "one-a1b2c", region: "us-east-1", vpcId: "vpc-1", clusterDomain: "one.example.com", zones: [] };

/** The answer of AWS to an action: the XML of its result, or an error. */
type Answer = (action: string, form: URLSearchParams) => string | Error;

/** A refusal in EC2's form. */
class AwsError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

interface Request {
  readonly headers: Readonly<Partial<Record<string, string>>>;
  readonly body?: string;
}

/** AWS clients that send nothing over the network: the test's function answers, and an action without an answer has an empty result. */
function clients(answer: Answer): CleanupClients {
  const handle = ({ headers, body = "" }: Request) => {
    const form = new URLSearchParams(body);
    const action = headers["x-amz-target"]?.split(".").at(-1) ?? form.get("Action") ?? "ListBuckets";
    const result = answer(action, form);
    const response = (statusCode: number, text: string) =>
      Promise.resolve({ response: { statusCode, headers: {}, body: Readable.from([Buffer.from(text)]) } });
    if (result instanceof AwsError)
      return response(
        400,
        `<Response><Errors><Error><Code>${result.code}</Code><Message>${result.message}</Message></Error></Errors></Response>`,
      );
    if (result instanceof Error) return Promise.reject(result);
    if (headers["x-amz-target"] !== undefined) return response(200, "{}");
    // EC2's response has the result at the top, and the responses of the other services have it one level deeper.
    return response(200, `<${action}Response>${result}<${action}Result></${action}Result></${action}Response>`);
  };
  const options = {
    region: target.region,
    maxAttempts: 1,
    credentials: { accessKeyId: "x", secretAccessKey: "y" },
    requestHandler: { handle } as never,
  };
  return {
    ec2: new EC2Client(options),
    classic: new ElasticLoadBalancingClient(options),
    balancing: new ElasticLoadBalancingV2Client(options),
    iam: new IAMClient(options),
    tagging: new ResourceGroupsTaggingAPIClient(options),
    s3: new S3Client(options),
    efs: new EFSClient(options),
    dns: () => Promise.resolve(new Route53Client(options)),
  };
}

const volume = (id: string) => `<volumeSet><item><volumeId>${id}</volumeId><status>in-use</status></item></volumeSet>`;

/** Cleans up with a clock that moves only when the cleanup waits, and by `seconds` for each request. */
function cleanUpWith(answer: Answer, { timeoutSeconds = 60, seconds = 0, deleteBackups = false } = {}) {
  const said: string[] = [];
  const clock = stoppedClock();
  const slow: Answer = (action, form) => {
    void clock.pause(seconds * 1000);
    return answer(action, form);
  };
  return {
    said,
    result: cleanUp({ ...target, deleteBackups }, { timeoutSeconds, clients: clients(slow), clock, say: (line) => said.push(line) }),
  };
}

test("the cleanup reports why a resource was not deleted, even if the time limit passes before the first attempt", async () => {
  const { result } = cleanUpWith(
    (action) => {
      if (action === "DescribeVolumes") return volume("vol-1");
      return action === "DeleteVolume" ? new AwsError("VolumeInUse", "vol-1 is attached to i-1") : "";
    },
    { timeoutSeconds: 1, seconds: 10 },
  );
  await expect(result).rejects.toThrow("could not be deleted:\n  volumes: vol-1 (VolumeInUse: vol-1 is attached to i-1)\nDelete them");
});

test("the cleanup reports a resource that AWS still lists after its deletion", async () => {
  const { result } = cleanUpWith((action) => (action === "DescribeVolumes" ? volume("vol-1") : ""), { timeoutSeconds: 0 });
  await expect(result).rejects.toThrow("volumes: vol-1 (AWS accepted its deletion, but still lists it)");
});

test("the cleanup continues after its time limit as long as it deletes something", async () => {
  const left = ["vol-1", "vol-2", "vol-3"];
  const { result } = cleanUpWith(
    (action, form) => {
      if (action === "DescribeVolumes")
        return volume(left[0] ?? "")
          .replace("<volumeId></volumeId>", "")
          .replace(/<item><status.*item>/, "");
      if (action === "DeleteVolume" && form.get("VolumeId") === left[0]) left.shift();
      return "";
    },
    { timeoutSeconds: 0, seconds: 10 },
  );
  expect((await result).map(({ id }) => id)).toEqual(["vol-1", "vol-2", "vol-3"]);
});

/** AWS's snapshots of volumes: one of a backup, and one that the user made. */
function snapshotsOf(): Answer {
  const left = new Map([
    ["snap-backup", "<tagSet><item><key>okd-aws-velero</key><value>backup</value></item></tagSet>"],
    ["snap-user", ""],
  ]);
  return (action, form) => {
    if (action === "DeleteSnapshot") left.delete(form.get("SnapshotId") ?? "");
    const items = [...left].map(([id, tags]) => `<item><snapshotId>${id}</snapshotId>${tags}</item>`);
    return action === "DescribeSnapshots" ? `<snapshotSet>${items.join("")}</snapshotSet>` : "";
  };
}

test("the cleanup keeps the snapshots of backups, and prints their names", async () => {
  const { result, said } = cleanUpWith(snapshotsOf());
  expect((await result).map(({ id }) => id)).toEqual(["snap-user"]);
  expect(said.at(-1)).toMatch(/^1 snapshots? of volumes in Velero's backups of one-a1b2c stay.*: snap-backup$/);
});

test("the cleanup deletes the snapshots of backups if the bucket with the backups is deleted", async () => {
  const { result, said } = cleanUpWith(snapshotsOf(), { deleteBackups: true });
  expect((await result).map(({ id }) => id)).toEqual(["snap-backup", "snap-user"]);
  expect(said.at(-1)).toBe("no AWS resources of one-a1b2c are left");
});

const reset = () => Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });

test("the cleanup repeats a request that AWS does not answer, and reports it", async () => {
  const errors = [reset(), reset()];
  const { result, said } = cleanUpWith((action) => (action === "DescribeVolumes" ? (errors.pop() ?? "") : ""));
  expect(await result).toEqual([]);
  expect(said).toEqual([
    "the list of AWS resources of one-a1b2c could not be read and will be tried again: read ECONNRESET",
    "the list of AWS resources of one-a1b2c could be read again",
    "no AWS resources of one-a1b2c are left",
  ]);
});

test("the cleanup fails with the last reason if AWS never answers", async () => {
  const { result } = cleanUpWith((action) => (action === "DescribeVolumes" ? reset() : ""));
  await expect(result).rejects.toThrow(
    "it is unknown which AWS resources of the cluster one-a1b2c are left. The list of AWS resources of one-a1b2c could not be read the last time: read ECONNRESET.",
  );
});

test("the cleanup fails at once without the permission to list resources", async () => {
  const { result } = cleanUpWith((action) =>
    action === "DescribeVolumes" ? new AwsError("UnauthorizedOperation", "You are not authorized") : "",
  );
  await expect(result).rejects.toThrow(
    "the list of AWS resources of one-a1b2c could not be read: UnauthorizedOperation: You are not authorized",
  );
});

test("the cleanup repeats a deletion after a connection error", async () => {
  let there = true;
  const errors = [reset()];
  const { result } = cleanUpWith((action) => {
    if (action === "DescribeVolumes") return there ? volume("vol-1") : "";
    if (action !== "DeleteVolume") return "";
    const error = errors.pop();
    there = error !== undefined;
    return error ?? "";
  });
  expect(await result).toMatchObject([{ id: "vol-1" }]);
});
