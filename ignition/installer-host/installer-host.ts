import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Configuration } from "../../config/configuration";
import { imageReference } from "../../config/container-images";
import { approverStatus } from "../certificate-approver";
import type { EgressSettings } from "../pointer";
import { proxyVariables } from "../proxy-variables";
import { type HostFile, ignitionConfig } from "./ignition-config";
import { archivedImage, archivedImages, type ArchivedName } from "./images";
import { placesInContainer, type RegistryBucket, registryConfiguration, registryHost, registryPort, type RegistryRole } from "./registry";
import { type SecretFiles, type HostServices, joinServices } from "./services";
import { releaseTools, toolList } from "./tools";
import { hostUnits, sessionManagerUnit } from "./units";

export interface InstallerHostSetUp {
  readonly configuration: Pick<Configuration, "clusterDomain" | "distribution" | "release" | "architecture"> & EgressSettings;
  readonly registryImage: string;
  /** Bucket for the registry's images; undefined if they are on the data volume. */
  readonly registryBucket?: RegistryBucket;
  /** Public key of the user core. */
  readonly sshPublicKey: string;
  readonly dataVolumeId: string;
  readonly registrySecretArn: string;
  /** Name of the SSM parameter for the public SSH host keys. */
  readonly hostKeyParameter: string;
  /** Whether SSH uses a port that Systems Manager forwards. */
  readonly sessionManager: boolean;
  readonly services?: HostServices;
}

/**
 * The trust bundle of a CoreOS node in one PEM file: the system's CAs, and the additional ones that ignition or the machine config operator
 * put below /etc/pki/ca-trust/source/anchors (update-ca-trust(8)).
 */
export const machineTrustBundle = "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem";

const configurationDirectory = "/etc/okd";
const registryRoles: readonly RegistryRole[] = ["push", "pull"];
const dataDirectory = "/var/lib/okd-data";

/** Scripts by their names on the host. */
const scripts: Readonly<Record<string, string>> = {
  aws: "aws",
  "okd-metadata": "metadata",
  "okd-prepare-data-volume": "prepare-data-volume",
  "okd-fetch-secrets": "fetch-secrets",
  "okd-publish-host-keys": "publish-host-keys",
  "okd-install-tools": "install-tools",
  "okd-run-registry": "run-registry",
  "okd-run-session-manager": "run-session-manager",
  "okd-collect-garbage": "collect-garbage",
  "okd-watch-registry": "watch-registry",
  "okd-health": "health",
  "okd-publish-health": "publish-health",
};

/**
 * The installer host's ignition config. It contains no secrets and nothing derived from secrets: the host fetches them.
 *
 * @throws Error if the proxy's URL contains a user or a password.
 */
export function installerHostIgnition(setUp: InstallerHostSetUp): string {
  const { configuration } = setUp;
  const { mirror } = configuration;
  const images = mirror?.mode === "air-gapped" ? [archivedImages(mirror.archive, archivedNames(setUp))] : [];
  const services = joinServices([...images, ...(setUp.services ? [setUp.services] : [])]);
  const registry = `${registryHost(configuration.clusterDomain)}:${registryPort}`;
  const places = { ...placesInContainer, ...(setUp.registryBucket && { storage: setUp.registryBucket }) };
  const secrets: readonly SecretFiles[] = [
    { arn: setUp.registrySecretArn, directory: configurationDirectory, units: registryRoles.map((role) => `okd-registry-${role}.service`) },
    ...services.secrets,
  ];
  const text = (path: string, contents: string, mode = 0o644): HostFile => ({ path, mode, contents });
  const anchor = configuration.additionalTrustBundle;
  return ignitionConfig({
    sshPublicKeys: [setUp.sshPublicKey.trim()],
    directories: ["registry", "client"].map((name) => ({ path: `${configurationDirectory}/${name}`, mode: 0o700 })),
    files: [
      ...Object.entries(scripts).map(([name, file]) =>
        text(`/usr/local/bin/${name}`, readFileSync(join(__dirname, "scripts", `${file}.sh`), "utf8"), 0o755),
      ),
      text(
        `${configurationDirectory}/host.env`,
        environmentFile({ ...hostEnvironment(setUp, registry), ...proxyVariables(configuration) }),
      ),
      text(`${configurationDirectory}/tools.list`, toolList(releaseTools(configuration))),
      text(
        `${configurationDirectory}/secrets.list`,
        secrets.map(({ arn, directory, units = [] }) => `${arn} ${directory} ${units.join(",") || "-"}\n`).join(""),
      ),
      // On the host itself the registry's name resolves to the registry that accepts pushes, for oc-mirror and for administrators.
      text("/etc/hosts", `127.0.0.1 localhost\n::1 localhost\n127.0.0.1 ${registryHost(configuration.clusterDomain)}\n`),
      ...registryRoles.map((role) => text(`${configurationDirectory}/registry/${role}.yml`, registryConfiguration({ role }, places))),
      text(`${configurationDirectory}/registry/collect.yml`, registryConfiguration({ role: "push", collecting: true }, places)),
      // CoreOS adds these CAs to its trust bundle at boot (coreos-update-ca-trust.service, if the directory is not empty).
      ...(anchor === undefined ? [] : [text("/etc/pki/ca-trust/source/anchors/okd-additional.pem", anchor)]),
      ...services.files,
    ],
    // podman and oc-mirror look for a registry's CA here (containers/image, `docs/containers-certs.d.5.md`).
    links: [{ path: `/etc/containers/certs.d/${registry}/ca.crt`, target: `${configurationDirectory}/client/ca.crt` }],
    units: [...hostUnits({ dataDirectory }), ...(setUp.sessionManager ? [sessionManagerUnit()] : []), ...services.units],
  });
}

/** Images that an air-gapped host runs: `images/<name>.tar` in its archive. */
function archivedNames({ sessionManager }: Pick<InstallerHostSetUp, "sessionManager">): readonly ArchivedName[] {
  return ["aws-cli", "registry", "node", ...(sessionManager ? (["ssm-agent"] as const) : [])];
}

/** Environment variables of the host's scripts. */
function hostEnvironment(setUp: InstallerHostSetUp, registry: string): Record<string, string> {
  const archived = setUp.configuration.mirror?.mode === "air-gapped";
  return {
    AWS_REGION: setUp.configuration.region,
    AWS_CLI_IMAGE: archived ? archivedImage("aws-cli") : imageReference("aws-cli"),
    TRUST_BUNDLE: machineTrustBundle,
    CONFIGURATION: configurationDirectory,
    REGISTRY: registry,
    REGISTRY_IMAGE: archived ? archivedImage("registry") : setUp.registryImage,
    SESSION_MANAGER_IMAGE: archived ? archivedImage("ssm-agent") : imageReference("ssm-agent"),
    READ_ONLY_MARK: "/run/okd/registry-read-only",
    PUBLISHED_HEALTH: "/run/okd/published-health",
    APPROVER_STATUS: approverStatus,
    // udev's name for an EBS volume on a Nitro instance. It contains the volume's serial number, which is the volume's ID without the dash.
    DATA_DEVICE: `/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${setUp.dataVolumeId.replace("-", "")}`,
    DATA_DIRECTORY: dataDirectory,
    DATA_WAIT_SECONDS: "900",
    SECRET_LIST: `${configurationDirectory}/secrets.list`,
    SECRET_ATTEMPTS: "30",
    SECRET_RETRY_SECONDS: "10",
    SSH_DIRECTORY: "/etc/ssh",
    HOST_KEY_PARAMETER: setUp.hostKeyParameter,
    TOOL_LIST: `${configurationDirectory}/tools.list`,
    TOOL_DIRECTORY: "/usr/local/bin",
    TOOL_PROTOCOLS: "=https",
    // Red Hat's release keys in the system image of RHEL CoreOS.
    TOOL_SIGNERS: "/etc/pki/rpm-gpg/RPM-GPG-KEY-redhat-release",
    TOOL_RETRIES: "10",
    TOOL_RETRY_SECONDS: "5",
  };
}

/** Exported shell variables, with quoted values. */
export function environmentFile(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'\n`)
    .join("");
}
