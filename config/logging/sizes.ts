import { isAtLeast, type Minor } from "../releases/minor";
import type { LokiSize } from "./fields";

/** Pods of one component of Loki, with the resource requests and the volumes of each pod. */
export interface LokiComponent {
  /** The component's name in the fields of a LokiStack. */
  readonly name: string;
  readonly pods: number;
  readonly cpuMillis: number;
  readonly memoryMib: number;
  /** Sizes of the volumes of each pod. */
  readonly volumesGib: readonly number[];
}

type Row = Readonly<Record<"compactor" | "distributor" | "gateway" | "indexGateway" | "ingester" | "querier" | "queryFrontend", Request>>;
/** Number of pods, and the requests of each pod in millicores and MiB. */
type Request = readonly [pods: number, cpuMillis: number, memoryMib: number];

/**
 * Sizes in GiB of the volumes of each pod. An ingester has two: the store and the write-ahead log. The components that are not listed have
 * none.
 */
const VOLUMES = { compactor: [10], indexGateway: [50], ingester: [10, 150] };
const DEMO_VOLUMES = { compactor: [10], indexGateway: [10], ingester: [10, 10] };

const NOTHING = 0;

/**
 * Pods and requests of each size (openshift/loki, `operator/internal/manifests/internal/sizes.go`, release-6.6). The ruler is left out: no
 * LokiStack of this program has rules.
 */
const NEWEST: Readonly<Record<LokiSize, Row>> = {
  "1x.demo": {
    compactor: [1, NOTHING, NOTHING],
    distributor: [1, NOTHING, NOTHING],
    gateway: [2, NOTHING, NOTHING],
    indexGateway: [1, NOTHING, NOTHING],
    ingester: [1, NOTHING, NOTHING],
    querier: [1, NOTHING, NOTHING],
    queryFrontend: [1, NOTHING, NOTHING],
  },
  "1x.pico": {
    compactor: [1, 500, 500],
    distributor: [2, 500, 500],
    gateway: [2, 500, 500],
    indexGateway: [2, 150, 250],
    ingester: [3, 500, 3072],
    querier: [2, 750, 1536],
    queryFrontend: [2, 500, 500],
  },
  "1x.extra-small": {
    compactor: [1, 1000, 2048],
    distributor: [2, 1000, 1024],
    gateway: [2, 500, 500],
    indexGateway: [2, 500, 1024],
    ingester: [3, 1000, 5376],
    querier: [2, 1500, 3072],
    queryFrontend: [2, 1000, 1024],
  },
  "1x.small": {
    compactor: [1, 2000, 4096],
    distributor: [2, 2000, 2048],
    gateway: [2, 1000, 1024],
    indexGateway: [2, 1000, 2048],
    ingester: [3, 2500, 13_568],
    querier: [2, 4000, 4096],
    queryFrontend: [2, 4000, 2560],
  },
  "1x.medium": {
    compactor: [1, 2000, 4096],
    distributor: [2, 2000, 2048],
    gateway: [2, 1000, 1024],
    indexGateway: [2, 1000, 2048],
    ingester: [3, 6000, 30_720],
    querier: [3, 6000, 10_240],
    queryFrontend: [2, 4000, 2560],
  },
};

/**
 * The first release in which 1x.extra-small and 1x.small have three ingesters, which are smaller than the two ingesters
 * of earlier releases (`sizes.go`, release-6.5 and release-6.6).
 */
const THREE_INGESTERS = "6.6";
const TWO_INGESTERS: Readonly<Partial<Record<LokiSize, Request>>> = { "1x.extra-small": [2, 2000, 8192], "1x.small": [2, 4000, 20_480] };

/**
 * The components of a size.
 *
 * @param version minor version of the Loki operator; if undefined, the newest known version is used
 */
export function lokiComponents(size: LokiSize, version: Minor | undefined): readonly LokiComponent[] {
  const row = NEWEST[size];
  const earlier = version === undefined || isAtLeast(version, THREE_INGESTERS) ? undefined : TWO_INGESTERS[size];
  const volumes: Readonly<Record<string, readonly number[]>> = size === "1x.demo" ? DEMO_VOLUMES : VOLUMES;
  return Object.entries({ ...row, ...(earlier && { ingester: earlier }) }).map(([name, [pods, cpuMillis, memoryMib]]) => ({
    name,
    pods,
    cpuMillis,
    memoryMib,
    volumesGib: volumes[name] ?? [],
  }));
}
