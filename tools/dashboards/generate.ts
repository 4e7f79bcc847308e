import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DASHBOARD_TOPICS, type DashboardTopic } from "../../config/grafana/fields";
import { DASHBOARD_MAKERS } from "./all";

const ROOT = join(__dirname, "../..");

/** The file with a topic's dashboard. The installer reads this file, so it does not need to load Grafana's SDK. */
function fileOf(topic: DashboardTopic): string {
  return `cluster-objects/grafana/dashboards/${topic}.json`;
}

function textOf(topic: DashboardTopic): string {
  return `${JSON.stringify(DASHBOARD_MAKERS[topic](), undefined, 2)}\n`;
}

/** Writes the dashboards; with `--check` only compares them with their files. */
function main(argument: string | undefined): void {
  const stale = DASHBOARD_TOPICS.filter((topic) => {
    const path = join(ROOT, fileOf(topic));
    return !existsSync(path) || readFileSync(path, "utf8") !== textOf(topic);
  });
  if (argument !== "--check") {
    for (const topic of stale) writeFileSync(join(ROOT, fileOf(topic)), textOf(topic));
    console.log(stale.length === 0 ? "All dashboards are up to date." : `Written: ${stale.map(fileOf).join(", ")}`);
  } else if (stale.length > 0) {
    console.error(`Out of date with tools/dashboards/: ${stale.map(fileOf).join(", ")}. Run: npx tsx tools/dashboards/generate.ts`);
    process.exitCode = 1;
  }
}

main(process.argv[2]);
