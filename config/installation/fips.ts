import { type KeyProblem, setCommand } from "../finding";
import { parseInstanceType } from "../instance-type";
import { rule } from "../rule";
import { sshKeyLine } from "../ssh-key";

/**
 * Of the architectures on AWS only x86_64 has validated modules, and OKD has none (OpenShift documentation, "Support for FIPS
 * cryptography").
 */
export const fipsIsValidated = rule(["fips", "distribution", "masterInstanceType"], ({ fips, distribution, masterInstanceType }) => {
  if (!fips) return [];
  const problems: KeyProblem[] = [];
  if (distribution !== "openshift") {
    problems.push({
      key: "fips",
      wrong: "is true, but distribution is okd, whose cryptographic modules are not validated",
      allowed: "true only with distribution openshift",
      fix: `${setCommand("distribution", "openshift")}, or ${setCommand("fips", "false")}`,
    });
  }
  if (parseInstanceType(masterInstanceType)?.architecture === "arm64") {
    problems.push({
      key: "fips",
      wrong: `is true, but masterInstanceType (${masterInstanceType}) is arm64, which has no validated modules`,
      allowed: "true only with x86_64 instance types",
      fix: `${setCommand("masterInstanceType", "m6i.xlarge")} and the same for the other instance types, or ${setCommand("fips", "false")}`,
    });
  }
  return problems;
});

/**
 * sshd on a node in FIPS mode accepts only RSA and ECDSA keys (openshift/installer, `pkg/types/validation/installconfig.go`:
 * validateFIPSconfig).
 */
export const fipsKnowsSshKey = rule(["fips", "sshPublicKey"], ({ fips, sshPublicKey }) => {
  const [type = ""] = sshKeyLine(sshPublicKey).split(/\s+/);
  if (!fips || sshPublicKey === "" || /^(ssh-rsa|ecdsa-sha2-nistp\d{3})$/.test(type)) return [];
  return [
    {
      key: "sshPublicKey",
      wrong: `is of type ${type}, which sshd refuses in FIPS mode`,
      allowed: "an ecdsa key, or rsa with at least 2048 bits",
      fix: 'ssh-keygen -t ecdsa -f okd-key && pulumi config set sshPublicKey -- "$(cat okd-key.pub)"',
    },
  ];
});
