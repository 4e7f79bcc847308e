import { parseConfiguration } from "../../../../config/parse";
import { withKeys } from "../fixture";
import { testRefusals } from "../refusals";

const KEY = "arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef";
const schedule = { etcdBackupSchedule: "*-*-* 02:30" };

testRefusals([
  ["a schedule in cron's form", { etcdBackupSchedule: "30 2 * * *" }, ["etcdBackupSchedule"]],
  ["a schedule for every minute", { etcdBackupSchedule: "*-*-* *:*:00" }, ["etcdBackupSchedule"]],
  [
    "a schedule with a line break, which would end its line in the unit",
    { etcdBackupSchedule: "daily\nOnBootSec=1s" },
    ["etcdBackupSchedule"],
  ],
  ["a retention of zero days", { ...schedule, etcdBackupRetentionDays: 0 }, ["etcdBackupRetentionDays"]],
  ["a retention of zero snapshots", { ...schedule, etcdBackupRetentionCount: 0 }, ["etcdBackupRetentionCount"]],
  ["a retention that is not a number", { ...schedule, etcdBackupRetentionDays: "a month" }, ["etcdBackupRetentionDays"]],
  ["the alias of a key", { ...schedule, etcdBackupKmsKeyArn: KEY.replace(/key\/.*/, "alias/x") }, ["etcdBackupKmsKeyArn"]],
  [
    "a key of another region",
    { ...schedule, etcdBackupResourcesKmsKeyArn: KEY.replace("us-east-1", "eu-west-1") },
    ["etcdBackupResourcesKmsKeyArn"],
  ],
]);

test("the keys of the backup have defaults, and without a schedule there is no backup", () => {
  expect(parseConfiguration(withKeys({})).platform.etcdBackup).toBeUndefined();
  expect(parseConfiguration(withKeys(schedule)).platform.etcdBackup).toEqual({
    schedule: "*-*-* 02:30",
    retentionDays: 30,
    retentionCount: 3,
    keepBuckets: true,
  });
});
