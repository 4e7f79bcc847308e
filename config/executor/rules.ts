import { type KeyProblem, removeCommand, setCommand } from "../problem";
import { parseInstanceType } from "../instance-type";
import { containedPublicKey, setPrivateKey } from "../private-key";
import { rule } from "../rule";
import { sshKeyLine } from "../ssh-key";
import { DEFAULT_FORWARDED_PORT, SET_HOST_KEY } from "./fields";

const BASTION_KEYS = ["bastionHost", "bastionUser", "bastionHostKey", "bastionPrivateKey"] as const;

/** With executor local nothing uses ssh. The default `public` is accepted, because the Pulumi engine passes a default like a configured value. */
export const localExecutorReachesNoHost = rule(["executor", "installerHostAccess"], ({ executor, installerHostAccess }): KeyProblem[] => {
  if (executor === "ssh" || installerHostAccess === "public") return [];
  return [
    {
      key: "installerHostAccess",
      wrong: `is ${installerHostAccess}, but executor is local, so nothing uses ssh`,
      allowed: "public (the default) with executor local; bastion or forwarded with executor ssh",
      fix: `${setCommand("executor", "ssh")}, or ${removeCommand("installerHostAccess")}`,
    },
  ];
});

/**
 * Executor ssh needs an installer host. Its AMI must be configured: openshift-install knows the release's AMI, but can only run when that host
 * exists.
 */
export const sshExecutorHasAHost = rule(
  ["executor", "installerHost", "installerHostImageId", "masterInstanceType", "region"],
  ({ executor, installerHost, installerHostImageId, masterInstanceType, region }): KeyProblem[] => {
    if (executor === "local") return [];
    if (!installerHost) {
      return [
        {
          key: "executor",
          wrong: "is ssh, but installerHost is false, so there is no host to run the installation on",
          allowed: "ssh only with installerHost true",
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
          "is not set, but executor is ssh: openshift-install could name the release's AMI, but it runs on the installer host, which needs the AMI first",
        fix: `pulumi config set installerHostImageId "$(curl -s https://builds.coreos.fedoraproject.org/streams/stable.json | jq -r '${image}')", or ${setCommand("executor", "local")}`,
      },
    ];
  },
);

/** Executor ssh needs the private key for sshPublicKey. If the program creates the key pair, it already has the private key. */
export const sshExecutorHasAKey = rule(
  ["executor", "sshPublicKey", "sshPrivateKey"],
  ({ executor, sshPublicKey, sshPrivateKey }): KeyProblem[] => {
    const key = "sshPrivateKey";
    if (sshPrivateKey === "") {
      if (executor === "local" || sshPublicKey === "") return [];
      const wrong = "is not set, but executor is ssh and sshPublicKey is set, so the program can't log in to the installer host";
      return [{ key, wrong, fix: `${setPrivateKey(key)}, or ${removeCommand("sshPublicKey")} so that the program creates a key pair` }];
    }
    if (executor === "local" || sshPublicKey === "") {
      const wrong = executor === "local" ? "is set, but executor is local, so nothing uses ssh" : "is set, but sshPublicKey is not";
      return [{ key, wrong, allowed: "the private key for sshPublicKey, only with executor ssh", fix: removeCommand(key) }];
    }
    const publicKey = containedPublicKey(sshPrivateKey);
    if (publicKey === undefined || publicKey === sshKeyLine(sshPublicKey).split(/\s+/)[1]) return [];
    return [{ key, wrong: "is not the private key for sshPublicKey", fix: setPrivateKey(key) }];
  },
);

/** The bastion's keys are set if and only if a bastion is used. */
export const bastionIsComplete = rule(["installerHostAccess", ...BASTION_KEYS], (facts): KeyProblem[] => {
  const { installerHostAccess } = facts;
  if (installerHostAccess === "bastion") {
    return BASTION_KEYS.filter((key) => facts[key] === "").map((key) => ({
      key,
      wrong: "is not set, but installerHostAccess is bastion",
      ...(key === "bastionHostKey" && { fix: SET_HOST_KEY }),
    }));
  }
  return BASTION_KEYS.filter((key) => facts[key] !== "").map((key) => ({
    key,
    wrong: `is set, but installerHostAccess is ${installerHostAccess}`,
    allowed: "only with installerHostAccess bastion",
    fix: `${setCommand("installerHostAccess", "bastion")}, or ${removeCommand(key)}`,
  }));
});

/** forwardedPort has an effect only with installerHostAccess forwarded. */
export const forwardedPortIsUsed = rule(
  ["installerHostAccess", "forwardedPort"],
  ({ installerHostAccess, forwardedPort }): KeyProblem[] => {
    if (installerHostAccess === "forwarded" || forwardedPort === DEFAULT_FORWARDED_PORT) return [];
    return [
      {
        key: "forwardedPort",
        wrong: `is set, but installerHostAccess is ${installerHostAccess}`,
        allowed: "only with installerHostAccess forwarded",
        fix: `${setCommand("installerHostAccess", "forwarded")}, or ${removeCommand("forwardedPort")}`,
      },
    ];
  },
);

/** With installerHostAccess public the installer host needs a public address, and somebody must be allowed to connect. */
export const publicHostCanBeReached = rule(
  ["executor", "installerHostAccess", "publish", "adminCidrs"],
  ({ executor, installerHostAccess, publish, adminCidrs }): KeyProblem[] => {
    if (executor === "local" || installerHostAccess !== "public") return [];
    if (publish === "Internal") {
      return [
        {
          key: "installerHostAccess",
          wrong: "is public, but publish is Internal, so the installer host gets no public address",
          allowed: "bastion or forwarded for a private cluster; or executor local, on a computer in the cluster's network",
          fix: `${setCommand("installerHostAccess", "forwarded")}, or ${setCommand("executor", "local")}`,
        },
      ];
    }
    if (adminCidrs.length > 0) return [];
    return [
      {
        key: "adminCidrs",
        wrong: "is not set, but installerHostAccess is public, so nobody outside the VPC could connect to the installer host",
        fix: `pulumi config set --path 'adminCidrs[0]' $(curl -s https://checkip.amazonaws.com)/32, or ${setCommand("installerHostAccess", "forwarded")}`,
      },
    ];
  },
);
