import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectDirectory } from "@okd-aws/sandbox";
import { CERTIFICATE } from "../../unit/config/key-material";
import type { StandingStack } from "../standing-stack";
import type { StackConfiguration, PreviewStep } from "../topology";

/** Files and directories of the program. */
const sources = [
  "index.ts",
  "Pulumi.yaml",
  "package.json",
  "tsconfig.json",
  "config",
  "stacks",
  "components",
  "ignition",
  "cluster-objects",
  "lib",
  "steps",
];

/** A text of the program and its replacement. */
interface Edit {
  readonly file: string;
  readonly from: RegExp;
  readonly to: string;
}

/** Previews the changes that other configurations and programs would make to the stack, and compares them resource by resource. */
export function testChanges(configuration: StackConfiguration, standing: () => StandingStack): void {
  afterAll(async () => {
    await standing().topology.configure(configuration);
  });
  const changed = async (changes: StackConfiguration): Promise<PreviewStep[]> => {
    const { topology } = standing();
    await topology.configure({ ...configuration, ...changes });
    return topology.preview();
  };

  test.each<[string, StackConfiguration]>([
    ["another release image", { "okd-aws:releaseImage": `quay.io/okd/scos-release@sha256:${"0".repeat(64)}` }],
    ["an additional trust bundle", { "okd-aws:additionalTrustBundle": CERTIFICATE }],
  ])("%s changes nothing, because the instances have booted", async (_, changes) => {
    expect(summary(await changed(changes))).toEqual([]);
  });

  test("a changed script changes nothing, because the instances have booted", async () => {
    const { topology } = standing();
    await topology.configure(configuration);
    const edits = [{ file: "components/installer/scripts/common.sh", from: /set -euo pipefail/, to: "set -euo pipefail # changed" }];
    expect(summary(await topology.preview(editedProgram(standing(), "changed-script", edits)))).toEqual([]);
  });

  test("a changed script runs the installer again if no instance has booted, and replaces nothing in AWS", async () => {
    const { topology } = standing();
    await topology.configure(configuration);
    const edits = [
      { file: "components/installer/scripts/common.sh", from: /set -euo pipefail/, to: "set -euo pipefail # changed" },
      {
        file: "stacks/installer.ts",
        from: /const phase = phaseOf\(\w+, \w+\)/,
        to: 'const phase = "before-first-boot" as InstallationPhase',
      },
    ];
    const steps = await topology.preview(editedProgram(standing(), "unfrozen", edits));
    const ofType = (pattern: RegExp): string[] => summary(steps.filter(({ urn }) => pattern.test(typeOf(urn))));
    expect(new Set(ofType(/^command:/).map((line) => line.split(" ")[1]))).toEqual(
      new Set(["installation-stream", "installation-manifests", "installation-ignition"]),
    );
    // The two objects contain the installer's output. All other resources keep the values with which the instances booted.
    expect(ofType(/^aws:/)).toEqual(["update assets-cluster.json", "update bootstrap-ignition-bootstrap.ign"]);
  });

  test("a fourth worker adds one instance", async () => {
    expect(summary(await changed({ "okd-aws:workerCount": "4" }))).toEqual(["create workers-3"]);
  });

  test("one more admin CIDR block adds two security group rules", async () => {
    const ranges = configuration["okd-aws:adminCidrs"] as readonly string[];
    expect(summary(await changed({ "okd-aws:adminCidrs": [...ranges, "203.0.113.0/24"] }))).toEqual([
      "create security-groups-bootstrap-from-admins-tcp-19531-203.0.113.0/24",
      "create security-groups-bootstrap-from-admins-tcp-22-203.0.113.0/24",
    ]);
  });
}

/** Operations as `<operation> <name>`, sorted. */
function summary(steps: readonly PreviewStep[]): string[] {
  return steps.map(({ op, urn }) => `${op} ${urn.split("::").slice(3).join("::")}`).sort();
}

function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

/** A copy of the program with edits. Each edit must match exactly once. */
function editedProgram({ topology }: StandingStack, name: string, edits: readonly Edit[]): string {
  const directory = join(topology.sandbox.directory, name);
  mkdirSync(directory);
  for (const source of sources) cpSync(join(projectDirectory, source), join(directory, source), { recursive: true });
  symlinkSync(join(projectDirectory, "node_modules"), join(directory, "node_modules"));
  for (const { file, from, to } of edits) {
    const text = readFileSync(join(directory, file), "utf8");
    if (text.split(from).length !== 2) throw new Error(`${file} must contain ${String(from)} exactly once: adapt this test`);
    writeFileSync(join(directory, file), text.replace(from, to));
  }
  return directory;
}
