import { type Finding, setCommand } from "../finding";
import { parseInstanceType } from "../instance-type";
import { rule } from "../rule";
import { sshKeyLine } from "./ssh-key";

/** OpenShift documentation, "Support for FIPS cryptography": of AWS's architectures the validated modules are for x86_64; OKD has none. */
export const fipsIsValidated = rule(["fips", "distribution", "masterInstanceType"], ({ fips, distribution, masterInstanceType }) => {
  if (!fips) return [];
  const findings: Finding[] = [];
  if (distribution !== "openshift") {
    findings.push({
      key: "fips",
      wrong: "is true, but distribution is okd, whose cryptographic modules nobody has validated",
      allowed: "true with distribution openshift only",
      fix: `${setCommand("distribution", "openshift")}, or ${setCommand("fips", "false")}`,
    });
  }
  if (parseInstanceType(masterInstanceType)?.architecture === "arm64") {
    findings.push({
      key: "fips",
      wrong: `is true, but masterInstanceType (${masterInstanceType}) is arm64, for which no modules are validated`,
      allowed: "true with x86_64 machines only",
      fix: `${setCommand("masterInstanceType", "m6i.xlarge")} and likewise for the other machines, or ${setCommand("fips", "false")}`,
    });
  }
  return findings;
});

/** sshd on a machine in FIPS mode takes RSA and ECDSA (openshift/installer, `pkg/types/validation/installconfig.go`: validateFIPSconfig). */
export const fipsKnowsSshKey = rule(["fips", "sshPublicKey"], ({ fips, sshPublicKey }) => {
  const [type = ""] = sshKeyLine(sshPublicKey).split(/\s+/);
  if (!fips || sshPublicKey === "" || /^(ssh-rsa|ecdsa-sha2-nistp\d{3})$/.test(type)) return [];
  return [
    {
      key: "sshPublicKey",
      wrong: `is of type ${type}, which sshd refuses with fips`,
      allowed: "an ecdsa key, or rsa with 2048 bits at least",
      fix: 'ssh-keygen -t ecdsa -f okd-key && pulumi config set sshPublicKey -- "$(cat okd-key.pub)"',
    },
  ];
});
