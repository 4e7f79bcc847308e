import type { HostUnit } from "./ignition-config";
import type { RegistryRole } from "./registry";

/** Properties of a unit that runs one script. */
interface Script {
  readonly name: string;
  readonly description: string;
  /** Command in /usr/local/bin, with arguments that need no quoting. */
  readonly command: string;
  readonly after?: readonly string[];
  /** Units that must start after this one. */
  readonly before?: readonly string[];
  /** Whether the unit runs at boot. */
  readonly atBoot: boolean;
}

/** A section of a unit file. */
export function unitSection(name: string, lines: readonly string[]): string {
  return `[${name}]\n${lines.join("\n")}\n`;
}

const online = "network-online.target";
const wantedAtBoot = unitSection("Install", ["WantedBy=multi-user.target"]);

/** A unit for a script that ends. At boot it is retried until it succeeds. */
export function oneshot({ name, description, command, after = [], before = [], atBoot }: Script): HostUnit {
  const ordering = [online, ...after];
  const retry = atBoot ? ["RemainAfterExit=yes", "Restart=on-failure", "RestartSec=10"] : [];
  return {
    name: `${name}.service`,
    enabled: atBoot,
    contents: [
      unitSection("Unit", [
        `Description=${description}`,
        `Wants=${ordering.join(" ")}`,
        `After=${ordering.join(" ")}`,
        ...(before.length > 0 ? [`Before=${before.join(" ")}`] : []),
        ...(atBoot ? ["StartLimitIntervalSec=0"] : []),
      ]),
      unitSection("Service", ["Type=oneshot", ...retry, `ExecStart=/usr/local/bin/${command}`]),
      ...(atBoot ? [wantedAtBoot] : []),
    ].join("\n"),
  };
}

/** A timer for the service of the same name. */
export function timer(name: string, description: string, when: readonly string[]): HostUnit {
  return {
    name: `${name}.timer`,
    enabled: true,
    contents: [
      unitSection("Unit", [`Description=${description}`]),
      unitSection("Timer", when),
      unitSection("Install", ["WantedBy=timers.target"]),
    ].join("\n"),
  };
}

/** A unit for a program that runs permanently. */
function longRunning(name: string, description: string, needs: readonly string[], service: readonly string[]): HostUnit {
  const ordering = [online, ...needs].join(" ");
  return {
    name: `${name}.service`,
    enabled: true,
    contents: [
      unitSection("Unit", [`Description=${description}`, `Wants=${ordering}`, `After=${ordering}`, "StartLimitIntervalSec=0"]),
      unitSection("Service", [...service, "Restart=always", "RestartSec=10"]),
      wantedAtBoot,
    ].join("\n"),
  };
}

/** The host's units. Their scripts read the host's environment file. */
export function hostUnits({ dataDirectory }: { readonly dataDirectory: string }): readonly HostUnit[] {
  return [
    oneshot({ name: "okd-data-volume", description: "Mounts the data volume", command: "okd-prepare-data-volume", atBoot: true }),
    oneshot({
      name: "okd-host-key",
      description: "Publishes the SSH host keys",
      command: "okd-publish-host-keys",
      after: ["sshd.service"],
      atBoot: true,
    }),
    oneshot({ name: "okd-tools", description: "Installs the release's tools", command: "okd-install-tools", atBoot: true }),
    oneshot({ name: "okd-secrets", description: "Fetches this host's secrets", command: "okd-fetch-secrets", atBoot: false }),
    timer("okd-secrets", "Fetches secrets at boot and after a rotation", ["OnBootSec=1s", "OnUnitInactiveSec=1min"]),
    registryUnit("push", "Image registry that accepts pushes, on loopback", dataDirectory),
    registryUnit("pull", "Image registry that nodes pull from", dataDirectory),
    oneshot({
      name: "okd-registry-watch",
      description: "Restarts a registry that does not answer",
      command: "okd-watch-registry",
      atBoot: false,
    }),
    timer("okd-registry-watch", "Checks whether the registry answers", ["OnBootSec=5min", "OnUnitInactiveSec=1min"]),
    oneshot({
      name: "okd-registry-garbage",
      description: "Deletes layers that no image refers to",
      command: "okd-collect-garbage",
      atBoot: false,
    }),
    timer("okd-registry-garbage", "Collects the registry's garbage", [
      "OnCalendar=Sun *-*-* 03:00:00",
      "RandomizedDelaySec=1h",
      "Persistent=true",
    ]),
  ];
}

function registryUnit(role: RegistryRole, description: string, dataDirectory: string): HostUnit {
  const name = `okd-registry-${role}`;
  return longRunning(
    name,
    description,
    ["okd-data-volume.service", "okd-secrets.service"],
    [
      "Type=notify",
      "NotifyAccess=all",
      // The time limit is long, because the first start pulls the image.
      "TimeoutStartSec=15min",
      `ExecStartPre=/usr/bin/mountpoint --quiet ${dataDirectory}`,
      "ExecStartPre=/usr/bin/test -s /etc/okd/registry/tls.key",
      `ExecStart=/usr/local/bin/okd-run-registry ${role}`,
      `ExecStartPost=/usr/local/bin/okd-health ${role} 120`,
      `ExecStop=/usr/bin/podman stop --ignore --time 30 ${name}`,
    ],
  );
}

/** Systems Manager's agent, for SSH through a forwarded port. CoreOS does not include it. */
export function sessionManagerUnit(): HostUnit {
  return longRunning(
    "okd-session-manager",
    "Systems Manager agent",
    [],
    ["ExecStart=/usr/local/bin/okd-run-session-manager", "ExecStop=/usr/bin/podman stop --ignore --time 10 okd-session-manager"],
  );
}
