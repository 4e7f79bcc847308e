import { rule } from "../rule";
import { isAtLeast, type MinorName, minorNamed } from "../releases/minor";
import { parseVersion } from "../releases/version";
import type { Warning } from "../warning";
import { configuredOadp } from "./oadp";

/** The command that sets a new password of the repositories, without writing it to the shell's history. */
const SET_PASSWORD = "openssl rand -base64 24 | tr -d '\\n' | pulumi config set --secret veleroRepositoryPassword";

/** Without the password the node agent does not run, and Velero would report each backup of a pod with volumes as incomplete. */
export const filesNeedAPassword = rule(["veleroSchedules", "veleroRepositoryPassword"], ({ veleroSchedules, veleroRepositoryPassword }) => {
  const index = veleroSchedules.findIndex(({ fileSystemBackup }) => fileSystemBackup === true);
  if (index < 0 || veleroRepositoryPassword !== "") return [];
  return [
    {
      key: "veleroRepositoryPassword",
      wrong: `is not set, but item ${index + 1} (${veleroSchedules[index].name}) of veleroSchedules has fileSystemBackup`,
      fix: `${SET_PASSWORD}; if the bucket of an earlier cluster has files that you need, set that cluster's password`,
    },
  ];
});

/**
 * Velero gives kopia the credentials of one session of its role, and kopia does not renew them (vmware-tanzu/velero,
 * `pkg/repository/udmrepo/kopialib/backend/s3.go`, release-1.18, and issue 8173). A session of AssumeRoleWithWebIdentity has one hour, unless
 * the caller asks for more, and AWS's SDK does not.
 */
export const filesAreCopiedWithinASession = rule<"veleroSchedules" | "veleroRepositoryPassword" | "credentialsMode", Warning>(
  ["veleroSchedules", "veleroRepositoryPassword", "credentialsMode"],
  ({ veleroSchedules, veleroRepositoryPassword, credentialsMode }) =>
    veleroSchedules.length > 0 && veleroRepositoryPassword !== "" && credentialsMode === "manual"
      ? [
          {
            key: "veleroRepositoryPassword",
            text:
              "In credentials mode manual, Velero fails to copy or restore the files of a volume if that takes more than an hour, because the session of its role ends. " +
              "Copies of files in this mode have not been tested on AWS.",
            fix: "use fileSystemBackup only for volumes that are small enough, and snapshots (volumes: true) for large EBS volumes; check that the first backup has the files",
          },
        ]
      : [],
);

/** The first version of Velero that copies files in separate pods, which OpenShift allows to read a volume only if they are privileged (vmware-tanzu/velero, issue 9294). */
const SEPARATE_PODS = "1.17";

/** The source of OADP with such a Velero could not be read, so it is not known whether OADP makes these pods privileged. */
export const oadpCopiesFiles = rule<"veleroSchedules" | "veleroRepositoryPassword" | "release" | "operators", Warning>(
  ["veleroSchedules", "veleroRepositoryPassword", "release", "operators"],
  ({ veleroSchedules, veleroRepositoryPassword, release, operators }) => {
    const version = parseVersion(release);
    if (veleroSchedules.length === 0 || veleroRepositoryPassword === "" || version?.distribution !== "openshift") return [];
    const oadp = configuredOadp(version.minor, operators);
    if (oadp === undefined || !isAtLeast(minorNamed(oadp.velero), SEPARATE_PODS)) return [];
    return [
      {
        key: "veleroRepositoryPassword",
        text: `Nobody has checked whether OADP ${oadp.version} gives the pods that copy files the rights that they need.`,
        fix: "after the first backup, restore a namespace with a volume under another name, and look at its files (docs/velero.md)",
      },
    ];
  },
);

/** Velero's version on OKD (config/images.json). */
const VELERO_ON_OKD: MinorName = "1.18";

/**
 * Regions of S3 that an older kopia does not know, with the first version of Velero whose kopia knows the region; undefined if no version does
 * (minio/minio-go, `endpoints.go` and `s3-endpoints.go`: v7.0.69 in Velero 1.14, v7.0.84 in 1.16, v7.0.97 in 1.18). kopia connects to S3 in
 * us-east-1 instead, which refuses the request (minio/minio-go, issue 2149). Velero's key `s3Url` does not change this. OADP builds a fork of
 * Velero, whose version of minio-go could not be read.
 */
const KNOWN_SINCE: Readonly<Record<string, MinorName | undefined>> = {
  "ca-west-1": "1.16",
  "ap-southeast-5": "1.18",
  "ap-southeast-7": "1.18",
  "ap-east-2": "1.18",
  "mx-central-1": "1.18",
  "ap-southeast-6": undefined,
};

/** Velero's kopia may not reach a bucket in a region that is newer than Velero. */
export const kopiaKnowsTheRegion = rule<
  "veleroSchedules" | "veleroRepositoryPassword" | "veleroReadOnlyLocations" | "region" | "release" | "operators",
  Warning
>(
  ["veleroSchedules", "veleroRepositoryPassword", "veleroReadOnlyLocations", "region", "release", "operators"],
  ({ veleroSchedules, veleroRepositoryPassword, veleroReadOnlyLocations, region: own, release, operators }) => {
    const version = parseVersion(release);
    if (version === undefined || veleroSchedules.length === 0 || veleroRepositoryPassword === "") return [];
    const velero = version.distribution === "openshift" ? configuredOadp(version.minor, operators)?.velero : VELERO_ON_OKD;
    if (velero === undefined) return [];
    const regions = new Set([own, ...veleroReadOnlyLocations.map(({ region = own }) => region)]);
    return [...regions]
      .filter((region) => region in KNOWN_SINCE && !knows(velero, KNOWN_SINCE[region]))
      .map((region) => ({
        key: "veleroRepositoryPassword",
        text: `Velero ${velero} probably can't copy or restore files in a bucket in ${region}, because its library for S3 does not know this region. Backups with fileSystemBackup would be incomplete.`,
        fix: "use snapshots (volumes: true) for EBS volumes; check that the first backup with fileSystemBackup has the files (docs/velero.md)",
      }));
  },
);

function knows(velero: MinorName, since: MinorName | undefined): boolean {
  return since !== undefined && isAtLeast(minorNamed(velero), since);
}
