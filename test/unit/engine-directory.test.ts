import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const project = join(__dirname, "..", "..");

test("the engine's directory goes with the process, and those of killed ones with the next", () => {
  const place = mkdtempSync(join(tmpdir(), "engine-directory-"));
  try {
    // A process that has ended, and one that lives.
    const { pid: dead } = spawnSync("true");
    for (const pid of [dead, process.pid]) {
      mkdirSync(join(place, `okd-aws-engine-${pid}-a`));
      writeFileSync(join(place, `okd-aws-engine-${pid}-a`, "kubeconfig1"), "");
    }
    mkdirSync(join(place, "okd-aws-engine-notes"));
    const script = `
      import { statSync, writeFileSync } from "node:fs";
      import { engineDirectory } from "${project}/operations/engine-directory";
      const directory = engineDirectory();
      writeFileSync(directory + "/kubeconfig2", "");
      console.log(directory === engineDirectory(), (statSync(directory).mode & 0o777).toString(8), directory.startsWith(process.env.TMPDIR + "/okd-aws-engine-" + process.pid));
    `;
    const { stdout, stderr } = spawnSync(join(project, "node_modules/.bin/tsx"), ["--eval", script], {
      env: { ...process.env, TMPDIR: place },
      encoding: "utf8",
    });
    expect([stdout.trim(), stderr]).toEqual(["true 700 true", ""]);
    expect(existsSync(join(place, `okd-aws-engine-${process.pid}-a`, "kubeconfig1"))).toBe(true);
    const left = readdirSync(place).filter((name) => name.startsWith("okd-aws-engine-"));
    expect(left.sort()).toEqual([`okd-aws-engine-${process.pid}-a`, "okd-aws-engine-notes"].sort());
  } finally {
    rmSync(place, { recursive: true });
  }
});
