/** A process that listens on an instance. */
export interface Service {
  readonly protocol: "https" | "http" | "tcp";
  /** HTTP status of a path, for example `/readyz`. Never called for a `tcp` service. */
  statusOf(path: string): number;
  /** The certificate chain that an `https` service presents, PEM, its own certificate first. */
  readonly certificate?: string;
}

/** The service that listens on an instance's port now; undefined if there is none. */
export type Listening = (instanceId: string, port: number) => Service | undefined;
