import { load } from "js-yaml";
import { machineConfigHead, machineConfigManifests, machineConfigSpec } from "../../../ignition/machine-config";

const unit = { name: "a.timer", contents: "[Timer]\nOnBootSec=1s\n", enabled: true };

test("a MachineConfig has its files as data URLs with their mode, and empty lists for everything else", () => {
  const spec = machineConfigSpec({ files: [{ path: "/etc/a", mode: 0o600, contents: "text\n" }], units: [unit] });
  expect(spec).toEqual({
    config: {
      ignition: { version: "3.2.0" },
      storage: { files: [{ path: "/etc/a", mode: 384, overwrite: true, contents: { source: "data:;base64,dGV4dAo=" } }] },
      systemd: { units: [unit] },
    },
    kernelArguments: [],
  });
  expect(machineConfigSpec({ kernelArguments: ["a=b"] })).toEqual({
    config: { ignition: { version: "3.2.0" }, storage: { files: [] }, systemd: { units: [] } },
    kernelArguments: ["a=b"],
  });
});

test("the MachineConfig in the installer's manifests equals the one that is declared later", () => {
  const head = { pool: "master", topic: "etcd-backup" } as const;
  const manifests = machineConfigManifests([{ ...head, content: { units: [unit] } }]);
  expect(Object.keys(manifests)).toEqual(["openshift/99_okd-aws_99-master-etcd-backup.yaml"]);
  const [text] = Object.values(manifests);
  expect(load(text)).toEqual({ ...machineConfigHead(head), spec: machineConfigSpec({ units: [unit] }) });
  expect(load(text)).toMatchObject({
    metadata: { name: "99-master-etcd-backup", labels: { "machineconfiguration.openshift.io/role": "master" } },
  });
});
