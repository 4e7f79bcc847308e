import { load } from "js-yaml";
import { observingProgram } from "./observing-program";
import { PlatformProject } from "./platform-project";
import { describeWithTools } from "./requirements";

const byHand = 'receivers:\n- name: team\n  webhook_configs: [{url: "https://team.example.com/t0ken"}]\nroute: {receiver: team}\n';
const metadata = { name: "alertmanager-main", namespace: "openshift-monitoring" };

describeWithTools("the receivers of alerts", () => {
  let project: PlatformProject;
  const keys = (secrets: unknown) => ({
    alertReceivers: [{ type: "slack", name: "platform", channel: "#alerts" }],
    alertReceiverSecrets: secrets,
    alertRoutes: [{ receiver: "platform", severities: ["critical"] }],
  });

  beforeAll(async () => {
    project = await PlatformProject.make(observingProgram("Alerting"));
    project.configure(keys(await project.encrypted({ platform: "https://hooks.slack.com/services/hunter2" })));
    await project.seed({
      apiVersion: "v1",
      kind: "Secret",
      metadata,
      data: { "alertmanager.yaml": Buffer.from(byHand).toString("base64") },
    });
  });

  afterAll(async () => {
    await (project as PlatformProject | undefined)?.remove();
  });

  const textOf = async (name: string) => {
    const found = await project.read("v1", "Secret", name, "openshift-monitoring");
    const data = (found as unknown as { data?: Record<string, string> } | undefined)?.data;
    return data && Buffer.from(data["alertmanager.yaml"], "base64").toString("utf8");
  };

  it("are added to the receivers that somebody has configured, and a second preview finds no change", async () => {
    const { output } = await project.up();
    const content = load((await textOf("alertmanager-main")) ?? "") as { receivers: { name: string }[]; route: { receiver: string } };
    expect(content.receivers.map(({ name }) => name)).toEqual(["team", "platform"]);
    expect(content.route.receiver).toBe("team");
    expect(await textOf("okd-aws-alertmanager-original")).toBe(byHand);
    expect(await project.preview()).toEqual([]);
    const state = await project.state();
    for (const secret of ["hunter2", "t0ken", Buffer.from(byHand).toString("base64")]) {
      expect(output).not.toContain(secret);
      expect(state).not.toContain(secret);
    }
  });

  it("can be changed, and the copy of the original configuration stays", async () => {
    project.configure({ alertWatchdogUrl: "https://watchdog.example.com/1" });
    expect((await project.preview()).map(({ op, name }) => `${op} ${name}`)).toEqual(["update alerting-config"]);
    await project.up();
    expect(await textOf("alertmanager-main")).toContain("watchdog.example.com");
    expect(await textOf("okd-aws-alertmanager-original")).toBe(byHand);
  });

  it("are replaced by the original configuration when the keys are removed, and the copy is deleted", async () => {
    project.configure({});
    await project.up();
    expect(await textOf("alertmanager-main")).toBe(byHand);
    expect(await textOf("okd-aws-alertmanager-original")).toBeUndefined();
    const found = await project.read("v1", "Secret", metadata.name, metadata.namespace);
    expect(found?.metadata.annotations ?? {}).not.toHaveProperty("okd-aws/configured");
  });

  it("leave no Secret after their removal if there was none before, so that the monitoring operator creates its default again", async () => {
    await project.api.must("DELETE", await project.pathOf("v1", "Secret", metadata.name, metadata.namespace));
    project.configure({ alertWatchdogUrl: "https://watchdog.example.com/1" });
    await project.up();
    expect(await textOf("alertmanager-main")).toContain("watchdog.example.com");
    const copy = await project.pathOf("v1", "Secret", "okd-aws-alertmanager-original", metadata.namespace);
    const { data } = (await project.api.must("GET", copy)) as { data?: object };
    await project.api.must("DELETE", copy);
    const { output } = await project.pulumi("preview");
    expect(output).toContain("okd-aws-alertmanager-original is missing");
    const again = { metadata: { name: "okd-aws-alertmanager-original" }, data };
    await project.api.must("POST", copy.slice(0, copy.lastIndexOf("/")), again);
    project.configure({});
    await project.up();
    expect(await textOf("alertmanager-main")).toBeUndefined();
    expect(await textOf("okd-aws-alertmanager-original")).toBeUndefined();
  });
});
