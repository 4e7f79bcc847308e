import { type InjectedFailure, group, must } from "./scene-parts";
import type { Scene } from "./scene";

const host = ({ evidence }: Scene) => must(evidence.installerHost?.host);
const health = ({ evidence }: Scene) => must(evidence.installerHost?.health);
const record = ({ evidence }: Scene) => must(evidence.dns.records.find(({ name }) => name === "registry.dev.example.com"));

/** Failures of the installer host when the instances pull images only from its registry. */
export const registryFailures: readonly InjectedFailure[] = [
  [
    "the installer host",
    ({ evidence }) => (must(evidence.installerHost).host = null),
    "registry",
    "the installer host dev-abcde-installer-host does not exist, and the instances get their images only from its registry",
  ],
  [
    "the installer host does not run",
    (scene) => Object.assign(host(scene), { State: { Name: "stopped" }, StateReason: { Message: "User initiated" } }),
    "registry",
    "installer host i-host is stopped (User initiated), and the instances get their images only from its registry",
  ],
  [
    "the registry's name",
    (scene) => record(scene).found.splice(0),
    "registry",
    "registry.dev.example.com, from which the instances pull images, has no record in private zone ZPRIVATE",
  ],
  [
    "the registry's address",
    (scene) => (must(record(scene).found[0]).ResourceRecords = [{ Value: "10.0.0.99" }]),
    "registry",
    "registry.dev.example.com in private zone ZPRIVATE points to 10.0.0.99, not to the installer host 10.0.0.9",
  ],
  [
    "the registry's port",
    (scene) => must(group(scene, "sg-host").IpPermissions).pop(),
    "registry",
    "no security group of installer host i-host (sg-host) allows tcp 5000 from 10.0.0.0/16: image registry",
  ],
  [
    "the registry's port, for some instances",
    (scene) => (must(must(group(scene, "sg-host").IpPermissions)[0]).IpRanges = [{ CidrIp: "10.0.0.0/20" }]),
    "registry",
    "no security group of installer host i-host (sg-host) allows tcp 5000 from 10.0.0.0/16: image registry",
  ],
  [
    "the registry",
    (scene) =>
      Object.assign(health(scene), {
        state: "unhealthy",
        reason: 'the registry is not ready in time: curl: (7).\n"journalctl" says more.',
      }),
    "registry",
    'installer host i-host has reported since 2026-03-01T11:00:00Z: the registry is not ready in time: curl: (7). "journalctl" says more',
  ],
  [
    "the host's first boot",
    ({ evidence }) => (must(evidence.installerHost).health = null),
    "registry",
    "installer host i-host has not reported whether its registry is ready: it is still starting, or it can't reach S3 or its container images",
  ],
  [
    "the first boot of a host that replaced another one",
    (scene) => (health(scene).instanceId = "i-before"),
    "registry",
    "installer host i-host has not reported whether its registry is ready: it is still starting, or it can't reach S3 or its container images",
  ],
];
