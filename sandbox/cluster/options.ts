import type { HostTools } from "./host-root";
import type { NodeChoice } from "./kubelet/programs";
import type { MasterTools } from "./master-root";
import type { Programs } from "./processes";
import type { VeleroTools } from "./velero/server";

/** The simulator's options, in `<directory>/options.json`. */
export interface SimulatorOptions {
  /** Directory of the emulated AWS. */
  readonly aws: string;
  readonly regions: readonly string[];
  readonly programs: Programs & HostTools & MasterTools & VeleroTools & { readonly "ignition-validate": string; readonly registry: string };
  readonly definitions: string;
  /** Whether clusters get a real node. @default nobody asked for one, and kwok serves all pods */
  readonly node?: NodeChoice;
}
