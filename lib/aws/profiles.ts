import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** A profile's settings, such as `aws_access_key_id` and `source_profile`. */
export type Profile = Readonly<Record<string, string | undefined>>;

/** The files that AWS SDKs read profiles from (AWS SDKs and Tools reference guide, "Location of the shared config and credentials files"). */
export function profileFiles(): { readonly config: string; readonly credentials: string } {
  const directory = join(homedir(), ".aws");
  return {
    config: process.env.AWS_CONFIG_FILE || join(directory, "config"),
    credentials: process.env.AWS_SHARED_CREDENTIALS_FILE || join(directory, "credentials"),
  };
}

/** A profile's settings from both files. If both have a setting, the credentials file wins. Undefined if neither file has the profile. */
export function profileOf(name: string): Profile | undefined {
  const { config, credentials } = profileFiles();
  const inConfig = section(config, name === "default" ? ["default", "profile default"] : [`profile ${name}`]);
  const inCredentials = section(credentials, [name]);
  return inConfig === undefined && inCredentials === undefined ? undefined : { ...inConfig, ...inCredentials };
}

function section(file: string, names: readonly string[]): Profile | undefined {
  if (!existsSync(file)) return undefined;
  let settings: Record<string, string> | undefined;
  let within = false;
  for (const line of readFileSync(file, "utf8").split(/\r?\n/)) {
    const title = /^\[([^\]]{1,200})\]/.exec(line.trim())?.[1];
    if (title !== undefined) within = names.includes(title.trim().replaceAll(/\s{1,20}/g, " "));
    if (!within) continue;
    settings ??= {};
    const equals = line.indexOf("=");
    // An indented line belongs to a nested setting, such as `s3`.
    if (equals > 0 && !/^\s/.test(line)) settings[line.slice(0, equals).trim().toLowerCase()] = line.slice(equals + 1).trim();
  }
  return settings;
}
