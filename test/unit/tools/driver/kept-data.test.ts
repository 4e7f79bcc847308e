/** The lines about the data that a destroy keeps, and the tags by which it is found. */
import { contextOf, dataLine, type DataOwner, isOwn, sizeText } from "../../../../tools/driver/kept-data";

const now = new Date("2026-11-30T12:00:00Z");
const before = (milliseconds: number): Date => new Date(now.getTime() - milliseconds);
const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];

test.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1024, "1.0 KiB"],
  [1536, "1.5 KiB"],
  [5 * 1024 ** 3, "5.0 GiB"],
  [3 * 1024 ** 5, "3.0 PiB"],
  [2 * 1024 ** 6, "2048.0 PiB"],
])("%d bytes are %s", (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});

test("a bucket's line has the bucket's size and age, and the time of the last write", () => {
  const bucket = {
    kind: "bucket",
    id: "dev-a1b2c-velero",
    bytes: 2048,
    counted: true,
    created: before(31 * day),
    written: before(3 * hour),
  } as const;
  expect(dataLine(bucket, now)).toBe("bucket dev-a1b2c-velero: 2.0 KiB, created 31 days ago, last written 3 hours ago");
});

test("a size that was not counted to the end is shown as a lower limit", () => {
  const bucket = { kind: "bucket", id: "logs", bytes: 1024, counted: false, created: before(minute) } as const;
  expect(dataLine(bucket, now)).toBe("bucket logs: more than 1.0 KiB, created 1 minute ago");
});

describe("tags decide whether data belongs to the cluster", () => {
  const owner: DataOwner = { infraId: "dev-a1b2c", region: "us-east-1", clusterDomain: "dev.example.com" };
  const context = contextOf(owner, undefined as never);
  const cluster = { Key: "kubernetes.io/cluster/dev-a1b2c", Value: "shared" };
  const domain = { Key: "okd-aws/cluster", Value: "dev.example.com" };

  test.each([
    ["with both tags", [cluster, domain, { Key: "team", Value: "a" }], true],
    ["not without the domain, as a user's bucket", [cluster], false],
    ["not without the cluster's tag", [domain], false],
    ["not if the cluster created it", [{ ...cluster, Value: "owned" }, domain], false],
    ["not with another infra ID that begins the same", [{ ...cluster, Key: "kubernetes.io/cluster/dev-a1b2c3" }, domain], false],
    ["not if another cluster has its tag there, too", [cluster, domain, { Key: "kubernetes.io/cluster/b-x1y2z", Value: "shared" }], false],
    ["not with another domain", [cluster, { ...domain, Value: "dev2.example.com" }], false],
  ])("%s", (_, tags, expected) => {
    expect(isOwn(tags, owner, context)).toBe(expected);
  });
});
