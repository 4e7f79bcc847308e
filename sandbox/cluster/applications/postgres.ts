import { execFile } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";

/** The server's user and group if this process runs as root, because PostgreSQL refuses to run as root: `nobody` and `nogroup` on Debian. */
const NOBODY = { uid: 65534, gid: 65534 };

/** The user and group with which the server runs; undefined if the server runs with this process's user and group. */
export function databaseUser(): typeof NOBODY | undefined {
  return process.getuid?.() === 0 ? NOBODY : undefined;
}

/** The settings of a database server in a pod's place. */
export interface DatabaseSettings {
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** The variables of the image (sclorg/postgresql-container, `16/root/usr/share/container-scripts/postgresql/common.sh`, master: check_env_vars). */
export function databaseSettings(variables: Readonly<Record<string, string>>): DatabaseSettings {
  const [user, password, database] = ["USER", "PASSWORD", "DATABASE"].map((name) => variables[`POSTGRESQL_${name}`]);
  if (!user || !password || !database) throw new Error("POSTGRESQL_USER, POSTGRESQL_PASSWORD and POSTGRESQL_DATABASE must be set");
  return { user, password, database };
}

/**
 * The directory with the data of a volume. This directory is outside of the sandbox's directory, which only its owner may
 * enter, because the server may run as a different user. The directory's name is unique to this sandbox and this volume.
 */
export function dataDirectory(cluster: string, volume: string): string {
  const name = createHash("sha256").update(`${cluster}\n${volume}`).digest("hex").slice(0, 16);
  return join(tmpdir(), `okd-aws-sandbox-data-${name}`);
}

/** Removes the data of a volume. */
export function removeData(directory: string): void {
  rmSync(directory, { recursive: true, force: true });
}

/**
 * Prepares the data as the image does at its start: a new volume gets a database and its owner; the password is set at every start
 * (the same repository, `common.sh` and `start/set_passwords.sh`).
 *
 * @param postgres path of the server's program, which must not be a link: `initdb` is found in the same directory
 */
export async function prepareData(postgres: string, directory: string, settings: DatabaseSettings): Promise<void> {
  const data = join(directory, "userdata");
  const isNew = !existsSync(join(data, "PG_VERSION"));
  if (isNew) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    chmodSync(directory, 0o700);
    const owner = databaseUser();
    if (owner) chownSync(directory, owner.uid, owner.gid);
    const initdb = join(dirname(postgres), "initdb");
    await runAs(initdb, [
      "-D",
      data,
      "-U",
      "postgres",
      "-E",
      "UTF8",
      "--locale=C.UTF-8",
      "--auth-host=scram-sha-256",
      "--auth-local=reject",
      "--no-sync",
    ]);
  }
  const { user, password, database } = settings;
  const single = (name: string, lines: readonly string[]) =>
    runAs(postgres, ["--single", "-D", data, "-j", name], lines.map((line) => `${line};\n\n`).join(""));
  if (isNew)
    await single("postgres", [
      `CREATE ROLE ${identifier(user)} LOGIN`,
      `CREATE DATABASE ${identifier(database)} OWNER ${identifier(user)}`,
    ]);
  await single("postgres", [`ALTER ROLE ${identifier(user)} PASSWORD ${literal(password)}`]);
}

/** The arguments of the server: it listens on loopback only, and does not wait until data is on the disk. */
export function databaseArguments(directory: string, port: number): string[] {
  const settings = { listen_addresses: "127.0.0.1", port: String(port), unix_socket_directories: "", fsync: "off" };
  return ["-D", join(directory, "userdata"), ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
}

/** Runs a program as the server's user. Secrets come on standard input. */
async function runAs(program: string, args: readonly string[], input = ""): Promise<void> {
  await new Promise<void>((done, failed) => {
    const options = { ...databaseUser(), cwd: tmpdir(), env: { PATH: process.env.PATH, LC_ALL: "C.UTF-8" }, timeout: 120_000 };
    const child = execFile(program, [...args], options, (error, _, errors) => {
      // If a statement fails, the program may still exit with 0 and report the error only in its log.
      const failure = /^.*(?:ERROR|FATAL|PANIC): .*$/m.exec(errors)?.[0];
      if (error) failed(new Error(`${program} failed: ${(failure ?? error.message.split("\n")[0]).slice(0, 300)}`));
      else if (failure !== undefined) failed(new Error(`${program}: ${failure.slice(0, 300)}`));
      else done();
    });
    child.stdin?.end(input);
  });
}

function identifier(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

function literal(text: string): string {
  return `E'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}
