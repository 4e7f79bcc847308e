import { load } from "js-yaml";
import { decodeFiles } from "../../ignition/file-transfer";
import { devStack } from "./configurations";
import { Program } from "./program";

interface Installed {
  readonly metadata: { readonly name: string };
  readonly spec: object;
}

test("a new cluster is installed with the same MachineConfigs that a running cluster gets", async () => {
  const program = await Program.run(devStack({ nodeTuning: { worker: { kernelArguments: ["hugepages=16"] } } }));
  const declared = program.all("kubernetes:machineconfiguration.openshift.io/v1:MachineConfig").map(({ inputs }) => inputs);
  const stdin = program.one("command:local:Command", "installation-ignition").inputs.stdin as string;
  // The files on the step's standard input after the script.
  const installed = Object.entries(decodeFiles(stdin.slice(stdin.lastIndexOf("\n}\n") + 3)))
    .filter(([path]) => path.startsWith("patches/openshift/99_okd-aws_"))
    .map(([, text]) => load(text) as Installed);
  const specs = (objects: readonly Installed[]) => Object.fromEntries(objects.map(({ metadata, spec }) => [metadata.name, spec]));
  expect(Object.keys(specs(installed))).toEqual([
    "99-master-chrony",
    "99-worker-chrony",
    "99-worker-kernel-arguments",
    "99-master-etcd-backup",
  ]);
  expect(specs(installed)).toEqual(specs(declared as unknown as Installed[]));
});
