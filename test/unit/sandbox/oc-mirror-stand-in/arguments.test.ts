/** The stand-ins for the versions of oc-mirror know the flags that their versions know, and refuse others. */
import { minorNamed } from "../../../../config/releases/minor";
import { TABLE } from "../../../../config/releases/table";
import { releaseTools } from "../../../../ignition/installer-host/tools";
import { parseArguments } from "../../../../sandbox/oc-mirror-stand-in/arguments";

describe("oc-mirror", () => {
  // ignition/installer-host/scripts/mirror.sh calls oc-mirror with these arguments; the flag for signatures is only for OKD.
  const flags = ["--v2", "--config", "c", "--authfile", "a", "--cache-dir", "d", "--workspace", "file:///w"];
  const call = (distribution: string) => [...flags, ...(distribution === "okd" ? ["--ignore-release-signature"] : []), "docker://r:5000"];

  test.each(
    TABLE.flatMap(({ name, distributions }) =>
      distributions.map((distribution) => [distribution, distribution === "okd" ? `${name}.0-okd-scos.1` : `${name}.3`] as const),
    ),
  )("of the version that mirrors %s %s knows the flags that the host passes", (distribution, release) => {
    const { url } = releaseTools({ distribution, release, architecture: "amd64" }).filter(({ program }) => program === "oc-mirror")[0];
    const [, version = ""] = /\/clients\/ocp\/stable-(\d+\.\d+)$/.exec(url) ?? [];
    expect(() => parseArguments(call(distribution), minorNamed(version).minor)).not.toThrow();
  });

  test.each([
    [14, "--cache-dir"],
    [17, "--cache-dir"],
    [18, "--ignore-release-signature"],
  ])("of 4.%i does not know %s", (minor, flag) => {
    expect(() => parseArguments(call("okd"), minor)).toThrow(`unknown flag: ${flag}`);
  });
});
