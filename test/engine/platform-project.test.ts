import { setTimeout as sleep } from "node:timers/promises";
import { define, updateServiceDefinition } from "./kube-definitions";
import { PlatformProject } from "./platform-project";
import { sharedServer } from "./shared-server";

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

/** Every test file of a jest worker gets the same API server. */
describe("an API server that test files share", () => {
  const role = (name: string) => `/apis/rbac.authorization.k8s.io/v1/clusterroles/${name}`;
  const services = "/apis/updateservice.operator.openshift.io/v1/namespaces/default/updateservices";

  it("has only the objects of a new API server when the next test file gets it", async () => {
    const { api, tokenReviewPort } = await sharedServer();
    const before = await api.must("GET", role("view"));
    await api.must("POST", "/api/v1/namespaces", { metadata: { name: "left", finalizers: ["example.com/never"] } });
    await api.must("DELETE", role("edit"));
    await api.must("PUT", role("view"), { ...before, rules: [] });
    await define(api, updateServiceDefinition);
    await api.must("POST", services, {
      apiVersion: "updateservice.operator.openshift.io/v1",
      kind: "UpdateService",
      metadata: { name: "left" },
      spec: { graphDataImage: "image", releases: "releases", replicas: 1 },
    });

    const next = await sharedServer();
    expect([next.api.port, next.tokenReviewPort]).toEqual([api.port, tokenReviewPort]);
    expect((await api.call("GET", "/api/v1/namespaces/left")).status).toBe(404);
    expect((await api.call("GET", role("edit"))).status).toBe(200);
    expect((await api.must("GET", role("view"))).rules).toEqual(before.rules);
    // The API server notices the missing definition a moment later.
    const served = async () => (await api.call("GET", services)).status;
    for (let tries = 0; tries < 50 && (await served()) !== 404; tries++) await sleep(100);
    expect(await served()).toBe(404);
    await define(api, updateServiceDefinition);
    expect((await api.must("GET", services)).items).toEqual([]);
  });
});
