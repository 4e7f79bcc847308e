import { DashboardBuilder, ThresholdsConfigBuilder, ThresholdsMode } from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder, PromQueryFormat } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as StatBuilder } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as TableBuilder } from "@grafana/grafana-foundation-sdk/table";
import { PanelBuilder as TimeSeriesBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import { BigValueColorMode, BigValueGraphMode, BigValueTextMode, ReduceDataOptionsBuilder } from "@grafana/grafana-foundation-sdk/common";
import { type Dashboard, DATASOURCE } from "../../cluster-objects/grafana/content";

/** A query and the name of its series, which may contain labels as `{{label}}`. */
export interface PanelQuery {
  /** PromQL. `test/facts/metrics.ts` has the source of each metric. */
  readonly expression: string;
  readonly legend: string;
}

interface About {
  readonly title: string;
  /** The consequence, or the command that shows more. */
  readonly description: string;
}

const datasource = { type: DATASOURCE.type, uid: DATASOURCE.uid };

/** Width of a dashboard's grid, the height of large panels, and the size of small panels. */
const COLUMNS = 24;
const HIGH = 8;
const SMALL = { w: COLUMNS / 6, h: 4 };

/** A panel of any type. */
type AnyPanel = StatBuilder | TableBuilder | TimeSeriesBuilder;

/** A panel and its size on the grid. */
interface Sized {
  readonly panel: AnyPanel;
  readonly w: number;
  readonly h: number;
}

/**
 * A dashboard of this project, with its panels from left to right and from top to bottom. Grafana shows no button to change the dashboard,
 * and the operator's next synchronization overwrites any change. The positions are computed here, because the SDK's own arrangement places
 * panels of different widths outside of the grid.
 */
export function dashboard(topic: string, title: string, panels: readonly Sized[]): Dashboard {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the operator writes dashboards of version 1 only
  const made = new DashboardBuilder(title)
    .uid(`okd-aws-${topic}`)
    .tags(["okd-aws"])
    .readonly()
    .time({ from: "now-6h", to: "now" })
    .timezone("browser")
    .refresh("1m");
  let [x, y, height] = [0, 0, panels[0].h];
  for (const { panel, w, h } of panels) {
    // A panel that is too wide for the rest of the row, or has another height, begins a new row.
    if (x + w > COLUMNS || h !== height) [x, y] = [0, y + height];
    made.withPanel(panel.gridPos({ x, y, w, h }));
    [x, height] = [x + w, h];
  }
  // These fields have the form in which Grafana stores them, so that the operator finds no difference (grafana/grafana-operator,
  // `controllers/dashboard_controller.go`, v5.22.2, matchesStateInGrafana).
  return { ...made.build(), templating: { list: [] }, annotations: { list: [] } } as unknown as Dashboard;
}

/** Curves over time, half as wide as the dashboard. */
export function curvesPanel({ title, description }: About, unit: string, queries: readonly PanelQuery[]): Sized {
  const panel = new TimeSeriesBuilder().title(title).description(description).datasource(datasource).unit(unit).min(0);
  for (const [index, { expression, legend }] of queries.entries()) panel.withTarget(target(expression, index).legendFormat(legend).range());
  return { panel, w: COLUMNS / 2, h: HIGH };
}

/**
 * A query for the number of series that meet a comparison. The number is 0 if no series meets it; if there are no series at all, the query
 * has no result.
 */
export function countOf(series: string, comparison: string): string {
  return `count(${series} ${comparison}) or 0 * count(${series})`;
}

/** A panel with one number, which is red from `limit` on. Six such panels are as wide as the dashboard. */
export function countPanel({ title, description }: About, expression: string, limit?: number): Sized {
  const panel = stat({ title, description })
    .thresholds(
      new ThresholdsConfigBuilder()
        .mode(ThresholdsMode.Absolute)
        .steps([{ value: null, color: "green" }, ...(limit === undefined ? [] : [{ value: limit, color: "red" }])]),
    )
    .withTarget(target(expression, 0).instant());
  return { panel, ...SMALL };
}

/** A text that is the value of a label. */
export function labelPanel({ title, description }: About, { expression, legend }: PanelQuery): Sized {
  const panel = stat({ title, description })
    .textMode(BigValueTextMode.Name)
    .colorMode(BigValueColorMode.None)
    .withTarget(target(expression, 0).legendFormat(legend).instant());
  return { panel, ...SMALL };
}

/** A list of series with their labels, as wide as the dashboard. */
export function listPanel({ title, description }: About, expression: string): Sized {
  const panel = new TableBuilder()
    .title(title)
    .description(description)
    .datasource(datasource)
    .noValue("none")
    .withTarget(target(expression, 0).format(PromQueryFormat.Table).instant());
  return { panel, w: COLUMNS, h: HIGH };
}

function stat({ title, description }: About): StatBuilder {
  return new StatBuilder()
    .title(title)
    .description(description)
    .datasource(datasource)
    .graphMode(BigValueGraphMode.None)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(["lastNotNull"]));
}

function target(expression: string, index: number): DataqueryBuilder {
  return new DataqueryBuilder()
    .datasource(datasource)
    .expr(expression)
    .refId(String.fromCharCode("A".charCodeAt(0) + index));
}
