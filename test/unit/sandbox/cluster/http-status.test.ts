import { apiServerStatus, machineConfigServerStatus } from "../../../../sandbox/cluster/http-status";

describe("a simulated control plane instance", () => {
  test("shows anonymous clients only the API server's health", () => {
    expect(["/readyz", "/readyz?verbose", "/livez", "/healthz"].map(apiServerStatus)).toEqual([200, 200, 200, 200]);
    expect(["/nowhere", "/readyzz", "/api/v1/nodes", "/"].map(apiServerStatus)).toEqual([403, 403, 403, 403]);
  });

  test("answers health checks of the machine config server only at its paths", () => {
    const paths = ["/healthz", "/config/master", "/config/worker", "/nowhere", "/config/"];
    expect(paths.map((path) => machineConfigServerStatus(path, ["master"]))).toEqual([200, 200, 404, 404, 404]);
    expect(paths.map((path) => machineConfigServerStatus(path, ["master", "worker"]))).toEqual([200, 200, 200, 404, 404]);
  });
});
