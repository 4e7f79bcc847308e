import type { Distribution } from "../configuration";
import { CLOUD_COMPONENTS } from "./components";
import { CURRENT } from "./current";
import { bootImages } from "./facts";
import { minorNamed } from "./minor";
import type { Source, Sourced } from "./source";
import { type MinorRelease, NEWEST, releasedRows, TABLE } from "./table";

const HEAD = `<!-- Made by config/generate.ts from the table in config/releases/: change it there, then run "make docs". -->

# Releases

What this project knows of each minor release of OKD and OpenShift, and where it was read. \`config/releases/table.ts\` is the table; all code reads it.

- A release that is newer than ${NEWEST} works with what is known of ${NEWEST}, and the preview warns.
- A release candidate, an early preview (\`ec\`) or a nightly build can be installed. The preview warns: stable channels contain no pre-release.
- A fact whose source could not be read is marked **unverified**. The preview warns if the configured release depends on it.
- The examples use ${CURRENT.okd} of OKD and ${CURRENT.openshift} of OpenShift.
`;

const NAMES: Readonly<Record<Distribution, string>> = { okd: "OKD", openshift: "OpenShift" };

/** The text of docs/releases.md. */
export function renderReleases(): string {
  return [HEAD, overview(), components(), ...TABLE.map(section)].join("\n");
}

function overview(): string {
  const rows = releasedRows().map(({ name, distributions, ocMirror }) => {
    const images = (["okd", "openshift"] as const).map((each) => (distributions.includes(each) ? imagesCell(each, name) : "not supported"));
    return `| [${name}](#${anchor(name)}) | ${images.join(" | ")} | ${ocMirror} |`;
  });
  return [
    "## Overview\n",
    "| release | OKD: boot images | OpenShift: boot images | oc-mirror |",
    "|---|---|---|---|",
    ...rows,
    "",
    "Boot images are named by the installer's stream file and the number of AWS regions in which they are published. To other regions of the same partition the program copies one.",
    "",
  ].join("\n");
}

function imagesCell(distribution: Distribution, name: MinorRelease["name"]): string {
  const { value, source } = bootImages(distribution, minorNamed(name));
  return `\`${value.file}\`, ${value.regions.length} regions${source.unverified === undefined ? "" : ", unverified"}`;
}

function components(): string {
  return [
    "## Components with AWS credentials\n",
    "The same in 4.14 to 5.0 with the default feature set. Each has a role in `credentialsMode` manual.\n",
    "| component | secret | service accounts | capability | CredentialsRequest |",
    "|---|---|---|---|---|",
    ...CLOUD_COMPONENTS.map(
      ({ name, secret, serviceAccounts, capability = "", request: [repository, file] }) =>
        `| ${name} | \`${secret.namespace}/${secret.name}\` | ${code(serviceAccounts)} | ${capability} | ${repository}, \`${file}\` |`,
    ),
    "",
  ].join("\n");
}

/** What is new in one minor release. */
function section(row: MinorRelease): string {
  const released = releasedRows().includes(row);
  const facts = [
    fact("capabilities", row.capabilities, (names) => names.join(", ")),
    fact("IAM actions of the masters", row.masterActions, actionsOf),
    fact("IAM actions of components", row.componentActions, actionsOf),
    ...(["okd", "openshift"] as const).map((each) =>
      fact(`boot images of ${NAMES[each]}`, row.images?.[each], ({ file, regions }) => `\`${file}\` in ${regions.join(", ")}`),
    ),
    ...Object.values(row.features ?? {}).map((feature) => fact("can be used from here on", feature, (text) => text)),
    ...(row.defaults ?? []).map((each) => fact("changed default", each, (text) => text)),
  ].flat();
  return [
    `## ${row.name}\n`,
    ...(released ? [] : ["Not released: read in the release's branch.\n"]),
    ...(facts.length === 0 ? ["Nothing that this project uses is new.\n"] : ["| new | fact | read in |", "|---|---|---|", ...facts, ""]),
  ].join("\n");
}

function fact<T>(title: string, entry: Sourced<T> | undefined, show: (value: T) => string): string[] {
  return entry === undefined ? [] : [`| ${title} | ${show(entry.value)} | ${sourceCell(entry.source)} |`];
}

function sourceCell({ repository, file, branch, unverified }: Source): string {
  return `${repository}, ${file} (${branch})${unverified === undefined ? "" : `. **Unverified**: ${unverified}`}`;
}

/** Actions by service: `ec2: AttachVolume, Describe*`. */
function actionsOf(actions: readonly string[]): string {
  const services = [...new Set(actions.map((action) => action.split(":")[0]))];
  const ofService = (service: string) => actions.filter((action) => action.startsWith(`${service}:`)).map((action) => action.split(":")[1]);
  return services.map((service) => `${service}: ${ofService(service).join(", ").replaceAll("*", "\\*")}`).join("; ");
}

function code(texts: readonly string[]): string {
  return texts.map((text) => `\`${text}\``).join(", ");
}

function anchor(name: string): string {
  return name.replaceAll(".", "");
}
