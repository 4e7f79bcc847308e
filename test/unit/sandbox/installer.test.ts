/** The sandbox's openshift-install, which wraps a fake program instead of the pinned one. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CURRENT } from "../../../config/releases/current";
import { installInstaller } from "../../../sandbox/installer";

let directory: string;
let installer: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "sandbox's installer-"));
  const real = join(directory, "the real");
  writeFileSync(
    real,
    '#!/bin/sh\n[ "$1" = version ] && printf "/a b/openshift-install v4.19.0\\nbuilt from commit 1\\n" || echo "ran $*"\n',
    {
      mode: 0o755,
    },
  );
  installer = installInstaller(real, join(directory, "bin"));
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const say = (args: readonly string[], release?: string) =>
  spawnSync(installer, args, { encoding: "utf8", env: { PATH: process.env.PATH, ...(release !== undefined && { OKD_RELEASE: release }) } })
    .stdout;

test("the wrapped installer reports the step's release if its minor version is the same, otherwise its own version", () => {
  expect(say(["version"], CURRENT.okd)).toBe(`/a b/openshift-install ${CURRENT.okd}\nbuilt from commit 1\n`);
  expect(say(["version"], "4.20.0")).toBe("/a b/openshift-install v4.19.0\nbuilt from commit 1\n");
  expect(say(["version"])).toBe("/a b/openshift-install v4.19.0\nbuilt from commit 1\n");
});

test("the wrapped installer passes all other commands on", () => {
  expect(say(["--dir", "a b", "create", "manifests"], CURRENT.okd)).toBe("ran --dir a b create manifests\n");
});
