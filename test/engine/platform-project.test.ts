import { PlatformProject } from "./platform-project";

const program = `
  import { ClusterSettings } from "./components/cluster/cluster-settings";
  new ClusterSettings("cluster-settings", { api, settings: platform.settings });
`;
const apiServer = ["config.openshift.io/v1", "APIServer", "cluster"] as const;

/** Tests `PlatformProject` with one of the simplest components. */
describe("a component on a real API server", () => {
  let project: PlatformProject;

  beforeAll(async () => {
    project = await PlatformProject.make(program, { auditProfile: "AllRequestBodies", consoleBanner: "hello" });
    await project.seed({
      apiVersion: apiServer[0],
      kind: apiServer[1],
      metadata: { name: apiServer[2] },
      spec: { audit: { profile: "Default" } },
    });
  });

  afterAll(async () => {
    await (project as PlatformProject | undefined)?.remove();
  });

  it("is applied, stays, follows a change, is deleted, and is destroyed with a dead API", async () => {
    const created = await project.preview();
    expect(created.map(({ op, name }) => `${op} ${name}`)).toEqual(expect.arrayContaining(["create cluster-settings-api-server"]));
    await project.up();
    expect((await project.read(...apiServer))?.spec).toEqual({ audit: { profile: "AllRequestBodies" } });
    expect(await project.preview()).toEqual([]);
    project.configure({ auditProfile: "WriteRequestBodies" });
    expect(await project.preview()).toEqual([
      { op: "update", name: "cluster-settings-api-server", fields: ["spec.audit.profile"] },
      { op: "delete", name: "cluster-settings-console-banner", fields: [] },
    ]);
    await project.up();
    expect(await project.read("console.openshift.io/v1", "ConsoleNotification", "okd-aws-banner")).toBeUndefined();
    await project.killApi();
    expect((await project.destroy()).seconds).toBeLessThan(20);
  });
});
