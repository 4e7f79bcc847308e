/** The wait for the installer host's health, with states as the host publishes them. */
import { waitForHealth } from "../../../../steps/installer-host/health";

const request = { region: "us-east-1", bucket: "b", key: "k", instanceId: "i-0a", timeoutSeconds: 2 };
const healthy = (instance = "i-0a") => `healthy 2026-01-01T00:00:09Z ${instance}\n\n`;
const unhealthy = (reason: string, instance = "i-0a") => `unhealthy 2026-01-01T00:00:01Z ${instance}\n${reason}\n`;

/** Runs the wait against these states, one for each time that it reads the state; the last one is repeated. */
function wait(states: readonly (string | undefined)[], timeoutSeconds = 2) {
  const rest = [...states];
  const said: string[] = [];
  const read = () => Promise.resolve(rest.length > 1 ? rest.shift() : rest[0]);
  return { result: waitForHealth({ ...request, timeoutSeconds }, { read, say: (line) => said.push(line), interval: 1 }), said };
}

test("the wait for the installer host ends when the host of this instance ID is healthy, and reports each unready service once", async () => {
  const { result, said } = wait([
    undefined,
    healthy("i-0b"),
    unhealthy("no registry"),
    unhealthy("no registry"),
    unhealthy("no tools"),
    healthy(),
  ]);
  await result;
  expect(said).toEqual(["no registry", "no tools"].map((reason) => `the installer host is not ready yet: ${reason}`));
});

test("the wait for the installer host fails with the health that the host has published", async () => {
  await expect(wait([unhealthy('the tools are not ready in time. "journalctl --unit okd-tools" says more.')], 0.05).result).rejects.toThrow(
    /^the installer host i-0a was not healthy within 0\.05 seconds\. Its message: the tools are .*okd-tools" says more\. Fix the cause, then run pulumi up again/,
  );
});

test.each([
  ["no instance has published its health", undefined],
  ["another instance published its health", healthy("i-0b")],
])("the wait for the installer host fails with a place to look if %s", async (_, state) => {
  await expect(wait([state], 0.05).result).rejects.toThrow(
    /It has published no state: .*aws ec2 get-console-output --latest --instance-id i-0a --region us-east-1.*journalctl --unit okd-publish-health/,
  );
});
