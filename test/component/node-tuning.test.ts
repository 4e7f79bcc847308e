import { load } from "js-yaml";
import { decodeFiles } from "../../ignition/file-transfer";
import { devStack } from "./configurations";
import { Program } from "./program";

test("a new cluster is installed with the MachineConfigs that the running one has declared", async () => {
  const program = await Program.run(devStack({ nodeTuning: { worker: { kernelArguments: ["hugepages=16"] } } }));
  const declared = program.all("kubernetes:machineconfiguration.openshift.io/v1:MachineConfig").map(({ inputs }) => inputs);
  const installed = Object.entries(decodeFiles(program.one("command:local:Command", "installation-ignition").inputs.stdin as string))
    .filter(([path]) => path.startsWith("patches/openshift/99_okd-aws_"))
    .map(([, text]) => load(text) as { metadata: { name: string }; spec: object });
  expect(installed.map(({ metadata }) => metadata.name)).toEqual(["99-master-chrony", "99-worker-chrony", "99-worker-kernel-arguments"]);
  expect(installed.map(({ spec }) => spec)).toEqual(declared.map(({ spec }) => spec));
});
