/** Velero's objects, decoded. */
import { schemaProblems } from "../../../../cluster-objects/schema/check";
import { VELERO_DEFINITIONS } from "../../../../cluster-objects/velero/definitions";
import { veleroAlerts } from "../../../../cluster-objects/velero/alerts";
import { veleroMetrics } from "../../../../cluster-objects/velero/monitoring";
import { veleroAccount, veleroDeployment, veleroNamespace, veleroNetworkPolicy } from "../../../../cluster-objects/velero/server";
import {
  backupLocation,
  backupSchedule,
  snapshotClass,
  veleroCredentialsRequest,
  volumePolicies,
} from "../../../../cluster-objects/velero/storage";
import { imageReference } from "../../../../config/container-images";
import type { BackupSchedule } from "../../../../config/velero/settings";

const daily: BackupSchedule = {
  name: "daily",
  cron: "0 3 * * *",
  retentionDays: 30,
  includedNamespaces: [],
  excludedNamespaces: ["openshift-*"],
  clusterResources: true,
  volumes: false,
};
const secret = { kind: "secret" } as const;
const role = { kind: "role", arn: "arn:aws:iam::123456789012:role/x", audience: "sts.amazonaws.com" } as const;

interface Pod {
  readonly containers: readonly {
    readonly args: readonly string[];
    readonly image: string;
    readonly env: readonly { readonly name: string; readonly value?: string }[];
    readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
  }[];
  readonly volumes: readonly {
    readonly name: string;
    readonly secret?: object;
    readonly projected?: { readonly sources: readonly object[] };
  }[];
  readonly nodeSelector?: object;
  readonly tolerations?: readonly object[];
}
const podOf = (...args: Parameters<typeof veleroDeployment>) =>
  (veleroDeployment(...args) as unknown as { spec: { template: { spec: Pod } } }).spec.template.spec;
const variables = ({ containers: [{ env }] }: Pod) => Object.fromEntries(env.map(({ name, value }) => [name, value]));

test("match the definitions of their kinds", () => {
  const objects = [
    ...VELERO_DEFINITIONS,
    veleroNamespace(),
    ...Object.values(veleroAccount()),
    veleroDeployment({ snapshots: true }, secret),
    veleroDeployment({ snapshots: true }, role),
    veleroNetworkPolicy(),
    ...Object.values(veleroMetrics()),
    veleroAlerts([daily]),
    backupLocation("bucket", "us-east-1"),
    backupSchedule({ ...daily, includedNamespaces: ["shop"], volumes: true }),
    ...volumePolicies(),
    snapshotClass(),
    veleroCredentialsRequest([{ effect: "Allow", action: ["s3:ListBucket"], resource: "arn:aws:s3:::bucket" }]),
  ];
  expect(objects.flatMap((object) => schemaProblems(object).map(({ field, wrong }) => `${object.kind}: ${field} ${wrong}`))).toEqual([]);
});

test("include Velero's 13 kinds", () => {
  expect(VELERO_DEFINITIONS.map(({ metadata }) => metadata.name)).toEqual(
    expect.arrayContaining(["backups.velero.io", "restores.velero.io", "schedules.velero.io", "datauploads.velero.io"]),
  );
  expect(VELERO_DEFINITIONS).toHaveLength(13);
});

describe("the server", () => {
  test("reads the credentials file of the Secret, and never asks the instance metadata service", () => {
    const pod = podOf({ snapshots: true }, secret);
    expect(variables(pod)).toMatchObject({ AWS_SHARED_CREDENTIALS_FILE: "/credentials/credentials", AWS_EC2_METADATA_DISABLED: "true" });
    expect(pod.volumes).toContainEqual({ name: "aws", secret: { secretName: "cloud-credentials" } });
    expect(pod.containers[0].volumeMounts).toContainEqual({ name: "aws", mountPath: "/credentials", readOnly: true });
    expect(pod.containers[0].image).toBe(imageReference("velero"));
  });

  test("assumes its role with a token for AWS STS", () => {
    const pod = podOf({ snapshots: true }, role);
    expect(variables(pod)).toMatchObject({ AWS_ROLE_ARN: role.arn, AWS_WEB_IDENTITY_TOKEN_FILE: "/var/run/secrets/aws/token" });
    expect(variables(pod)).not.toHaveProperty("AWS_SHARED_CREDENTIALS_FILE");
    const token = { serviceAccountToken: { audience: "sts.amazonaws.com", expirationSeconds: 3600, path: "token" } };
    expect(pod.volumes).toContainEqual({ name: "aws", projected: { sources: [token] } });
  });

  test("has the feature for CSI snapshots if the cluster has them, whatever the schedules are", () => {
    const args = (snapshots: boolean) => podOf({ snapshots }, secret).containers[0].args;
    expect([args(false), args(true)]).toEqual([["server"], ["server", "--features=EnableCSI"]]);
  });

  test("runs on the infra nodes if it is placed there", () => {
    const infra = "node-role.kubernetes.io/infra";
    const placement = { nodeSelector: { [infra]: "" }, tolerations: [{ key: infra, effect: "NoSchedule" as const }] };
    expect(podOf({ snapshots: true, placement }, secret)).toMatchObject({
      nodeSelector: { [infra]: "" },
      tolerations: [{ key: infra, effect: "NoSchedule", operator: "Exists" }],
    });
    expect(podOf({ snapshots: true }, secret)).not.toHaveProperty("nodeSelector");
  });
});

test("a schedule's backups have their retention in hours, its namespaces, and no snapshots unless it says so", () => {
  expect(backupSchedule(daily).spec).toEqual({
    schedule: "0 3 * * *",
    template: {
      storageLocation: "default",
      ttl: "720h0m0s",
      excludedNamespaces: ["openshift-*"],
      includeClusterResources: true,
      snapshotVolumes: false,
      resourcePolicy: { kind: "configmap", name: "okd-aws-skip-volumes" },
    },
  });
});

test.each([
  [false, [["", "skip"]]],
  [
    true,
    [
      ["ebs.csi.aws.com", "snapshot"],
      ["", "skip"],
    ],
  ],
])("a schedule with volumes %s refers to a policy with these rules (CSI driver, action), in this order: %j", (volumes, expected) => {
  const { template } = backupSchedule({ ...daily, volumes }).spec as { template: { resourcePolicy: { name: string } } };
  const policy = volumePolicies().find(({ metadata }) => metadata.name === template.resourcePolicy.name);
  const [text, ...others] = Object.values(policy?.data as Record<string, string>);
  expect(others).toEqual([]);
  const { volumePolicies: found } = JSON.parse(text) as {
    volumePolicies: { conditions: { csi?: { driver: string } }; action: { type: string } }[];
  };
  expect(found.map(({ conditions, action }) => [conditions.csi?.driver ?? "", action.type])).toEqual(expected);
});

test("the VolumeSnapshotClass gives snapshots the tag by which the cleanup keeps them", () => {
  expect(snapshotClass().parameters).toEqual({ tagSpecification_1: "okd-aws-velero=backup" });
});

test("a schedule never excludes the objects outside of namespaces, because the Namespaces themselves are among them", () => {
  const { template } = backupSchedule({ ...daily, clusterResources: false }).spec as { template: object };
  expect(template).not.toHaveProperty("includeClusterResources");
});

test("a missing backup is reported two hours after the longest gap of its schedule, also if there has never been one", () => {
  const rules = (schedules: readonly BackupSchedule[]) =>
    (veleroAlerts(schedules).spec as { groups: { rules: { alert: string; expr: string }[] }[] }).groups[0].rules
      .filter(({ alert }) => alert === "VeleroBackupMissed")
      .map(({ expr }) => expr);
  expect(rules([daily, { ...daily, name: "often", cron: "*/30 * * * *" }])).toEqual([
    'time() - velero_backup_last_successful_timestamp{schedule="daily"} > 93600 or absent(velero_backup_last_successful_timestamp{schedule="daily"})',
    'time() - velero_backup_last_successful_timestamp{schedule="often"} > 9000 or absent(velero_backup_last_successful_timestamp{schedule="often"})',
  ]);
});
