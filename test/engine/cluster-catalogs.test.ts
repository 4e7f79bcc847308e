import { setTimeout as sleep } from "node:timers/promises";
import { ClusterOlm } from "@okd-aws/sandbox/cluster/olm-stand-in";
import { PlatformProject } from "./platform-project";
import { describeWithTools } from "./requirements";
import { standInApi, StandInLoop } from "./stand-in-loop";

const catalog = "/apis/olm.operatorframework.io/v1/clustercatalogs/openshift-community-operators";

/** Runs the stand-ins of a release, and returns whether the catalog is served within a time. @param limit milliseconds */
async function isServed(release: string, limit: number): Promise<boolean> {
  const project = await PlatformProject.make("export {};");
  const api = standInApi(project);
  const olm = new ClusterOlm(api, release, () => undefined);
  const loop = new StandInLoop(api, "the stand-ins for OLM", () => {
    olm.advance();
    return Promise.resolve();
  });
  try {
    for (const deadline = Date.now() + limit; Date.now() < deadline;) {
      const { body } = await project.api.call("GET", catalog);
      if (JSON.stringify(body.status ?? {}).includes('"reason":"Available"')) return true;
      await sleep(200);
    }
    return false;
  } finally {
    await loop.stop();
    await project.remove();
  }
}

describeWithTools("a simulated cluster", () => {
  it("serves the default ClusterCatalogs from 4.18 on", async () => {
    expect(await isServed("4.18.0", 30_000)).toBe(true);
  });

  it("has no ClusterCatalogs before 4.18", async () => {
    expect(await isServed("4.17.0", 5000)).toBe(false);
  });
});
