/**
 * The installer's scripts, run by bash as an executor runs them. A stub replaces `openshift-install`. So the tests prove that the scripts themselves
 * work, and they prove nothing about the installer: the engine tests run the real one.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { shellInput } from "../../../../components/installer/executor";
import { commonScript, installerScript, readScript } from "../../../../components/installer/scripts";
import { decodeFiles, encodeFiles } from "../../../../ignition/file-transfer";

/** A stub of openshift-install. It records its arguments and the files in its directory, and answers with files of a few bytes. */
const stub = `#!/bin/bash
# Stub of openshift-install for the tests of this project's scripts; it installs nothing.
set -eu
printf '%s\\n' "$*" >>"$STUB_LOG/arguments"
dir=; [ "$1" = --dir ] && dir=$2
[ -z "$dir" ] || { stat -c '%a' "$dir" >>"$STUB_LOG/modes"; printf '%s\\n' "$dir" >>"$STUB_LOG/directories"; }
case "$*" in
version) printf 'openshift-install %s\\nbuilt from commit 0000\\n' "$STUB_VERSION" ;;
"coreos print-stream-json") printf '{"stream":"stub"}' ;;
*"create install-config")
  cp "$dir/install-config.yaml" "$STUB_LOG/install-config.yaml"
  stat -c '%a' "$dir/install-config.yaml" >>"$STUB_LOG/modes"
  printf '{\\n  "*installconfig.InstallConfig": {}\\n}\\n' >"$dir/.openshift_install_state.json"
  echo "level=info msg=stub" >&2 ;;
*"create manifests")
  if [ -e "$dir/install-config.yaml" ]; then echo "stub: install-config.yaml would be read afresh" >&2; exit 3; fi
  cp "$dir/.openshift_install_state.json" "$STUB_LOG/state.json"
  mkdir "$dir/manifests" "$dir/openshift"
  printf 'kind: Scheduler\\n' >"$dir/manifests/scheduler.yml"
  printf 'kind: Ünïcödé ✓\\n' >"$dir/manifests/unicode.yml"
  printf 'kind: Machine\\n' >"$dir/openshift/machine.yaml" ;;
*"create ignition-configs")
  [ -z "\${STUB_FAILS:-}" ] || { echo "stub: fails as asked" >&2; exit 4; }
  (shopt -s nullglob; cd "$dir"; for file in manifests/* openshift/*; do echo "$file: $(cat "$file")"; done) >"$STUB_LOG/final-manifests"
  mkdir "$dir/auth"
  for file in bootstrap.ign master.ign worker.ign metadata.json auth/kubeconfig auth/kubeadmin-password; do
    [ "$file" = "\${STUB_FORGETS:-}" ] || printf 'content of %s' "$file" >"$dir/$file"
  done ;;
*"wait-for install-complete")
  if [ -n "\${STUB_HANGS:-}" ]; then echo "level=info msg=Cluster operator dns is not available" >&2; exit 0; fi
  echo "level=info msg=Login to the console with user: kubeadmin, and password: $(cat "$dir/auth/kubeadmin-password")" >&2
  exit "\${STUB_STATUS:-0}" ;;
*) exit 5 ;;
esac
`;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "scripts-"));
  for (const folder of ["bin", "log", "tmp"]) mkdirSync(join(root, folder));
  writeFileSync(join(root, "bin", "openshift-install"), stub, { mode: 0o755 });
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

/** Runs an installer script as the local executor does. */
function run(name: string, input = "", environment: Readonly<Record<string, string>> = {}, beginning = installerScript) {
  return spawnSync("bash", ["-s", "--", `installation-${name}`], {
    input: shellInput(`${beginning}\n${readScript(name)}`, input),
    encoding: "utf8",
    env: {
      PATH: `${join(root, "bin")}:/usr/bin:/bin`,
      TMPDIR: join(root, "tmp"),
      STUB_LOG: join(root, "log"),
      STUB_VERSION: "4.19.0-okd-scos.1",
      OKD_RELEASE: "4.19.0-okd-scos.1",
      LOG_LEVEL: "info",
      INFRA_ID: "dev-x7k2q",
      CLUSTER_ID: "7c0e7b3e-0000-4000-8000-000000000000",
      ...environment,
    },
  });
}

const logged = (file: string) => readFileSync(join(root, "log", file), "utf8");
const left = () => readdirSync(join(root, "tmp"));
const installConfig = 'pullSecret: \'{"auths":{"quay.io":{"auth":"hunter2"}}}\'\n# ✓ $HOME `id` \\\\ "quoted"\n';
const request = encodeFiles({ "install-config.yaml": installConfig });
const patched = encodeFiles({
  "install-config.yaml": installConfig,
  "patches/removed": "openshift/machine.yaml\n",
  "patches/manifests/scheduler.yml": "kind: Scheduler\nspec: patched\n",
});

describe("the script of the release's images", () => {
  test("answers with the file stream.json", () => {
    const { status, stdout } = run("stream");
    expect([status, decodeFiles(stdout)]).toEqual([0, { "stream.json": '{"stream":"stub"}' }]);
  });
});

describe("the script of the manifests", () => {
  test("prints openshift-install's manifests unchanged, with the given infraID", () => {
    const { status, stdout } = run("manifests", request);
    expect([status, decodeFiles(stdout)]).toEqual([
      0,
      {
        "manifests/scheduler.yml": "kind: Scheduler\n",
        "manifests/unicode.yml": "kind: Ünïcödé ✓\n",
        "openshift/machine.yaml": "kind: Machine\n",
      },
    ]);
    expect(logged("install-config.yaml")).toBe(installConfig);
    expect(JSON.parse(logged("state.json"))).toEqual({
      "*installconfig.ClusterID": { UUID: "7c0e7b3e-0000-4000-8000-000000000000", InfraID: "dev-x7k2q" },
      "*installconfig.InstallConfig": {},
    });
  });
});

describe("the script of the ignition configs", () => {
  test("runs openshift-install with the patched manifests", () => {
    const { status, stdout } = run("ignition", patched);
    const names = ["bootstrap.ign", "master.ign", "worker.ign", "metadata.json", "auth/kubeconfig", "auth/kubeadmin-password"];
    expect([status, decodeFiles(stdout)]).toEqual([0, Object.fromEntries(names.map((name) => [name, `content of ${name}`]))]);
    expect(logged("final-manifests").trim().split("\n")).toEqual([
      "manifests/scheduler.yml: kind: Scheduler",
      "spec: patched",
      "manifests/unicode.yml: kind: Ünïcödé ✓",
    ]);
  });

  test("prints nothing if one ignition config is missing", () => {
    const { status, stderr } = run("ignition", patched, { STUB_FORGETS: "auth/kubeconfig" });
    expect(status).not.toBe(0);
    expect(stderr).toContain("auth/kubeconfig");
    expect(left()).toEqual([]);
  });
});

describe("an installer script", () => {
  const steps = [
    ["stream", ""],
    ["manifests", request],
    ["ignition", patched],
  ] as const;

  test.each(steps)("does not print secrets, and lets only the owner read its directory: %s", (name, input) => {
    const { stderr } = run(name, input);
    expect(`${logged("arguments")}${stderr}`).not.toMatch(/hunter2|content of/);
    const modes = existsSync(join(root, "log", "modes")) ? logged("modes").trim().split("\n") : [];
    expect(new Set(modes)).toEqual(new Set(name === "stream" ? [] : ["700", "600"]));
  });

  test.each(steps)("uses its own directory, which is deleted afterwards: %s", (name, input) => {
    for (let attempt = 0; attempt < 2; attempt++) expect([run(name, input).status, left()]).toEqual([0, []]);
    if (name === "stream") return;
    const used = new Set(logged("directories").trim().split("\n"));
    expect(used.size).toBe(2);
  });

  test("that fails prints the reason, exits with another status than 0, prints no answer and leaves no files", () => {
    const { status, stdout, stderr } = run("ignition", patched, { STUB_FAILS: "yes" });
    expect([status, stdout, left()]).toEqual([4, "", []]);
    expect(stderr).toContain("stub: fails as asked");
  });

  test("fails at a damaged line of its input, before it writes a file or calls the installer", () => {
    const { status, stdout } = run("manifests", "install-config.yaml AAAA\n");
    expect(status).not.toBe(0);
    expect([stdout, left(), existsSync(join(root, "log", "install-config.yaml"))]).toEqual(["", [], false]);
  });

  test.each<[string, string, Record<string, string>, number]>([
    ["the configured release", "4.19.0-okd-scos.1", {}, 0],
    ["the configured release, written with a v", "v4.19.0-okd-scos.1", {}, 0],
    ["another release", "4.18.0-okd-scos.1", {}, 1],
    ["another release, even with a release image", "4.18.0-okd-scos.1", { OPENSHIFT_INSTALL_RELEASE_IMAGE_OVERRIDE: "quay.io/x:y" }, 1],
    [
      "a release whose version only begins like the configured one",
      "4.190.0",
      { OPENSHIFT_INSTALL_RELEASE_IMAGE_OVERRIDE: "quay.io/x:y" },
      1,
    ],
    ["another patch", "4.19.7", {}, 1],
    [
      "another patch release that installs the configured release image",
      "4.19.7",
      { OPENSHIFT_INSTALL_RELEASE_IMAGE_OVERRIDE: "quay.io/x:y" },
      0,
    ],
  ])("accepts only an installer of the configured release: %s", (_, version, environment, status) => {
    const result = run("stream", "", { ...environment, STUB_VERSION: version });
    expect([result.status, left()]).toEqual([status, []]);
    const plain = version.replace(/^v/, "");
    const complaint = `openshift-install on the PATH is ${plain}, the configuration says release 4.19.0-okd-scos.1.`;
    expect(result.stderr.includes(complaint)).toBe(status === 1);
  });

  test("says which installer to install if PATH has none", () => {
    rmSync(join(root, "bin", "openshift-install"));
    const { status, stderr } = run("stream", "");
    expect([status, stderr]).toEqual([
      1,
      "openshift-install is not on the PATH of the machine that runs the installation. Install the binary of release 4.19.0-okd-scos.1.\n",
    ]);
  });
});

describe("an installer script that only talks to the cluster", () => {
  const client = `#!/bin/bash
# Stub of oc: writes down its arguments, and answers what each step asks for.
printf '%s\\n' "$*" >>"$STUB_LOG/client"
case "$*" in
*"get secret"*) printf 'YQ==' ;;
*"get service"*) printf 'router.example.com' ;;
esac
`;
  const files = { "auth/kubeconfig": "kubeconfig", "objects.json": "[]" };

  test.each([
    ["apply", /apply --server-side/],
    ["approver-account", /get secret/],
    ["router-address", /get service router-default/],
  ])("needs no openshift-install: %s", (name, asked) => {
    rmSync(join(root, "bin", "openshift-install"));
    writeFileSync(join(root, "bin", "oc"), client, { mode: 0o755 });
    const { status, stderr } = run(name, encodeFiles(files), { TOKEN_NAMESPACE: "openshift", TOKEN_NAME: "token" }, commonScript);
    expect([status, stderr]).toEqual([0, ""]);
    expect(logged("client")).toMatch(asked);
    expect(left()).toEqual([]);
  });
});

describe("the script that waits for the cluster", () => {
  const password = "Ab*&1-[x]?9\\z";
  const wait = (environment: Readonly<Record<string, string>> = {}) =>
    run("wait", encodeFiles({ "auth/kubeconfig": "", "auth/kubeadmin-password": password }), {
      WAIT_FOR: "install-complete",
      WAIT_SECONDS: "60",
      ...environment,
    });

  test("prints the installer's output without the password at its end", () => {
    const { status, stdout, stderr } = wait();
    expect([status, decodeFiles(stdout)]).toEqual([0, { failure: "" }]);
    expect(stderr).toMatch(/^\[install-complete 0:0\d\] level=info msg=Login to the console with user: .*kubeadmin/);
    expect(stderr).not.toContain(password);
  });

  test("succeeds with an answer that describes the failure if the installer fails", () => {
    const { status, stdout } = wait({ STUB_STATUS: "6" });
    expect([status, decodeFiles(stdout).failure]).toEqual([
      0,
      expect.stringMatching(/^openshift-install wait-for install-complete failed after \d+ seconds \(exit status 6\)/),
    ]);
  });
});

test("the answer of a wait that reached its time limit has the installer's last line", () => {
  // Ends the installer as soon as it has printed a line. The real `timeout` would need at least a second, and on a busy machine the installer may
  // print nothing in that time.
  writeFileSync(join(root, "bin", "timeout"), '#!/bin/sh\nshift 2\n"$@"\nexit 124\n', { mode: 0o755 });
  const { status, stdout } = run("wait", encodeFiles({ "auth/kubeconfig": "", "auth/kubeadmin-password": "x" }), {
    WAIT_FOR: "install-complete",
    WAIT_SECONDS: "60",
    STUB_HANGS: "1",
  });
  expect([status, decodeFiles(stdout).failure]).toEqual([
    0,
    "the cluster has not reached install-complete within 60 seconds. The installer's last line: level=info msg=Cluster operator dns is not available",
  ]);
});

test.each([
  ["router-address", {}, "The service router-default in openshift-ingress has no load balancer yet.", "address"],
  ["approver-account", { TOKEN_NAMESPACE: "ns", TOKEN_NAME: "token" }, "The secret token in ns has no token yet.", "token"],
])("the script %s prints once that the object is incomplete, and the error of a failed request", (name, environment, silent, file) => {
  // The stub of the client succeeds twice without output, then fails once, then prints the answer.
  const client = `#!/bin/bash
count=$(cat "$STUB_LOG/count" 2>/dev/null || echo 0)
echo $((count + 1)) >"$STUB_LOG/count"
case $count in
0 | 1) ;;
2) echo "Unable to connect to the server" >&2; exit 1 ;;
*) printf YW5zd2Vy ;;
esac
`;
  writeFileSync(join(root, "bin", "oc"), client, { mode: 0o755 });
  writeFileSync(join(root, "bin", "sleep"), "#!/bin/sh\n", { mode: 0o755 });
  const { status, stdout, stderr } = run(name, encodeFiles({ "auth/kubeconfig": "" }), environment);
  expect([status, stderr]).toEqual([0, `${silent}\nUnable to connect to the server\n`]);
  expect(Object.keys(decodeFiles(stdout))).toEqual([file]);
});

describe("a script's input", () => {
  const echo = (input: string) =>
    spawnSync("bash", ["-s", "--", "echo"], { input: shellInput("cat # everything", input), encoding: "utf8" }).stdout;

  test.each([
    ["that looks like the end of the script", "}\nexit 7\n}\n"],
    ["with quotes, variables, commands and a here-document", "' \" $HOME $(id) `id` \\ <<EOF\nEOF\n"],
    ["without a last line feed", "a\nb"],
    ["with carriage returns and tabs", "a\r\n\tb\r\n"],
    ["that is empty", ""],
    ["of a megabyte", "0123456789abcdef".repeat(65_536)],
  ])("is not interpreted by the shell: %s", (_, input) => {
    expect(echo(input)).toBe(input);
  });

  test("is not run as commands, even if the script fails before it reads the input", () => {
    const result = spawnSync("bash", ["-s"], { input: shellInput("set -e\nfalse", "echo leaked\n"), encoding: "utf8" });
    expect([result.status, result.stdout]).toEqual([1, ""]);
  });
});
