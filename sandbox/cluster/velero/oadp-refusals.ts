import { DEFAULT_SECRET, type DataProtection, type DataProtectionLocation } from "./oadp-server";

/** The data of a Secret in the operator's namespace; undefined if the Secret does not exist. */
export type SecretData = (name: string) => Readonly<Record<string, string>> | undefined;

/**
 * The reason why OADP does not accept a DataProtectionApplication, in OADP's words; undefined if OADP accepts it
 * (openshift/oadp-operator, `internal/controller/validator.go` and `internal/controller/bsl.go`, oadp-1.5). Only fields
 * that the stand-in reads are checked.
 *
 * @param all all DataProtectionApplications in the namespace
 */
export function oadpRefusal(application: DataProtection, all: readonly DataProtection[], secret: SecretData): string | undefined {
  const { backupImages = true, backupLocations = [], configuration } = application.spec;
  const { velero } = configuration;
  if (all.length > 1) return "only one DPA CR can exist per OADP installation namespace";
  if (velero === undefined) return "DPA CR Velero configuration cannot be nil";
  if (velero.noDefaultBackupLocation === true) {
    if (backupLocations.length > 0) return "DPA CR Velero configuration cannot have backup locations if noDefaultBackupLocation is set";
    if (backupImages) return "backupImages needs to be set to false when noDefaultBackupLocation is set";
    return pluginRefusal(velero.defaultPlugins);
  }
  if (backupLocations.length === 0)
    return "no backupstoragelocations configured, ensure a backupstoragelocation has been configured or use the noDefaultBackupLocation flag";
  for (const location of backupLocations) {
    const refusal = locationRefusal(location, backupImages, secret);
    if (refusal !== undefined) return refusal;
  }
  const defaults = backupLocations.filter((each) => each.velero?.default === true).length;
  if (defaults > 1) return "Only one Storage Location be set as default";
  if (defaults === 0)
    return "no default backupstoragelocations configured, ensure that one backupstoragelocation has been configured as the default location";
  return pluginRefusal(velero.defaultPlugins);
}

function locationRefusal({ name, velero }: DataProtectionLocation, backupImages: boolean, secret: SecretData): string | undefined {
  if (velero === undefined) return "BackupLocation must have velero or bucket configuration";
  const { objectStorage, credential, provider } = velero;
  if (backupImages && (objectStorage.prefix ?? "") === "")
    return "BackupLocation must have velero prefix when backupImages is not set to false";
  const named = { ...DEFAULT_SECRET, ...credential };
  if (named.name === "") return "secret name specified for location cannot be empty";
  if (named.key === "") return "secret key specified for location cannot be empty";
  const data = secret(named.name);
  if (data === undefined) return `Secret "${named.name}" not found`;
  if ((data[named.key] ?? "") === "") return `secret name ${named.name} is missing data for key ${named.key}`;
  if (velero.default !== true && name === "default") return "Storage location named 'default' must be set as default";
  if (provider === "") return "no provider specified for one of the backupstoragelocations configured";
  if (!["aws", "velero.io/aws"].includes(provider)) return "invalid provider";
  return objectStorage.bucket === "" ? "bucket name for AWS backupstoragelocation cannot be empty" : undefined;
}

function pluginRefusal(plugins: readonly string[] = []): string | undefined {
  if (plugins.includes("vsm"))
    return "Delete vsm from spec.configuration.velero.defaultPlugins and dataMover object from spec.features. Use Velero Built-in Data Mover instead";
  return plugins.includes("aws") && plugins.includes("legacy-aws")
    ? "aws and legacy-aws can not be both specified in DPA spec.configuration.velero.defaultPlugins"
    : undefined;
}
