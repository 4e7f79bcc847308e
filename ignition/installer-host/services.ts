import type { HostFile, HostUnit } from "./ignition-config";

/** A secret whose files the host fetches with its instance role, at boot and when it changes. */
export interface SecretFiles {
  readonly arn: string;
  /** Directory for the files; only root can read it. */
  readonly directory: string;
  /** Units to restart after a change. @default none */
  readonly units?: readonly string[];
}

/** Files, secrets and units of further services on the host. */
export interface HostServices {
  readonly files: readonly HostFile[];
  readonly secrets: readonly SecretFiles[];
  readonly units: readonly HostUnit[];
}

/** Joins the files, secrets and units of several services, in their order. */
export function joinServices(services: readonly HostServices[]): HostServices {
  return {
    files: services.flatMap(({ files }) => files),
    secrets: services.flatMap(({ secrets }) => secrets),
    units: services.flatMap(({ units }) => units),
  };
}
