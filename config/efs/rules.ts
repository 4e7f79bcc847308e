import { removeCommand, setCommand } from "../problem";
import { rule } from "../rule";
import { INFREQUENT_ACCESS_DAYS } from "./fields";

export const fileSystemIsNewOrExisting = rule(["efsFileSystem", "efsFileSystemId"], ({ efsFileSystem, efsFileSystemId }) =>
  efsFileSystem && efsFileSystemId !== ""
    ? [
        {
          key: "efsFileSystemId",
          wrong: "is set, but efsFileSystem is true, so a new file system would be created",
          allowed: "only one of efsFileSystem and efsFileSystemId",
          fix: `${removeCommand("efsFileSystem")} to use the existing one, or ${removeCommand("efsFileSystemId")}`,
        },
      ]
    : [],
);

export const fileSystemSettingsNeedFileSystem = rule(
  ["efsFileSystem", "efsFileSystemId", "efsKmsKeyArn", "efsProvisionedThroughput", "efsThroughputMode", "efsPerformanceMode"],
  ({ efsFileSystem, efsFileSystemId, efsKmsKeyArn, efsProvisionedThroughput, efsThroughputMode, efsPerformanceMode }) => {
    // A cluster that uses an existing file system may keep the settings with which the file system was created.
    if (efsFileSystem || efsFileSystemId !== "") return [];
    const set = {
      efsKmsKeyArn: efsKmsKeyArn !== "",
      efsProvisionedThroughput: efsProvisionedThroughput !== 0,
      efsThroughputMode: efsThroughputMode !== "elastic",
      efsPerformanceMode: efsPerformanceMode !== "generalPurpose",
    };
    return Object.entries(set).flatMap(([key, isSet]) =>
      isSet
        ? [
            {
              key,
              wrong: "is set, but efsFileSystem is not true, so no file system is created",
              fix: `${setCommand("efsFileSystem", "true")}, or ${removeCommand(key)}`,
            },
          ]
        : [],
    );
  },
);

export const provisionedThroughputFitsMode = rule(
  ["efsFileSystem", "efsThroughputMode", "efsProvisionedThroughput"],
  ({ efsFileSystem, efsThroughputMode, efsProvisionedThroughput }) => {
    if (!efsFileSystem || (efsThroughputMode === "provisioned") === efsProvisionedThroughput > 0) return [];
    return [
      {
        key: "efsProvisionedThroughput",
        wrong:
          efsThroughputMode === "provisioned"
            ? "is 0, but efsThroughputMode is provisioned"
            : `is set, but efsThroughputMode is ${efsThroughputMode}`,
        allowed: "more than 0 with efsThroughputMode provisioned, otherwise 0",
        fix:
          efsThroughputMode === "provisioned"
            ? setCommand("efsProvisionedThroughput", 64)
            : `${setCommand("efsThroughputMode", "provisioned")}, or ${removeCommand("efsProvisionedThroughput")}`,
      },
    ];
  },
);

/** EFS does not support Max I/O together with elastic throughput (EFS user guide, "Amazon EFS performance specifications"). */
export const maxIoIsNotElastic = rule(
  ["efsFileSystem", "efsThroughputMode", "efsPerformanceMode"],
  ({ efsFileSystem, efsThroughputMode, efsPerformanceMode }) =>
    efsFileSystem && efsPerformanceMode === "maxIO" && efsThroughputMode === "elastic"
      ? [
          {
            key: "efsPerformanceMode",
            wrong: "is maxIO, which EFS refuses together with elastic throughput",
            allowed: "generalPurpose, or efsThroughputMode bursting or provisioned",
            fix: `${removeCommand("efsPerformanceMode")}, or ${setCommand("efsThroughputMode", "bursting")}`,
          },
        ]
      : [],
);

export const infrequentAccessDaysExistInEfs = rule(["efsInfrequentAccessDays"], ({ efsInfrequentAccessDays: days }) => {
  if (INFREQUENT_ACCESS_DAYS.includes(days)) return [];
  const next = INFREQUENT_ACCESS_DAYS.find((each) => each > days) ?? 365;
  return [
    {
      key: "efsInfrequentAccessDays",
      wrong: "is a number of days that EFS does not offer",
      fix: setCommand("efsInfrequentAccessDays", next),
    },
  ];
});

export const sharedVolumesHaveAFileSystem = rule(
  ["efsFileSystem", "efsFileSystemId", "efsVolumes", "efsRequireTls"],
  ({ efsFileSystem, efsFileSystemId, efsVolumes, efsRequireTls }) => {
    if (efsVolumes.length === 0) return [];
    if (!efsFileSystem && efsFileSystemId === "")
      return [
        {
          key: "efsVolumes",
          wrong: "is set, but there is no file system",
          fix: `${setCommand("efsFileSystem", "true")}, or set efsFileSystemId, or ${removeCommand("efsVolumes")}`,
        },
      ];
    if (!efsFileSystem || !efsRequireTls) return [];
    return [
      {
        key: "efsVolumes",
        wrong: "is set, but efsRequireTls is true: the nodes mount these volumes without TLS, which the file system would refuse",
        allowed: "volumes with efsRequireTls false, or claims of a storage class of type efs",
        fix: `${setCommand("efsRequireTls", "false")}, or ${removeCommand("efsVolumes")}`,
      },
    ];
  },
);

export const sharedVolumesHaveTheirOwnClaims = rule(["efsVolumes"], ({ efsVolumes }) => {
  const first = new Map<string, number>();
  return efsVolumes.flatMap(({ name, namespace, claim = name }, index) => {
    const id = `${namespace}/${claim}`;
    const other = first.get(id);
    if (other === undefined) {
      first.set(id, index);
      return [];
    }
    return [
      {
        key: "efsVolumes",
        wrong: `items ${other + 1} and ${index + 1} are reserved for the same claim, ${id}: a claim has one volume`,
        allowed: "a different claim for each volume",
        fix: "give one of them another claim",
      },
    ];
  });
});

export const efsClassesHaveAFileSystem = rule(
  ["storageClasses", "efsFileSystem", "efsFileSystemId"],
  ({ storageClasses, efsFileSystem, efsFileSystemId }) =>
    efsFileSystem || efsFileSystemId !== ""
      ? []
      : storageClasses.flatMap((each, index) =>
          each.type === "efs" && each.fileSystemId === undefined
            ? [
                {
                  key: "storageClasses",
                  wrong: `item ${index + 1} (${each.name}) has no fileSystemId, and the cluster has no file system`,
                  allowed: "a fileSystemId, or efsFileSystem true, or efsFileSystemId",
                  fix: setCommand("efsFileSystem", "true"),
                },
              ]
            : [],
        ),
);

/**
 * The EFS CSI driver needs both ends of the range of group IDs, and gidRangeEnd must be larger (kubernetes-sigs/aws-efs-csi-driver,
 * `docs/parameters.md`, master).
 */
export const efsGroupRangesAreComplete = rule(["storageClasses"], ({ storageClasses }) =>
  storageClasses.flatMap((each, index) => {
    if (each.type !== "efs") return [];
    const { gidRangeStart: start, gidRangeEnd: end } = each;
    if (start === undefined && end === undefined) return [];
    if (start !== undefined && end !== undefined && start < end) return [];
    return [
      {
        key: "storageClasses",
        wrong: `item ${index + 1} (${each.name}) has the group IDs from ${start ?? "(not set)"} to ${end ?? "(not set)"}`,
        allowed: "gidRangeStart with a larger gidRangeEnd, or neither of them",
        fix: "set both, such as gidRangeStart 50000 and gidRangeEnd 60000",
      },
    ];
  }),
);
