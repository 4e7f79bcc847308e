/** A process that listens on a machine. */
export interface Service {
  readonly protocol: "https" | "http" | "tcp";
  /** HTTP status of a path, as `/readyz`; of a `tcp` service never asked. */
  statusOf(path: string): number;
  /** Certificates that an `https` service shows, PEM, its own first. */
  readonly certificate?: string;
}

/** What listens on a machine's port now; undefined where nothing does. */
export type Listening = (instanceId: string, port: number) => Service | undefined;
