/** Velero's objects, decoded. */
import { schemaProblems } from "../../../../cluster-objects/schema/check";
import { VELERO_DEFINITIONS } from "../../../../cluster-objects/velero/definitions";
import { veleroAlerts } from "../../../../cluster-objects/velero/alerts";
import { CREDENTIALS } from "../../../../cluster-objects/velero/names";
import { veleroMetrics } from "../../../../cluster-objects/velero/monitoring";
import { monitoredNamespace } from "../../../../cluster-objects/monitored-namespace";
import { dataProtectionApplication, veleroRoleSecret } from "../../../../cluster-objects/velero/oadp";
import {
  maintenanceConfig,
  nodeAgentConfig,
  nodeAgentDaemonSet,
  nodeAgentPolicy,
  repositoryPassword,
} from "../../../../cluster-objects/velero/node-agent";
import { veleroAccount, veleroDeployment, veleroNamespace } from "../../../../cluster-objects/velero/server";
import {
  backupSchedule,
  ownLocation,
  readOnlyLocation,
  snapshotClass,
  veleroCredentialsRequest,
  volumePolicies,
} from "../../../../cluster-objects/velero/storage";
import { imageReference } from "../../../../config/container-images";
import { Secret } from "../../../../config/secret";
import type { BackupSchedule } from "../../../../config/velero/settings";

const daily: BackupSchedule = {
  name: "daily",
  cron: "0 3 * * *",
  retentionDays: 30,
  includedNamespaces: [],
  excludedNamespaces: ["openshift-*"],
  clusterResources: true,
  volumes: false,
  fileSystemBackup: false,
};
const namespace = "velero";
const bucket = { bucket: "bucket", region: "us-east-1" };
const infra = "node-role.kubernetes.io/infra";
const placement = { nodeSelector: { [infra]: "" }, tolerations: [{ key: infra, effect: "NoSchedule" as const }] };
const alertSettings = (schedules: readonly BackupSchedule[]) => ({ namespace, schedules, readOnlyLocations: [], locationMetric: true });
const secret = { kind: "secret" } as const;
const password = new Secret("only-in-this-test");
const role = { kind: "role", arn: "arn:aws:iam::123456789012:role/x", audience: "sts.amazonaws.com", region: "eu-south-2" } as const;

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

test("Velero's objects match the definitions of their kinds", () => {
  const objects = [
    ...VELERO_DEFINITIONS,
    veleroNamespace({}),
    ...Object.values(veleroAccount()),
    veleroDeployment({ snapshots: true }, secret),
    veleroDeployment({ snapshots: true }, role),
    nodeAgentDaemonSet(secret),
    nodeAgentDaemonSet(role),
    nodeAgentConfig(),
    maintenanceConfig(),
    nodeAgentPolicy(namespace),
    repositoryPassword("password", namespace),
    ...Object.values(veleroMetrics(namespace)),
    veleroAlerts(alertSettings([daily])),
    ownLocation(bucket, namespace),
    readOnlyLocation("prod", { ...bucket, prefix: "velero", credentials: { secret: "prod", key: "credentials" } }, namespace),
    backupSchedule({ ...daily, includedNamespaces: ["shop"], volumes: true }, namespace),
    ...volumePolicies(namespace, true),
    snapshotClass(),
    veleroCredentialsRequest({ name: "velero", secret: "s", namespace }, [
      { effect: "Allow", action: ["s3:ListBucket"], resource: "arn:aws:s3:::bucket" },
    ]),
    dataProtectionApplication({ snapshots: true, placement, repositoryPassword: password }, bucket),
    monitoredNamespace("openshift-adp"),
    veleroRoleSecret("[default]"),
  ];
  expect(objects.flatMap((object) => schemaProblems(object).map(({ field, wrong }) => `${object.kind}: ${field} ${wrong}`))).toEqual([]);
});

test("the program has Velero's 13 CRDs", () => {
  expect(VELERO_DEFINITIONS.map(({ metadata }) => metadata.name)).toEqual(
    expect.arrayContaining(["backups.velero.io", "restores.velero.io", "schedules.velero.io", "datauploads.velero.io"]),
  );
  expect(VELERO_DEFINITIONS).toHaveLength(13);
});

describe("Velero's server", () => {
  test("reads the credentials file of the Secret, and never asks the instance metadata service", () => {
    const pod = podOf({ snapshots: true }, secret);
    expect(variables(pod)).toMatchObject({ AWS_SHARED_CREDENTIALS_FILE: "/credentials/credentials", AWS_EC2_METADATA_DISABLED: "true" });
    expect(pod.volumes).toContainEqual({ name: "aws", secret: { secretName: "cloud-credentials" } });
    expect(pod.containers[0].volumeMounts).toContainEqual({ name: "aws", mountPath: "/credentials", readOnly: true });
    expect(pod.containers[0].image).toBe(imageReference("velero"));
  });

  test("assumes its role with a service account token for AWS STS", () => {
    const pod = podOf({ snapshots: true }, role);
    expect(variables(pod)).toMatchObject({
      AWS_ROLE_ARN: role.arn,
      AWS_WEB_IDENTITY_TOKEN_FILE: "/var/run/secrets/aws/token",
      AWS_REGION: "eu-south-2",
    });
    expect(variables(pod)).not.toHaveProperty("AWS_SHARED_CREDENTIALS_FILE");
    const token = { serviceAccountToken: { audience: "sts.amazonaws.com", expirationSeconds: 3600, path: "token" } };
    expect(pod.volumes).toContainEqual({ name: "aws", projected: { sources: [token] } });
  });

  test("enables CSI snapshots if the cluster has them, even if no schedule uses them", () => {
    const args = (snapshots: boolean) => podOf({ snapshots }, secret).containers[0].args;
    expect([args(false), args(true)]).toEqual([["server"], ["server", "--features=EnableCSI"]]);
  });

  test("runs on the infra nodes if it is placed there", () => {
    expect(podOf({ snapshots: true, placement }, secret)).toMatchObject({
      nodeSelector: { [infra]: "" },
      tolerations: [{ key: infra, effect: "NoSchedule", operator: "Exists" }],
    });
    expect(podOf({ snapshots: true }, secret)).not.toHaveProperty("nodeSelector");
  });
});

describe("OADP's DataProtectionApplication", () => {
  const spec = (...args: Parameters<typeof dataProtectionApplication>) =>
    dataProtectionApplication(...args).spec as {
      backupImages: boolean;
      configuration: { velero: { defaultPlugins: string[]; podConfig: object } };
      backupLocations: object[];
    };

  test("has one location, which is the default, and backs up no images, because these would need a prefix", () => {
    const { backupImages, backupLocations } = spec({ snapshots: true }, bucket);
    expect(backupImages).toBe(false);
    expect(backupLocations).toEqual([
      {
        name: "default",
        velero: {
          provider: "aws",
          default: true,
          accessMode: "ReadWrite",
          objectStorage: { bucket: "bucket" },
          config: { region: "us-east-1" },
        },
      },
    ]);
  });

  test("reads the location's credentials from the configured Secret", () => {
    const { backupLocations } = spec({ snapshots: true }, { ...bucket, credentials: CREDENTIALS });
    expect(backupLocations).toEqual([
      expect.objectContaining({
        velero: expect.objectContaining({ credential: { name: "cloud-credentials", key: "credentials" } }) as unknown,
      }),
    ]);
  });

  test("has the plugin for CSI only in a cluster with snapshots", () => {
    const plugins = (snapshots: boolean) => spec({ snapshots }, bucket).configuration.velero.defaultPlugins;
    expect([plugins(false), plugins(true)]).toEqual([
      ["aws", "openshift"],
      ["aws", "openshift", "csi"],
    ]);
  });

  test("runs on the infra nodes if it is placed there", () => {
    const { podConfig } = spec({ snapshots: true, placement }, bucket).configuration.velero;
    expect(podConfig).toMatchObject({ nodeSelector: { [infra]: "" }, tolerations: [{ key: infra, operator: "Exists" }] });
  });

  test("gets the file with the role's ARN under the Secret's key cloud, which OADP expects", () => {
    const { metadata, stringData } = veleroRoleSecret("[default]\nrole_arn = x");
    expect([metadata, stringData]).toEqual([
      { name: "cloud-credentials", namespace: "openshift-adp" },
      { cloud: "[default]\nrole_arn = x" },
    ]);
  });
});

test("a read-only location is not the default, and Velero changes nothing in it", () => {
  expect(readOnlyLocation("prod", { ...bucket, prefix: "velero" }, namespace).spec).toEqual({
    provider: "aws",
    accessMode: "ReadOnly",
    objectStorage: { bucket: "bucket", prefix: "velero" },
    config: { region: "us-east-1" },
  });
});

test("a schedule has its retention in hours and its namespaces, and takes snapshots of volumes only if volumes is set", () => {
  expect(backupSchedule(daily, namespace).spec).toEqual({
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

const snapshots = { conditions: { csi: { driver: "ebs.csi.aws.com" } }, action: { type: "snapshot" } };
const copies = { conditions: { capacity: "1," }, action: { type: "fs-backup" } };
const nothing = { conditions: {}, action: { type: "skip" } };

test.each([
  [{ volumes: false, fileSystemBackup: false }, [nothing]],
  [{ volumes: true, fileSystemBackup: false }, [snapshots, nothing]],
  [{ volumes: false, fileSystemBackup: true }, [copies, nothing]],
  [{ volumes: true, fileSystemBackup: true }, [snapshots, copies, nothing]],
])("a schedule with %j refers to a policy with these rules, in this order: %j", (methods, expected) => {
  const { template } = backupSchedule({ ...daily, ...methods }, namespace).spec as { template: { resourcePolicy: { name: string } } };
  const policy = volumePolicies(namespace, true).find(({ metadata }) => metadata.name === template.resourcePolicy.name);
  const [text, ...others] = Object.values(policy?.data as Record<string, string>);
  expect(others).toEqual([]);
  expect(JSON.parse(text)).toEqual({ version: "v1", volumePolicies: expected });
});

test("without the node agent there is no policy that copies files", () => {
  expect(JSON.stringify(volumePolicies(namespace, false))).not.toContain("fs-backup");
});

test("the VolumeSnapshotClass gives snapshots the tag by which the cleanup keeps them", () => {
  expect(snapshotClass().parameters).toEqual({ tagSpecification_1: "okd-aws-velero=backup" });
});

test("a schedule never excludes all cluster-scoped objects, because the Namespaces are among them", () => {
  const { template } = backupSchedule({ ...daily, clusterResources: false }, namespace).spec as { template: object };
  expect(template).not.toHaveProperty("includeClusterResources");
});

test("VeleroBackupMissed fires two hours after the longest gap of the schedule, also if no backup has ever succeeded", () => {
  const rules = (schedules: readonly BackupSchedule[]) =>
    (veleroAlerts(alertSettings(schedules)).spec as { groups: { rules: { alert: string; expr: string }[] }[] }).groups[0].rules
      .filter(({ alert }) => alert === "VeleroBackupMissed")
      .map(({ expr }) => expr);
  expect(rules([daily, { ...daily, name: "often", cron: "*/30 * * * *" }])).toEqual([
    'time() - velero_backup_last_successful_timestamp{schedule="daily"} > 93600 or absent(velero_backup_last_successful_timestamp{schedule="daily"})',
    'time() - velero_backup_last_successful_timestamp{schedule="often"} > 9000 or absent(velero_backup_last_successful_timestamp{schedule="often"})',
  ]);
});
