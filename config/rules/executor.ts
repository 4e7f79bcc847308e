import { isIPv4 } from "node:net";
import { type Finding, type Flaw, removeCommand, setCommand } from "../finding";
import { parseInstanceType } from "../instance-type";
import { rule } from "../rule";
import { publicHalf, setPrivateKey } from "./private-key";
import { sshKeyLine, sshPublicKeyFlaw } from "./ssh-key";

/** The local end of a forwarding to the installer host's port 22. */
export const DEFAULT_FORWARDED_PORT = 2222;

const NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;

/** A host and its ssh port, from a text that {@link bastionHostFlaw} accepts. */
export function parseSshHost(text: string): { readonly host: string; readonly port: number } {
  const [host = "", port = "22"] = text.split(":");
  return { host, port: Number(port) };
}

/** Whether a text is a name or an address, and if need be a port. */
export function bastionHostFlaw(text: string): Flaw | undefined {
  if (/^[a-z]+:\/\//.test(text)) return { wrong: "has a scheme", instead: text.replace(/^[a-z]+:\/\/([^/@]*@)?/, "").split("/")[0] };
  if (text.includes("@")) return { wrong: "has a user, which goes into bastionUser", instead: text.replace(/^.*@/, "") };
  const { host, port } = parseSshHost(text);
  if (text.split(":").length > 2 || !(isIPv4(host) || (NAME.test(host) && !/^[\d.]+$/.test(host))))
    return { wrong: "is no host name in small letters and no IPv4 address" };
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return { wrong: "has a port that is none" };
  return undefined;
}

/** Whether a text is a user name that a shell and sshd take. */
export function bastionUserFlaw(text: string): Flaw | undefined {
  return /^[a-z_][a-z0-9_.-]{0,31}$/i.test(text) ? undefined : { wrong: "is not the name of a user" };
}

const SCAN = 'pulumi config set bastionHostKey -- "$(ssh <bastion> cat /etc/ssh/ssh_host_ecdsa_key.pub)"';

/** Whether a text is the public half of a host key. */
export function hostKeyFlaw(text: string): Flaw | undefined {
  const [first = "", second = "", third = ""] = text.trim().split(/\s+/);
  if (sshPublicKeyFlaw(`${second} ${third}`) === undefined)
    return { wrong: `starts with the host, as a line of known_hosts: ${first}`, instead: `${second} ${third}` };
  const flaw = sshPublicKeyFlaw(text);
  if (flaw?.wrong.includes("private key")) return { wrong: "is a private key, which belongs to the bastion alone", fix: SCAN };
  return flaw && { wrong: flaw.wrong, fix: SCAN };
}

const BASTION_KEYS = ["bastionHost", "bastionUser", "bastionHostKey", "bastionPrivateKey"] as const;

/** Nothing about ssh is asked for where nothing is done over ssh. A default counts as not set: the engine hands it over like a value. */
export const localExecutorReachesNoHost = rule(["executor", "installerHostAccess"], ({ executor, installerHostAccess }): Finding[] => {
  if (executor === "ssh" || installerHostAccess === "public") return [];
  return [
    {
      key: "installerHostAccess",
      wrong: `is ${installerHostAccess}, but executor is local: then nothing is done over ssh`,
      allowed: "a way to the installer host together with executor ssh",
      fix: `${setCommand("executor", "ssh")}, or ${removeCommand("installerHostAccess")}`,
    },
  ];
});

/** The installation needs a machine to run on, which the release can't have named yet. */
export const sshExecutorHasAHost = rule(
  ["executor", "installerHost", "installerHostImageId", "masterInstanceType", "region"],
  ({ executor, installerHost, installerHostImageId, masterInstanceType, region }): Finding[] => {
    if (executor === "local") return [];
    if (!installerHost) {
      return [
        {
          key: "executor",
          wrong: "is ssh, but installerHost is false: there is no machine that the installation could run on",
          allowed: "ssh together with installerHost true",
          fix: `${setCommand("installerHost", "true")}, or ${setCommand("executor", "local")}`,
        },
      ];
    }
    if (installerHostImageId !== "") return [];
    const architecture = parseInstanceType(masterInstanceType)?.architecture === "arm64" ? "aarch64" : "x86_64";
    const image = `.architectures.${architecture}.images.aws.regions["${region}"].image`;
    return [
      {
        key: "installerHostImageId",
        wrong:
          "is not set, but executor is ssh: the installer, which names the release's image, runs on the machine that would boot from it",
        fix: `pulumi config set installerHostImageId "$(curl -s https://builds.coreos.fedoraproject.org/streams/stable.json | jq -r '${image}')", or ${setCommand("executor", "local")}`,
      },
    ];
  },
);

/** Over ssh the program logs in with the key that the machines accept; a key pair of its own making it has. */
export const sshExecutorHasAKey = rule(
  ["executor", "sshPublicKey", "sshPrivateKey"],
  ({ executor, sshPublicKey, sshPrivateKey }): Finding[] => {
    const key = "sshPrivateKey";
    if (sshPrivateKey === "") {
      if (executor === "local" || sshPublicKey === "") return [];
      const wrong = "is not set, but executor is ssh and sshPublicKey a key of yours: nothing could log in to the installer host";
      return [{ key, wrong, fix: `${setPrivateKey(key)}, or ${removeCommand("sshPublicKey")} to have a key pair made` }];
    }
    if (executor === "local" || sshPublicKey === "") {
      const wrong = executor === "local" ? "is set, but executor is local: nothing is done over ssh" : "is set, but sshPublicKey is not";
      return [{ key, wrong, allowed: "the private half of sshPublicKey, with executor ssh", fix: removeCommand(key) }];
    }
    const half = publicHalf(sshPrivateKey);
    if (half === undefined || half === sshKeyLine(sshPublicKey).split(/\s+/)[1]) return [];
    return [{ key, wrong: "is not the private half of sshPublicKey", fix: setPrivateKey(key) }];
  },
);

/** A bastion is described completely, and only where one is used. */
export const bastionIsComplete = rule(["installerHostAccess", ...BASTION_KEYS], (facts): Finding[] => {
  const { installerHostAccess } = facts;
  if (installerHostAccess === "bastion") {
    return BASTION_KEYS.filter((key) => facts[key] === "").map((key) => ({
      key,
      wrong: "is not set, but installerHostAccess is bastion",
      ...(key === "bastionHostKey" && { fix: SCAN }),
    }));
  }
  return BASTION_KEYS.filter((key) => facts[key] !== "").map((key) => ({
    key,
    wrong: `is set, but installerHostAccess is ${installerHostAccess}`,
    allowed: "a bastion together with installerHostAccess bastion",
    fix: `${setCommand("installerHostAccess", "bastion")}, or ${removeCommand(key)}`,
  }));
});

/** A port is chosen only where one is forwarded. */
export const forwardedPortIsUsed = rule(["installerHostAccess", "forwardedPort"], ({ installerHostAccess, forwardedPort }): Finding[] => {
  if (installerHostAccess === "forwarded" || forwardedPort === DEFAULT_FORWARDED_PORT) return [];
  return [
    {
      key: "forwardedPort",
      wrong: `is set, but installerHostAccess is ${installerHostAccess}`,
      allowed: "a port together with installerHostAccess forwarded",
      fix: `${setCommand("installerHostAccess", "forwarded")}, or ${removeCommand("forwardedPort")}`,
    },
  ];
});

/** A host that is reached from the internet has a public address, and lets someone in. */
export const publicHostCanBeReached = rule(
  ["executor", "installerHostAccess", "publish", "adminCidrs"],
  ({ executor, installerHostAccess, publish, adminCidrs }): Finding[] => {
    if (executor === "local" || installerHostAccess !== "public") return [];
    if (publish === "Internal") {
      return [
        {
          key: "installerHostAccess",
          wrong: "is public, but publish is Internal: the installer host gets no public address",
          allowed: "bastion or forwarded for a private cluster; or executor local, on a machine in its network",
          fix: `${setCommand("installerHostAccess", "forwarded")}, or ${setCommand("executor", "local")}`,
        },
      ];
    }
    if (adminCidrs.length > 0) return [];
    return [
      {
        key: "adminCidrs",
        wrong: "is not set, but installerHostAccess is public: no one outside the network could connect to the installer host",
        fix: `pulumi config set --path 'adminCidrs[0]' $(curl -s https://checkip.amazonaws.com)/32, or ${setCommand("installerHostAccess", "forwarded")}`,
      },
    ];
  },
);
