/** An installer step that the preview itself runs on this machine. The tests run it in a real shell. */
import * as pulumi from "@pulumi/pulumi";
import { runHere } from "../../../../components/installer/run-here";
import type { InstallerStep } from "../../../../components/installer/executor";

const step = (script: string, more: Partial<InstallerStep> = {}): InstallerStep => ({
  script,
  input: "the input",
  triggers: [],
  frozen: true,
  ...more,
});

test("a script that runs during the preview gets its input and variables, and its output is the answer", async () => {
  const environment = { WORD: pulumi.output("a 'word'") };
  const script = 'printf "%s, %s" "$(cat)" "$WORD"';
  expect(await runHere("step", step(script, { environment, input: pulumi.secret("the input") }))).toEqual({
    answer: "the input, a 'word'",
  });
});

test("the error of a failed script has its last lines", async () => {
  const script = "for line in {1..30}; do echo line $line >&2; done; exit 3";
  const { failure } = (await runHere("step", step(script))) as { failure: string };
  expect(failure).toMatch(/line 28 line 29 line 30$/);
  expect(failure).not.toContain("line 20");
});
