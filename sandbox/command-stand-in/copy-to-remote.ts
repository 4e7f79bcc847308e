import { randomBytes } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { posix } from "node:path";
import type { Client, SFTPWrapper, Stats } from "ssh2";
import { connected, type Connection } from "./connection";
import type { Checked } from "./inputs";
import type { CommandContext } from "./command-context";
import type { CommandResource } from "./resource";
import { isArchive, isPresent, isUnknown, property, revealed, unwrapped, type Properties } from "./value";

/** An asset or archive, with the fields that matter for copying. */
interface Source {
  readonly path?: string;
  readonly text?: string;
  readonly uri?: string;
  readonly hash?: string;
  /** The members of an archive that the Pulumi program composes. */
  readonly assets?: unknown;
}

interface CopyInputs {
  readonly connection: Connection;
  readonly source: Source;
  readonly remotePath: string;
}

/** The attributes of a remote path; undefined if it does not exist. */
function remoteStat(sftp: SFTPWrapper, path: string): Promise<Stats | undefined> {
  return new Promise((resolve, reject) => {
    sftp.stat(path, (error, stats) => {
      if (!error) resolve(stats);
      else if ("code" in error && error.code === NO_SUCH_FILE) resolve(undefined);
      else reject(new Error(`failed to stat remote path ${path}: ${error.message}`));
    });
  });
}

/** The protocol's error code for a missing file (SSH_FX_NO_SUCH_FILE). */
const NO_SUCH_FILE = 2;

/** Converts a call of the sftp library to a promise. The error names the attempted operation. */
function done(attempt: string, call: (callback: (error?: Error | null) => void) => unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    call((error) => {
      if (error) reject(new Error(`${attempt}: ${error.message}`));
      else resolve();
    });
  });
}

async function makeDirectory(sftp: SFTPWrapper, path: string): Promise<void> {
  const stats = await remoteStat(sftp, path);
  if (stats?.isDirectory()) return;
  if (stats) throw new Error(`remote path ${path} exists but is not a directory`);
  await done(`failed to create remote directory ${path}`, (callback) => {
    sftp.mkdir(path, callback);
  });
}

function copyFile(sftp: SFTPWrapper, from: string, to: string): Promise<void> {
  return done(`failed to copy file ${from} to remote path ${to}`, (callback) => {
    sftp.fastPut(from, to, callback);
  });
}

async function copyDirectory(sftp: SFTPWrapper, from: string, to: string): Promise<void> {
  await makeDirectory(sftp, to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [posix.join(from, entry.name), posix.join(to, entry.name)];
    await (entry.isDirectory() ? copyDirectory : copyFile)(sftp, source, target);
  }
}

/**
 * Copies a file or directory. A directory is copied into the destination under its own name, or, with a trailing slash, only its content is copied; the
 * destination is created if needed. A file is copied into an existing directory; otherwise it becomes, or overwrites, the destination. An archive file is
 * copied without unpacking. Source: `remote/copyController.go`, `sftpCopy`.
 */
async function copyPath(sftp: SFTPWrapper, from: string, to: string): Promise<void> {
  if (!statSync(from).isDirectory()) {
    const into = (await remoteStat(sftp, to))?.isDirectory();
    await copyFile(sftp, from, into ? posix.join(to, posix.basename(from)) : to);
  } else if (from.endsWith("/")) {
    await copyDirectory(sftp, from, to);
  } else {
    await makeDirectory(sftp, to);
    await copyDirectory(sftp, from, posix.join(to, posix.basename(from)));
  }
}

async function copyText(sftp: SFTPWrapper, text: string, to: string): Promise<void> {
  if ((await remoteStat(sftp, to))?.isDirectory()) {
    throw new Error(`remote path ${to} is a directory; when using a text asset, remotePath must be a file path`);
  }
  await done(`failed to write text content to remote path ${to}`, (callback) => {
    sftp.writeFile(to, text, callback);
  });
}

function opened(client: Client): Promise<SFTPWrapper> {
  return new Promise((resolve, reject) => {
    client.once("close", () => {
      reject(new Error("ssh: connection lost"));
    });
    client.sftp((error, sftp) => {
      if (error) reject(error);
      else resolve(sftp);
    });
  });
}

async function copy(inputs: Properties, context: CommandContext): Promise<void> {
  const { connection, source, remotePath } = revealed(inputs) as unknown as CopyInputs;
  await connected(connection, context, async (client) => {
    const sftp = await opened(client);
    // If the connection is lost, or closed by cancellation, the library never calls back.
    const lost = new Promise<never>((_resolve, reject) => {
      client.once("close", () => {
        reject(new Error(context.signal.aborted ? "context canceled" : "ssh: connection lost"));
      });
    });
    const copied = source.path === undefined ? copyText(sftp, source.text ?? "", remotePath) : copyPath(sftp, source.path, remotePath);
    await Promise.race([copied, lost]);
  });
}

/**
 * `command:remote:CopyToRemote`: copies a file, a directory, an archive file or a text over sftp. It copies again if the source's hash or
 * the path changes, but not if only the connection changes. Deleting the resource leaves the copy. Source: `remote/copyController.go`,
 * `@pulumi/command` 1.2.1.
 */
export const copyToRemote: CommandResource = {
  check({ inputs, failures }: Checked): Checked {
    const source = property(inputs, "source");
    if (failures.length > 0 || isUnknown(source)) return { inputs, failures };
    const { path, uri, assets } = revealed(unwrapped(source) ?? {}) as unknown as Source;
    if (isArchive(unwrapped(source))) {
      if (isPresent(path)) return { inputs, failures };
      return { inputs, failures: [{ property: "archive", reason: "archive must be a path to a file or directory" }] };
    }
    if (!isPresent(uri) && assets === undefined) return { inputs, failures };
    return { inputs, failures: [{ property: "asset", reason: "asset must be a path-based file asset or a text asset" }] };
  },
  newId: (_name, preview) => (preview ? "" : randomBytes(4).toString("hex")),
  preview: (inputs) => inputs,
  async create(inputs, context) {
    await copy(inputs, context);
    return inputs;
  },
  async update(state, inputs, context) {
    const [before, after] = [revealed(state), revealed(inputs)] as unknown as readonly CopyInputs[];
    if (after.source.hash !== before.source.hash || after.remotePath !== before.remotePath) await copy(inputs, context);
    return inputs;
  },
};
