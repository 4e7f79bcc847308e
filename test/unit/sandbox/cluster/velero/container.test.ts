/** The process of Velero's container, computed from the Deployment that the program writes. */
import { veleroDeployment } from "../../../../../cluster-objects/velero/server";
import { veleroProcess, type Workload } from "../../../../../sandbox/cluster/velero/container";

const workload = (change: (deployment: Workload) => void = () => undefined): Workload => {
  const deployment = structuredClone(veleroDeployment({ snapshots: true }, { kind: "secret" })) as unknown as Workload;
  change(deployment);
  return deployment;
};

test("Velero's process has the container's arguments and variables, and the paths of its volumes", () => {
  const { args, env, pluginDirectory } = veleroProcess(workload(), "/v");
  expect(args).toEqual(["server", "--features=EnableCSI", "--plugin-dir=/v/plugins"]);
  expect(env).toMatchObject({
    VELERO_NAMESPACE: "velero",
    VELERO_SCRATCH_DIR: "/v/scratch",
    AWS_SHARED_CREDENTIALS_FILE: "/v/aws/credentials",
  });
  expect(pluginDirectory).toBe("/v/plugins");
});

test("Velero's process has no plugin without the plugin's init container", () => {
  const without = workload(({ spec }) => {
    (spec.template.spec.initContainers as unknown[]).length = 0;
  });
  expect(veleroProcess(without, "/v").pluginDirectory).toBeUndefined();
});

test("a Deployment is refused if no volume is mounted for the plugins", () => {
  const without = workload(({ spec }) => {
    const [container] = spec.template.spec.containers;
    Object.assign(container, { volumeMounts: [] });
  });
  expect(() => veleroProcess(without, "/v")).toThrow("no volume is mounted at /plugins");
});
